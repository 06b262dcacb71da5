/**
 * Ideal and nadir points of problems whose fronts nobody has derived, and the hypervolume between them: of what is feasible and
 * non-dominated of the last generations of NSGA-II and NSGA-III on all objectives, three seeds each, and of NSGA-II on each
 * objective alone and on all but one, where the far ends of a front lie (with three objectives its nadir point is that of the fronts
 * of two: Ehrgott and Tenfelde-Podehl, EJOR 151(1), 2003). They are what was found, not what there is. The catalogue keeps them (of RE42 those of
 * its authors), and says so.
 *
 *     node dist/benchmarks/reference-points.js [--problems re31,re32] [--population 300] [--generations 500] [--seeds 3]
 */
import { problems } from '../problems/index.js';
import {
  type Algorithm,
  evolve,
  hypervolume,
  nondominatedSort,
  nsga2,
  nsga3,
  numericFunction,
  type Population,
  type Problem,
} from '../src/index.js';
import { listOption, markdown, option, publish } from './report.js';

const names = listOption(
  'problems',
  problems.filter(({ front }) => front === undefined).map(({ name }) => name),
);
const populationSize = option('population', 300);
const generations = option('generations', 500);
const seeds = option('seeds', 3);

/** The hypervolume of more objectives takes too long on so many points. */
const MEASURED = 5;

/** Of all objectives, each scaled to 1, that a run on some of them heeds. */
const SHARE = 1e-6;

const rows: string[][] = [];
for (const name of names) {
  const started = process.cpuUsage();
  const entry = problems.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`no problem is named ${name}`);
  const problem = entry.create();
  const m = problem.objectives.length;
  const shape = {
    variables: problem.space.length,
    objectives: m,
    constraints: problem.constraints.length,
  };
  const run = <S>(algorithm: Algorithm<S>, seed: number) =>
    evolve(algorithm, problem.space, shape, { populationSize, generations }, numericFunction(problem), seed);
  const found: number[] = [];
  for (let seed = 1; seed <= seeds; seed++)
    for (const last of [run(nsga2, seed), run(nsga3, seed)]) found.push(...feasible(last));
  const box = extremes(nondominated(found, m), m);
  const all = Array.from({ length: m }, (_, j) => j);
  for (let seed = 1; seed <= seeds; seed++)
    for (const j of all) {
      found.push(...ofSome(problem, [j], box, seed));
      found.push(
        ...ofSome(
          problem,
          all.filter((k) => k !== j),
          box,
          seed,
        ),
      );
    }
  const points = nondominated(found, m);
  const { ideal, nadir } = extremes(points, m);
  const scaled = Float64Array.from(points, (v, i) => (v - ideal[i % m]) / (nadir[i % m] - ideal[i % m]));
  const count = points.length / m;
  const volume = m <= MEASURED ? hypervolume(scaled, count, Array<number>(m).fill(1.1)) : Number.NaN;
  const { user, system } = process.cpuUsage(started);
  rows.push([
    name,
    String(count),
    ideal.map(figure).join(', '),
    nadir.map(figure).join(', '),
    Number.isNaN(volume) ? '' : volume.toFixed(4),
    ((user + system) / 1e6).toFixed(0),
  ]);
  console.error(rows[rows.length - 1].join(' | '));
}
publish('reference-points', 'Reference points of fronts that nobody has derived', [
  `Of what is feasible and non-dominated of the last generations of NSGA-II and NSGA-III, seeds 1 to ${seeds}, populations of ${populationSize}, ${generations} generations; and of NSGA-II on each objective alone and on all but one, with a millionth of the others; the hypervolume after \`(f - ideal) / (nadir - ideal)\`, reference point 1.1.`,
  markdown(['problem', 'points', 'ideal', 'nadir', 'hypervolume', 'CPU seconds'], rows),
]);

/**
 * What a run on some of the objectives ends with. A small share of all objectives is added to each, so that of solutions that are
 * equal in those, or all but equal, the better in the others is found.
 */
function ofSome(problem: Problem, some: readonly number[], box: Box, seed: number): number[] {
  const m = problem.objectives.length;
  const all = numericFunction(problem);
  const { length: variables } = problem.space;
  const constraints = problem.constraints.length;
  const width = box.nadir.map((worst, j) => worst - box.ideal[j]);
  const f = new Float64Array(populationSize * m);
  const { x, cv, size } = evolve(
    nsga2,
    problem.space,
    { variables, objectives: some.length, constraints },
    { populationSize, generations },
    (x, count, kept, g) => {
      all(x, count, f, g);
      for (let i = 0; i < count; i++) {
        let share = 0;
        for (let j = 0; j < m; j++) share += (SHARE * (f[i * m + j] - box.ideal[j])) / width[j];
        some.forEach((j, k) => {
          kept[i * some.length + k] = f[i * m + j] + share * width[j];
        });
      }
    },
    seed,
  );
  all(x.subarray(0, size * variables), size, f, new Float64Array(size * constraints));
  return feasible({ f, cv, size, objectives: m });
}

function feasible({
  f,
  cv,
  size,
  objectives: m,
}: Pick<Population, 'f' | 'cv' | 'size' | 'objectives'>): number[] {
  const values: number[] = [];
  for (let i = 0; i < size; i++) if (cv[i] <= 0) values.push(...f.subarray(i * m, (i + 1) * m));
  return values;
}

function nondominated(f: readonly number[], m: number): number[] {
  const all = Array.from({ length: f.length / m }, (_, i) => i);
  const rank = new Int32Array(all.length);
  nondominatedSort(f, m, all, all.length, rank);
  return all.flatMap((i) => (rank[i] === 0 ? f.slice(i * m, (i + 1) * m) : []));
}

interface Box {
  readonly ideal: number[];
  readonly nadir: number[];
}

function extremes(points: readonly number[], m: number): Box {
  const ideal = Array<number>(m).fill(Number.POSITIVE_INFINITY);
  const nadir = Array<number>(m).fill(Number.NEGATIVE_INFINITY);
  points.forEach((value, i) => {
    ideal[i % m] = Math.min(ideal[i % m], value);
    nadir[i % m] = Math.max(nadir[i % m], value);
  });
  return { ideal, nadir };
}

function figure(value: number): string {
  return String(Number(value.toPrecision(8)));
}
