/**
 * How long a candidate's batch takes beside the baseline's, over pairs of runs of the same batch, one right after
 * the other.
 */
export interface Timing {
  /** Median of the candidate / median of the baseline. */
  readonly ratio: number;
  /** Lower and upper quartile of the ratios of the single pairs. */
  readonly quartiles: readonly [number, number];
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

/** The timing of pairs: milliseconds of each run, in order, warm-up left out. Throws a RangeError on no pairs. */
export function timingOf(
  candidate: readonly number[],
  baseline: readonly number[],
  batchSize: number,
): Timing {
  const ratios = candidate.map((milliseconds, i) => milliseconds / baseline[i]);
  const medians = [quantile(candidate, 0.5), quantile(baseline, 0.5)] as const;
  return {
    ratio: medians[0] / medians[1],
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    candidate: medians[0],
    baseline: medians[1],
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
