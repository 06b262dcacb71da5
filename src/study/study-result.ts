import { mean, quantileSorted, sampleStandardDeviation } from 'simple-statistics';
import { commonReference, historyOf } from '../report/report-data.js';
import { holm, rankSumTest } from './rank-sum.js';
import type { FinishedCell } from './study-setting.js';

/** How the hypervolumes of one configuration on one problem spread over the seeds. */
export interface ConfigurationResult {
  readonly configuration: string;
  readonly seeds: readonly number[];
  /** Hypervolume of the final front by seed, to the reference point of the problem. */
  readonly values: readonly number[];
  readonly mean: number;
  /** Of the sample; 0 of a single run. */
  readonly deviation: number;
  /** Least, lower quartile, median, upper quartile, largest. */
  readonly quartiles: readonly [number, number, number, number, number];
  /** Seeds on which no configuration is better. */
  readonly wins: number;
  /** Mean hypervolume after each evaluation, as far as all runs go. */
  readonly history: readonly number[];
}

/** Two configurations compared. */
export interface Comparison {
  readonly better: string;
  readonly worse: string;
  /** Difference of the medians. */
  readonly difference: number;
  /** Two-sided Wilcoxon rank-sum test, corrected by Holm over all pairs of the problem. */
  readonly p: number;
}

/** What a study found on one problem. */
export interface ProblemResult {
  readonly problem: string;
  readonly referencePoint: Readonly<Record<string, number>>;
  readonly configurations: readonly ConfigurationResult[];
  readonly comparisons: readonly Comparison[];
  /** The smallest corrected p that so many runs and pairs allow: above 0.05 no difference can be called significant. */
  readonly leastP: number;
}

/**
 * What the runs of a study found, problem by problem. All hypervolumes of a problem are taken to one reference point, the
 * worst of those that its runs recorded. The rank-sum test takes the runs as independent: configurations
 * share no more than the seed of their generators, and with few seeds a signed-rank test could not find anything (at five its
 * smallest p is 0.06).
 */
export function studyResult(cells: readonly FinishedCell[]): ProblemResult[] {
  return [...new Set(cells.map(({ problem }) => problem))].map((problem) =>
    problemResult(
      problem,
      cells.filter((cell) => cell.problem === problem),
    ),
  );
}

function problemResult(problem: string, cells: readonly FinishedCell[]): ProblemResult {
  const referencePoint = commonReference(cells.map(({ record }) => record));
  const finals = cells.map(({ configuration, seed, record }) => {
    const history = historyOf(record, referencePoint);
    return { configuration, seed, history, value: history.at(-1) ?? 0 };
  });
  const best = new Map<number, number>();
  for (const { seed, value } of finals) best.set(seed, Math.max(best.get(seed) ?? 0, value));
  const configurations = [...new Set(cells.map(({ configuration }) => configuration))].map(
    (configuration) => {
      const own = finals.filter((run) => run.configuration === configuration);
      const values = own.map(({ value }) => value);
      const sorted = [...values].sort((a, b) => a - b);
      const at = (p: number) => quantileSorted(sorted, p);
      const length = Math.min(...own.map(({ history }) => history.length));
      return {
        configuration,
        seeds: own.map(({ seed }) => seed),
        values,
        mean: mean(values),
        deviation: values.length > 1 ? sampleStandardDeviation(values) : 0,
        quartiles: [at(0), at(0.25), at(0.5), at(0.75), at(1)] as const,
        wins: own.filter(({ seed, value }) => value === best.get(seed)).length,
        history: Array.from({ length }, (_, i) => mean(own.map(({ history }) => history[i]))),
      };
    },
  );
  const comparisons = compare(configurations);
  const least = Math.min(...configurations.map(({ values }) => values.length));
  const leastP = Math.min(1, (2 * comparisons.length) / combinations(2 * least, least));
  return { problem, referencePoint, configurations, comparisons, leastP };
}

/** Every pair, the surest difference first. */
function compare(configurations: readonly ConfigurationResult[]): Comparison[] {
  const pairs = configurations.flatMap((a, i) => configurations.slice(i + 1).map((b) => [a, b] as const));
  const corrected = holm(pairs.map(([a, b]) => rankSumTest(a.values, b.values)));
  return pairs
    .map(([a, b], k): Comparison => {
      const difference = a.quartiles[2] - b.quartiles[2] || a.mean - b.mean;
      const [better, worse] = difference >= 0 ? [a, b] : [b, a];
      return {
        better: better.configuration,
        worse: worse.configuration,
        difference: better.quartiles[2] - worse.quartiles[2],
        p: corrected[k],
      };
    })
    .sort((a, b) => a.p - b.p || b.difference - a.difference);
}

/** The ways to choose `k` of `n`. */
function combinations(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}
