import type { Algorithm, Batch } from '../algorithm.js';
import { evolve } from '../algorithms/evolve.js';
import type { Evaluation } from '../archive.js';
import { frontOf } from '../archive.js';
import { randomOf, seedOf } from '../math/random.js';
import { hasRow } from '../operators/duplicates.js';
import { latinHypercube, uniformSample } from '../operators/sampling.js';
import type { Population } from '../population.js';
import type { Problem } from '../problem.js';
import { nondominated } from '../ranking/nondominated-sort.js';
import type { Space } from '../space.js';
import { regressors } from './catalogue.js';
import { type Encoding, encodingOf } from './encoding.js';
import { pickByHypervolume } from './infill.js';
import { type Selection, type SelectionMetric, selectRegressor } from './select.js';

/** How one output of the problem, an objective or a constraint, is to be modelled. */
export interface Target {
  readonly name: string;
  readonly metric: SelectionMetric;
}

export interface SurrogateOptions {
  /** One entry an objective, then one a constraint, in the order of the problem. */
  readonly targets: readonly Target[];
  /** Solves the surrogate problem. */
  readonly algorithm: Algorithm;
  readonly populationSize: number;
  readonly generations: number;
  /** Infill points a round. */
  readonly infill: number;
  readonly seed: number;
}

/** The regressor chosen for one output in one round. `score` is smaller for better; null when chosen at random. */
export interface ModelRecord extends Omit<Selection, 'predictor' | 'name'> {
  readonly round: number;
  readonly name: string;
  readonly regressor: string;
}

export interface Infill extends Batch {
  readonly models: readonly ModelRecord[];
}

/** The initial sample: a Latin hypercube without duplicates; smaller than `count` only where the space is. */
export function initialSample(space: Space, count: number, seed: number): Batch {
  const random = randomOf(seed, 'initial sample');
  const sample = latinHypercube(space, count, random);
  const x = new Float64Array(sample.length);
  let rows = 0;
  for (let i = 0; i < count; i++) {
    let row = sample.subarray(i * space.length, (i + 1) * space.length);
    for (let attempt = 0; attempt < 100 && hasRow(x, rows, row, 0, space.length); attempt++)
      row = uniformSample(space, 1, random);
    if (hasRow(x, rows, row, 0, space.length)) continue;
    x.set(row, rows * space.length);
    rows++;
  }
  return { x: x.subarray(0, rows * space.length), count: rows };
}

/**
 * One round of surrogate-assisted search. For each objective and each constraint a regressor is chosen from the pool by
 * cross-validation under its own metric and fitted to every measured evaluation; `algorithm` minimises the predictions for
 * `generations` generations; `infill` points are picked from the non-dominated, by prediction feasible
 * solutions that it found and that were never evaluated (see {@link pickByHypervolume}). Where there are too few of these,
 * solutions of smallest predicted violation and then points drawn uniformly make up the number.
 *
 * Failed evaluations have no values to learn from. Once there is one, a further regressor learns where evaluations fail (1)
 * and where they do not (0), and a constraint keeps the search to where it predicts less than 1/2.
 *
 * A function of its arguments alone: the evaluations, the options and the number of the round decide the result bit for bit.
 */
export function proposeInfill(
  problem: Problem,
  evaluations: readonly Evaluation[],
  options: SurrogateOptions,
  round: number,
): Infill {
  const { space } = problem;
  const known = Float64Array.from(evaluations.flatMap(({ x }) => [...x]));
  const isNew = (x: Float64Array, row: number) => !hasRow(known, evaluations.length, x, row, space.length);
  const picked: number[][] = [];
  const models: ModelRecord[] = [];
  if (evaluations.some(({ error }) => error === null)) {
    const targets = evaluations.some(({ error }) => error !== null)
      ? [...options.targets, FAILURE]
      : options.targets;
    const selections = fitTargets(space, evaluations, targets, options.seed, round);
    selections.forEach(({ predictor: _, name, ...selection }, t) => {
      models.push({ round, name: targets[t].name, regressor: name, ...selection });
    });
    const solved = solveSurrogate(problem, evaluations, options, round, selections);
    picked.push(...pick(solved, evaluations, options.infill, isNew));
  }
  explore(space, picked, options, round, isNew);
  return { x: Float64Array.from(picked.flat()), count: picked.length, models };
}

/** The further output: whether an evaluation fails. */
const FAILURE: Target = { name: 'evaluation fails', metric: 'mse' };

