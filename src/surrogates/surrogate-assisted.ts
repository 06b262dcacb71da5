import type { Algorithm } from '../algorithm.js';
import { evolve } from '../algorithms/evolve.js';
import { type Evaluation, frontOf } from '../archive.js';
import { randomOf, seedOf } from '../math/random.js';
import type { Population } from '../population.js';
import type { Problem } from '../problem.js';
import type { Space } from '../space.js';
import { type Outlooks, outlookOf } from './auto/outlook.js';
import { pickByImprovement } from './auto/pick-by-improvement.js';
import { crossValidate, type Validation } from './cross-validation.js';
import { encodeAll, encodingOf } from './encoding.js';
import { exploreFarthest, exploreUniformly, shareOfRound } from './exploration.js';
import type { InfillRule, OwnInfillRule } from './infill.js';
import { type OwnMetric, scores } from './metrics.js';
import type { Infill, ModelRecord } from './model-record.js';
import { pickFromFront } from './pick-from-front.js';
import type { Regressor } from './regressor.js';
import { type Selection, type SelectionMetric, selectRegressor } from './select.js';

/** How one output of the problem, an objective or a constraint, is to be modelled. */
export interface Target {
  readonly name: string;
  readonly metric: SelectionMetric | OwnMetric;
}

export interface SurrogateOptions {
  /** One entry an objective, then one a constraint, in the order of the problem. */
  readonly targets: readonly Target[];
  /** What is selected from; no two of one name. */
  readonly regressors: readonly Regressor[];
  /** Solves the surrogate problem. */
  readonly algorithm: Algorithm;
  readonly populationSize: number;
  readonly generations: number;
  /** Infill points a round. */
  readonly infill: number;
  readonly infillRule: InfillRule | OwnInfillRule;
  /** The share of all infill points that go where nothing was tried. */
  readonly exploration: number;
  /** Of the cross-validation that selects regressors. */
  readonly folds: Validation;
  readonly seed: number;
}

/**
 * One round of surrogate-assisted search. For each objective and each constraint a regressor is chosen from the pool by
 * cross-validation under its own metric and fitted to every measured evaluation; `algorithm` minimises the predictions for
 * `generations` generations; `infill` points are picked by the rule (see `infillRules`), as a rule from the non-dominated, by
 * prediction feasible solutions that it found and that were never evaluated (see `pickFromFront`), less those that explore
 * (see `exploreFarthest`). Where there are too few, points drawn uniformly make up the number.
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
  const { infill, seed } = options;
  const known = evaluations.map(({ x }) => x);
  const random = randomOf(seed, 'exploration', round);
  const picked: Float64Array[] = [];
  const models: ModelRecord[] = [];
  if (evaluations.some(({ error }) => error === null)) {
    const targets = evaluations.some(({ error }) => error !== null)
      ? [...options.targets, FAILURE]
      : options.targets;
    const fitted = fitTargets(space, evaluations, targets, options, round);
    fitted.forEach(({ selection: { predictor: _, name, ...selection } }, t) => {
      models.push({ round, name: targets[t].name, regressor: name, ...selection });
    });
    const solved = solveSurrogate(problem, evaluations, options, round, fitted);
    const exploring = shareOfRound(options.exploration, infill, round);
    const chosen = { infill: infill - exploring, seed };
    picked.push(
      ...(options.infillRule === 'expected-hypervolume'
        ? pickByImprovement(problem, evaluations, outlooksOf(problem, fitted), solved, chosen, round)
        : pickFromFront(space, solved, evaluations, chosen.infill, options.infillRule)),
    );
    exploreFarthest(space, known, picked, exploring, random);
  }
  exploreUniformly(space, known, picked, infill, random);
  return { x: Float64Array.from(picked.flatMap((x) => [...x])), count: picked.length, models };
}

/** What the regressors expect; for those that cannot tell, the errors of their cross-validation say how sure they are. */
function outlooksOf(problem: Problem, fitted: readonly Fitted[]): Outlooks {
  const m = problem.objectives.length;
  const outlooks = fitted.map(({ selection, uncertainty }, t) =>
    outlookOf(
      selection.predictor,
      t - m === problem.constraints.length ? 0.5 : 0,
      selection.predictor.hasVariance ? 0 : uncertainty(),
    ),
  );
  return {
    objectives: outlooks.slice(0, m),
    constraints: outlooks.slice(m),
    failure: outlooks[m + problem.constraints.length] ?? null,
    cost: null,
  };
}

interface Fitted {
  readonly selection: Selection;
  /** The mean squared error of the regressor in cross-validation, without transform; that of the mean where it has none. */
  uncertainty(): number;
}

/** The further output: whether an evaluation fails. */
const FAILURE: Target = { name: 'evaluation fails', metric: 'mse' };

function fitTargets(
  space: Space,
  evaluations: readonly Evaluation[],
  targets: readonly Target[],
  { regressors, seed, folds }: SurrogateOptions,
  round: number,
): Fitted[] {
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
    const validation = {
      seed: seedOf(seed, 'regressor', round, target.name),
      variable: encoding.variable,
      folds,
    };
    const selection = selectRegressor(regressors, x, y, y.length, encoding.width, target.metric, validation);
    return {
      selection,
      uncertainty() {
        const pool = regressors.filter(({ name }) => name === selection.name);
        const predictions = crossValidate(pool, x, y, y.length, encoding.width, validation)[0]?.predictions;
        const mean = y.reduce((sum, value) => sum + value / y.length, 0);
        return scores.mse(y, predictions ?? y.map(() => mean));
      },
    };
  });
}

function solveSurrogate(
  problem: Problem,
  evaluations: readonly Evaluation[],
  { algorithm, populationSize, generations, seed }: SurrogateOptions,
  round: number,
  fitted: readonly Fitted[],
): Population {
  const { space } = problem;
  const m = problem.objectives.length;
  // The constraints of the problem, and one more where failures were learnt.
  const k = fitted.length - m;
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
      fitted.forEach(({ selection }, t) => {
        selection.predictor.predict(encoded, count, column);
        const [out, width, offset] = t < m ? [f, m, t] : [g, k, t - m];
        const shift = t - m === problem.constraints.length ? -0.5 : 0;
        for (let i = 0; i < count; i++) out[i * width + offset] = column[i] + shift;
      });
    },
    randomOf(seed, 'surrogate problem', round),
  );
}
