/**
 * The algorithms against pymoo's, with its populations, generations and seeds (`../shared/reference/pymoo.json`): IGD+ and
 * hypervolume of the final feasible non-dominated solutions in objectives normalised by the reference front, reference
 * point 1.1, and one-sided Wilcoxon rank-sum tests over the seeds.
 *
 *     node dist/benchmarks/algorithms.js [--seeds 11]
 */
import { existsSync, readFileSync } from 'node:fs';
import { median } from 'simple-statistics';
import { problems } from '../problems/index.js';
import {
  type Algorithm,
  algorithms,
  evolve,
  hypervolume,
  invertedGenerationalDistancePlus,
  numericFunction,
  type Population,
  randomOf,
} from '../src/index.js';
import { markdown, option, publish, repository } from './report.js';
import { rankSumP } from './wilcoxon.js';

interface PymooRecord {
  readonly algorithm: 'CTAEA' | 'NSGA2' | 'NSGA3';
  readonly problem: string;
  readonly popSize: number;
  readonly generations: number;
  readonly igdPlusNormalised: readonly (number | null)[];
  readonly hv: readonly number[];
}

const reference = `${repository}../shared/reference/`;
if (!existsSync(reference)) {
  console.error(`this benchmark compares with ${reference}, which is not there`);
  process.exit(1);
}
const { library, records } = JSON.parse(readFileSync(`${reference}pymoo.json`, 'utf8')) as {
  library: string;
  records: readonly PymooRecord[];
};
const seeds = option('seeds', 11);
const rows: string[][] = [];
let against = 0;
let inFavour = 0;
for (const record of records) {
  const results = Array.from({ length: seeds }, (_, i) => measure(record, i + 1));
  const ours = { igdPlus: results.map(({ igdPlus }) => igdPlus), hv: results.map(({ hv }) => hv) };
  const theirs = {
    igdPlus: record.igdPlusNormalised.map((value) => value ?? Number.POSITIVE_INFINITY),
    hv: record.hv,
  };
  const verdicts = [verdict(ours.igdPlus, theirs.igdPlus), verdict(theirs.hv, ours.hv)];
  against += verdicts.filter((word) => word === 'worse').length;
  inFavour += verdicts.filter((word) => word === 'better').length;
  rows.push([
    record.algorithm,
    record.problem,
    `${median(ours.igdPlus).toPrecision(4)} / ${median(theirs.igdPlus).toPrecision(4)}`,
    verdicts[0],
    `${median(ours.hv).toPrecision(5)} / ${median(theirs.hv).toPrecision(5)}`,
    verdicts[1],
    (median(results.map(({ seconds }) => seconds)) * 1000).toFixed(0),
  ]);
  console.error(rows.at(-1)!.join('  '));
}

publish('algorithms', 'The algorithms against pymoo', [
  `${library}, at its settings. Medians of seeds 1 to ${seeds}, ours / pymoo's; *better* and *worse*: a one-sided Wilcoxon rank-sum test at 5 %. ` +
    `Lower IGD+ and higher hypervolume are better.`,
  markdown(['algorithm', 'problem', 'IGD+', '', 'hypervolume', '', 'CPU ms a run'], rows),
  `Of ${2 * rows.length} comparisons ${inFavour} are better and ${against} worse.`,
]);

function measure({ algorithm, problem, popSize, generations }: PymooRecord, seed: number) {
  const name = problem.toLowerCase().replace(/^(c\d)/, '$1-');
  const instance = problems.find((entry) => entry.name === name)!.create();
  const shape = {
    variables: instance.space.length,
    objectives: instance.objectives.length,
    constraints: instance.constraints.length,
  };
  const started = process.cpuUsage();
  const result = evolve(
    algorithms[algorithm.toLowerCase() as 'ctaea'] as Algorithm<never>,
    instance.space,
    shape,
    { populationSize: popSize, generations },
    numericFunction(instance),
    randomOf(seed, 'benchmark', name),
  );
  const { user, system } = process.cpuUsage(started);
  const front = frontOf(problem);
  const points = normalised(result, front);
  const m = shape.objectives;
  return {
    igdPlus: invertedGenerationalDistancePlus(
      points,
      points.length / m,
      front.points,
      front.points.length / m,
      m,
    ),
    hv: hypervolume(points, points.length / m, Array<number>(m).fill(1.1)),
    seconds: (user + system) / 1e6,
  };
}

/** The reference front, row-major, in units of its own ideal and nadir point. */
function frontOf(problem: string) {
  const rows = readFileSync(`${reference}fronts/${problem}.csv`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const axes = rows[0].map((_, j) => rows.map((row) => row[j]));
  const ideal = axes.map((values) => Math.min(...values));
  const width = axes.map((values, j) => Math.max(...values) - ideal[j]);
  return {
    points: rows.flatMap((row) => row.map((value, j) => (value - ideal[j]) / width[j])),
    ideal,
    width,
  };
}

/** The feasible solutions in the units of the front. Dominated ones change neither measure. */
function normalised(
  { f, cv, size, objectives: m }: Population,
  { ideal, width }: ReturnType<typeof frontOf>,
): number[] {
  const points: number[] = [];
  for (let i = 0; i < size; i++)
    if (cv[i] <= 0) for (let j = 0; j < m; j++) points.push((f[i * m + j] - ideal[j]) / width[j]);
  return points;
}

/** Whether `ours` tends to be smaller. */
function verdict(ours: readonly number[], theirs: readonly number[]): string {
  if (rankSumP(theirs, ours) < 0.05) return 'better';
  return rankSumP(ours, theirs) < 0.05 ? 'worse' : '';
}