function fitTargets(
  space: Space,
  evaluations: readonly Evaluation[],
  targets: readonly Target[],
  seed: number,
  round: number,
): Selection[] {
  const measured = evaluations.filter(({ error }) => error === null);
  const encoding = encodingOf(space);
  const encoded = encodeAll(encoding, measured);
  return targets.map((target, t) => {
    const failure = target === FAILURE;
    const samples = failure ? evaluations : measured;
    const y = Float64Array.from(samples, ({ f, g, error }) =>
      failure ? Number(error !== null) : t < f.length ? f[t] : g[t - f.length],
    );
    const x = failure ? encodeAll(encoding, evaluations) : encoded;
    const fold = seedOf(seed, 'regressor', round, target.name);
    return selectRegressor(regressors, x, y, samples.length, encoding.width, target.metric, fold);
  });
}

function encodeAll(encoding: Encoding, evaluations: readonly Evaluation[]): Float64Array {
  const x = Float64Array.from(evaluations.flatMap((evaluation) => [...evaluation.x]));
  const encoded = new Float64Array(evaluations.length * encoding.width);
  encoding.encode(x, evaluations.length, encoded);
  return encoded;
}

function solveSurrogate(
  problem: Problem,
  evaluations: readonly Evaluation[],
  { algorithm, populationSize, generations, seed }: SurrogateOptions,
  round: number,
  selections: readonly Selection[],
): Population {
  const { space } = problem;
  const m = problem.objectives.length;
  // The constraints of the problem, and one more where failures were learnt.
  const k = selections.length - m;
  const encoding = encodingOf(space);
  const encoded = new Float64Array(populationSize * encoding.width);
  const column = new Float64Array(populationSize);
  const front = frontOf(evaluations).slice(-Math.floor(populationSize / 2));
  const seeds = { x: Float64Array.from(front.flatMap((i) => [...evaluations[i].x])), count: front.length };
  return evolve(
    algorithm,
    space,
    { variables: space.length, objectives: m, constraints: k },
    { populationSize, generations, seeds },
    (x, count, f, g) => {
      encoding.encode(x, count, encoded);
      selections.forEach(({ predictor }, t) => {
        predictor.predict(encoded, count, column);
        const [out, width, offset] = t < m ? [f, m, t] : [g, k, t - m];
        const shift = t - m === problem.constraints.length ? -0.5 : 0;
        for (let i = 0; i < count; i++) out[i * width + offset] = column[i] + shift;
      });
    },
    randomOf(seed, 'surrogate problem', round),
  );
}

/** Rows of the solved population that are worth paying for, best first. */
function pick(
  solved: Population,
  evaluations: readonly Evaluation[],
  k: number,
  isNew: (x: Float64Array, row: number) => boolean,
): number[][] {
  const { variables: n, objectives: m } = solved;
  const rowOf = (row: number) => [...solved.x.subarray(row * n, (row + 1) * n)];
  const fresh: number[] = [];
  for (let i = 0; i < solved.size; i++) if (isNew(solved.x, i)) fresh.push(i);
  const feasible = fresh.filter((i) => solved.cv[i] <= 0);
  const candidates = nondominated(solved.f, m, feasible, feasible.length).map(
    (position) => feasible[position],
  );
  const measuredFront = frontOf(evaluations);
  const chosen = pickByHypervolume(
    {
      f: Float64Array.from(candidates.flatMap((i) => [...solved.f.subarray(i * m, (i + 1) * m)])),
      count: candidates.length,
    },
    {
      f: Float64Array.from(measuredFront.flatMap((i) => [...evaluations[i].f])),
      count: measuredFront.length,
    },
    k,
    m,
  ).map((c) => candidates[c]);
  const leastViolating = fresh
    .filter((i) => !chosen.includes(i))
    .sort((a, b) => solved.cv[a] - solved.cv[b] || a - b);
  return [...chosen, ...leastViolating].slice(0, k).map(rowOf);
}

/** Adds points drawn uniformly until there are enough; fewer only when the space seems exhausted. */
function explore(
  space: Space,
  picked: number[][],
  { infill, seed }: SurrogateOptions,
  round: number,
  isNew: (x: Float64Array, row: number) => boolean,
): void {
  const random = randomOf(seed, 'exploration', round);
  for (let attempt = 0; attempt < 1000 && picked.length < infill; attempt++) {
    const x = uniformSample(space, 1, random);
    const repeated = picked.some((row) => row.every((value, v) => value === x[v]));
    if (!repeated && isNew(x, 0)) picked.push([...x]);
  }
}
