/**
 * How long a candidate's batch takes beside the baseline's, over pairs of runs of the same batch, one right after
 * the other. What slows the machine down slows both of a pair, so that the ratios of pairs vary least. Over twenty measurements of a small network
 * in int8 on a machine with five times more work than cores, the median of 15 ratios of batches of 32 had a standard deviation of 0.8
 * by the clock on the wall and of 0.04 by the processor's time, which times runs on one thread (see `clockFor`).
 */
export interface Timing {
  /** Median of the ratios of the single pairs. */
  readonly ratio: number;
  /** Lower and upper quartile of the same. */
  readonly quartiles: readonly [number, number];
  /** Tenth percentile of the candidate / that of the baseline: what comes nearest to an idle machine where runs are short. */
  readonly low: number;
  /** Median milliseconds a batch. */
  readonly candidate: number;
  readonly baseline: number;
  /** Number of pairs after the warm-up. */
  readonly pairs: number;
  readonly batchSize: number;
}

/** Pairs that run first and are not counted. */
export const WARM_UP_PAIRS = 3;

/**
 * How many pairs are timed after the warm-up: 15, or fewer so that the baseline runs at most half as many batches as the
 * candidate needs for its accuracy, but at least 5.
 */
export function pairsFor(batches: number): number {
  return Math.max(5, Math.min(15, Math.floor(batches / 2) - WARM_UP_PAIRS));
}

/** The same on single samples, which are so short that more of them cost less. */
export const SINGLE_WARM_UP_PAIRS = 15;

/** How many pairs of single samples are timed after the warm-up: 45, or fewer with few samples, but at least 15. */
export function singlePairsFor(samples: number): number {
  return Math.max(15, Math.min(45, Math.floor(samples / 2) - SINGLE_WARM_UP_PAIRS));
}

/** The timing of pairs: milliseconds of each run, in order, the first `warmUp` of them not counted. Throws a RangeError on no pairs. */
export function timingOf(
  runs: { readonly candidate: readonly number[]; readonly baseline: readonly number[] },
  warmUp: number,
  batchSize: number,
): Timing {
  const [candidate, baseline] = [runs.candidate.slice(warmUp), runs.baseline.slice(warmUp)];
  const ratios = candidate.map((milliseconds, i) => milliseconds / baseline[i]);
  return {
    ratio: quantile(ratios, 0.5),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    low: quantile(candidate, 0.1) / quantile(baseline, 0.1),
    candidate: quantile(candidate, 0.5),
    baseline: quantile(baseline, 0.5),
    pairs: candidate.length,
    batchSize,
  };
}

/** The quantile of a non-empty list, linear between its order statistics (type 7 of Hyndman and Fan, as NumPy and R). */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError('a quantile needs at least one value, got none');
  const sorted = Float64Array.from(values).sort();
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
