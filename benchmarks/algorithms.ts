/**
 * The algorithms against pymoo's, with its populations, generations and seeds (`../shared/reference/pymoo.json`): IGD+ and
 * hypervolume of the final feasible non-dominated solutions in objectives normalised by the reference front, reference
 * point 1.1, and one-sided Wilcoxon rank-sum tests over the seeds.
 *
 *     node dist/benchmarks/algorithms.js [--seeds 11] [--problem NAME ...]
 *
 * With problems of the catalogue it measures those alone, recorded or not, and keeps no result. What pymoo has no figures of
 * runs with the settings recorded for problems of as many objectives.
 */
import { existsSync, readFileSync } from 'node:fs';
import { median } from 'simple-statistics';
import { type CatalogueEntry, problems } from '../problems/index.js';
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
import { normalised, type ReferenceFront, referenceFront } from './reference-front.js';
import { markdown, option, publish, repository, wordsGiven } from './report.js';
import { rankSumP } from './wilcoxon.js';

/** In place of a verdict where pymoo has no figures. */
const UNKNOWN = '–';

interface Setting {
  readonly algorithm: 'CTAEA' | 'NSGA2' | 'NSGA3';
  readonly popSize: number;
  readonly generations: number;
}

interface PymooRecord extends Setting {
  readonly problem: string;
  readonly igdPlusNormalised: readonly (number | null)[];
  readonly hv: readonly number[];
}

interface Measure {
  readonly igdPlus: readonly number[];
  readonly hv: readonly number[];
}

const PAIRS: readonly Setting[] = [
  { algorithm: 'CTAEA', popSize: 50, generations: 200 },
  { algorithm: 'NSGA2', popSize: 100, generations: 200 },
];
const MORE: readonly Setting[] = [
  { algorithm: 'CTAEA', popSize: 91, generations: 250 },
  { algorithm: 'NSGA3', popSize: 91, generations: 250 },
];

const reference = `${repository}../shared/reference/`;
const { library, records } = recorded();
const wanted = wordsGiven('problem');
const seeds = option('seeds', 11);
const names = wanted.length > 0 ? wanted : [...new Set(records.map(({ problem }) => nameOf(problem)))];
const rows = names.flatMap(rowsOf).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
const verdicts = rows.flatMap((row) => [row[3], row[5]]);
const count = (word: string) => verdicts.filter((verdict) => verdict === word).length;

publish(
  'algorithms',
  'The algorithms against pymoo',
  [
    `${library}, at its settings. Medians of seeds 1 to ${seeds}, ours / pymoo's; *better* and *worse*: a one-sided Wilcoxon rank-sum test at 5 %. ` +
      `Lower IGD+ and higher hypervolume are better.`,
    ...(wanted.length > 0
      ? [
          'Where no figures are known, the settings are those recorded for as many objectives; where no front is, it is the best of these runs.',
        ]
      : []),
    markdown(['algorithm', 'problem', 'IGD+', '', 'hypervolume', '', 'CPU ms a run'], rows),
    `Of ${verdicts.filter((word) => word !== UNKNOWN).length} comparisons ${count('better')} are better and ${count('worse')} worse.`,
  ],
  wanted.length === 0,
);

function recorded(): { library: string; records: readonly PymooRecord[] } {
  const file = `${reference}pymoo.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  if (wordsGiven('problem').length > 0) return { library: 'pymoo (no figures here)', records: [] };
  console.error(`this benchmark compares with ${reference}, which is not there; --problem NAME goes without`);
  process.exit(1);
}

/** One row of the table an algorithm. */
function rowsOf(name: string): string[][] {
  const entry = problems.find((known) => known.name === name);
  if (!entry) {
    console.error(`a problem must be one of ${problems.map((known) => known.name).join(', ')}; got ${name}`);
    process.exit(1);
  }
  const known = records.filter(({ problem }) => nameOf(problem) === name);
  const usual = wanted.length === 0 ? [] : entry.create().objectives.length > 2 ? MORE : PAIRS;
  const others = usual.filter((setting) => !known.some(({ algorithm }) => algorithm === setting.algorithm));
  const settings: readonly (Setting | PymooRecord)[] = [...known, ...others];
  const runs = settings.map((setting) => Array.from({ length: seeds }, (_, i) => run(setting, entry, i + 1)));
  const file = `${reference}fronts/${known[0]?.problem}.csv`;
  const front = referenceFront(
    file,
    entry,
    runs.flatMap((some) => some.map(({ result }) => result)),
  );
  return settings.map((setting, i) => rowOf(setting, name, runs[i], front));
}

function rowOf(
  setting: Setting | PymooRecord,
  name: string,
  runs: readonly ReturnType<typeof run>[],
  front: ReferenceFront,
): string[] {
  const all = runs.map(({ result }) => measure(result, front));
  const ours: Measure = { igdPlus: all.map(({ igdPlus }) => igdPlus), hv: all.map(({ hv }) => hv) };
  const theirs = 'hv' in setting ? figuresOf(setting) : undefined;
  const row = [
    setting.algorithm,
    'hv' in setting ? setting.problem : name,
    both(4, ours.igdPlus, theirs?.igdPlus),
    theirs ? verdict(ours.igdPlus, theirs.igdPlus) : UNKNOWN,
    both(5, ours.hv, theirs?.hv),
    theirs ? verdict(theirs.hv, ours.hv) : UNKNOWN,
    (median(runs.map(({ seconds }) => seconds)) * 1000).toFixed(0),
  ];
  console.error(row.join('  '));
  return row;
}

function run({ algorithm, popSize, generations }: Setting, { name, create }: CatalogueEntry, seed: number) {
  const problem = create();
  const shape = {
    variables: problem.space.length,
    objectives: problem.objectives.length,
    constraints: problem.constraints.length,
  };
  const started = process.cpuUsage();
  const result = evolve(
    algorithms[algorithm.toLowerCase() as 'ctaea'] as Algorithm<never>,
    problem.space,
    shape,
    { populationSize: popSize, generations },
    numericFunction(problem),
    randomOf(seed, 'benchmark', name),
  );
  const { user, system } = process.cpuUsage(started);
  return { result, seconds: (user + system) / 1e6 };
}

function measure(result: Population, front: ReferenceFront) {
  const { objectives: m } = result;
  const points = normalised(result, front);
  if (points.length === 0) return { igdPlus: Number.POSITIVE_INFINITY, hv: 0 };
  return {
    igdPlus: invertedGenerationalDistancePlus(
      points,
      points.length / m,
      front.points,
      front.points.length / m,
      m,
    ),
    hv: hypervolume(points, points.length / m, Array<number>(m).fill(1.1)),
  };
}

function figuresOf({ igdPlusNormalised, hv }: PymooRecord): Measure {
  return { igdPlus: igdPlusNormalised.map((value) => value ?? Number.POSITIVE_INFINITY), hv };
}

/** The name in the catalogue of a problem of the records. */
function nameOf(problem: string): string {
  return problem.toLowerCase().replace(/^(c\d)/, '$1-');
}

function both(digits: number, ours: readonly number[], theirs: readonly number[] | undefined): string {
  return [ours, ...(theirs ? [theirs] : [])]
    .map((values) => median([...values]).toPrecision(digits))
    .join(' / ');
}

/** Whether `ours` tends to be smaller. */
function verdict(ours: readonly number[], theirs: readonly number[]): string {
  if (rankSumP(theirs, ours) < 0.05) return 'better';
  return rankSumP(ours, theirs) < 0.05 ? 'worse' : '';
}
