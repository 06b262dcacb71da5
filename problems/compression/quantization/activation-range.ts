/** How the elements of one value inside a graph are distributed. */
export interface ActivationStatistics {
  readonly min: number;
  readonly max: number;
  /** Number of elements in each of {@link BINS} bins of equal width between `min` and `max`. */
  readonly histogram: Float64Array;
}

export const BINS = 2048;

/**
 * How the range of an activation is taken from what was observed: what rounding and cutting off together change least; all of it; all but the outermost
 * 1 in 100,000 elements at each end; or what loses least information. The first is the usual one.
 */
export const calibrationMethods = ['squared-error', 'min-max', 'percentile', 'entropy'] as const;
export type CalibrationMethod = (typeof calibrationMethods)[number];

/** Scale and zero point of uint8: element `q` stands for `(q - zeroPoint) * scale`. */
export interface ActivationQuantization {
  /** A normal float32. */
  readonly scale: number;
  /** In 0 .. 255; exactly 0 when the range has nothing below zero. */
  readonly zeroPoint: number;
}

/** The quantization of a value by a calibration method. The range always contains 0, which is then exact. */
export function quantizationOf(
  statistics: ActivationStatistics,
  method: CalibrationMethod,
): ActivationQuantization {
  const [low, high] = rangeOf[method](statistics);
  return quantizationOfRange(Math.min(0, low), Math.max(0, high));
}

/** The uint8 quantization of [low, high], `low <= 0 <= high`. A range too narrow for a float32 scale gets the scale 1. */
export function quantizationOfRange(low: number, high: number): ActivationQuantization {
  const scale = Math.fround((high - low) / 255);
  if (!(scale >= 2 ** -126)) return { scale: 1, zeroPoint: 0 };
  return { scale, zeroPoint: Math.max(0, Math.min(255, Math.round(-low / scale))) };
}

type Range = readonly [number, number];

const rangeOf: Readonly<Record<CalibrationMethod, (statistics: ActivationStatistics) => Range>> = {
  'squared-error': squaredErrorRange,
  'min-max': ({ min, max }) => [min, max],
  percentile: (statistics) => percentileRange(statistics, 1e-5),
  entropy: entropyRange,
};

/** The range without the bins that hold the outermost `share` of the elements at each end. */
function percentileRange({ min, max, histogram }: ActivationStatistics, share: number): Range {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const outermost = total * share;
  let first = 0;
  for (let seen = histogram[0]; seen <= outermost && first < BINS - 1; seen += histogram[first]) first++;
  let last = BINS - 1;
  for (let seen = histogram[last]; seen <= outermost && last > first; seen += histogram[last]) last--;
  const width = (max - min) / BINS;
  return [min + first * width, min + (last + 1) * width];
}

/** Between two ends that are tried, in bins. */
const STEP = 8;

/**
 * The range with the smallest sum of squared errors: a twelfth of the squared step for what lies inside, the distance from its ends for what does not.
 * Both ends move by themselves, {@link STEP} bins at a time, up to zero; ties go to the wider. The exact zeros that a Relu makes are
 * no error in any range: see {@link withoutZeros}. O((bins / 8)^2).
 */
function squaredErrorRange({ min, max, histogram: observed }: ActivationStatistics): Range {
  if (!(max > min)) return [min, max];
  const width = (max - min) / BINS;
  const zero = -min / width;
  const histogram = withoutZeros(observed, zero);
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const below = cutOff(histogram);
  const above = cutOff(histogram.toReversed()).reverse();
  let best: Range = [min, max];
  let smallest = Number.POSITIVE_INFINITY;
  for (let first = 0; first <= Math.max(0, zero); first += STEP)
    for (let end = BINS; end > first && end >= Math.min(BINS, zero); end -= STEP) {
      const step = (Math.max(end, zero) - Math.min(first, zero)) / (LEVELS - 1);
      const error = below[first] + above[end] + (total * step ** 2) / 12;
      if (error >= smallest) continue;
      smallest = error;
      best = [min + first * width, min + end * width];
    }
  return best;
}

/** Of each bin, and of the end, the sum of the squared distances from its beginning of what lies in bins before it, in bins. */
function cutOff(histogram: Float64Array): Float64Array {
  const error = new Float64Array(histogram.length + 1);
  let [count, sum, squares] = [0, 0, 0];
  for (let i = 0; i < histogram.length; i++) {
    // What was at distance x is at x + 1 of the next beginning; that of a bin's elements is a half.
    squares += 2 * sum + count + histogram[i] / 4;
    sum += count + histogram[i] / 2;
    count += histogram[i];
    error[i + 1] = squares;
  }
  return error;
}

/** The histogram with as many elements in the bin of zero, `zero` bins from its beginning, as in the fuller of its neighbours at the most. */
function withoutZeros(observed: Float64Array, zero: number): Float64Array {
  const histogram = observed.slice();
  if (zero < 0 || zero > BINS) return histogram;
  const bin = Math.min(BINS - 1, Math.floor(zero));
  histogram[bin] = Math.min(histogram[bin], Math.max(observed[bin - 1] ?? 0, observed[bin + 1] ?? 0));
  return histogram;
}

/** The levels of uint8, and the narrowest range that the entropy method tries, in bins. */
const LEVELS = 256;

/**
 * The range whose quantized distribution has the smallest Kullback-Leibler divergence from the observed one, with what lies
 * outside moved to its ends (Migacz, "8-bit inference with TensorRT", GTC 2017). Ranges shrink from both ends towards
 * zero in proportion, 8 bins at a time; ties go to the wider. The exact zeros that a Relu makes are exact in every range and
 * would drown the rest: see {@link withoutZeros}. O(bins^2 / 8).
 */
function entropyRange({ min, max, histogram: observed }: ActivationStatistics): Range {
  if (!(max > min)) return [min, max];
  const width = (max - min) / BINS;
  const zero = Math.max(0, Math.min(BINS, -min / width));
  const histogram = withoutZeros(observed, zero);
  let best: Range = [min, max];
  let smallest = Number.POSITIVE_INFINITY;
  for (let bins = BINS; bins >= LEVELS; bins -= 8) {
    const first = Math.round(zero * (1 - bins / BINS));
    const divergence = divergenceOf(histogram, first, first + bins);
    if (divergence < smallest) {
      smallest = divergence;
      best = [min + first * width, min + (first + bins) * width];
    }
  }
  return best;
}

/** Kullback-Leibler divergence of the histogram clipped to the bins `first .. end - 1` from the same in {@link LEVELS} levels. */
function divergenceOf(histogram: Float64Array, first: number, end: number): number {
  const bins = end - first;
  const clipped = histogram.slice(first, end);
  for (let i = 0; i < first; i++) clipped[0] += histogram[i];
  for (let i = end; i < histogram.length; i++) clipped[bins - 1] += histogram[i];
  let total = 0;
  let inside = 0;
  for (let i = 0; i < bins; i++) {
    total += clipped[i];
    inside += histogram[first + i];
  }
  if (inside === 0) return Number.POSITIVE_INFINITY;
  let divergence = 0;
  for (let level = 0; level < LEVELS; level++) {
    const from = Math.floor((level * bins) / LEVELS);
    const to = Math.floor(((level + 1) * bins) / LEVELS);
    let sum = 0;
    let occupied = 0;
    for (let i = from; i < to; i++) {
      sum += histogram[first + i];
      if (clipped[i] > 0) occupied++;
    }
    if (occupied === 0) continue;
    const q = sum / occupied / inside;
    for (let i = from; i < to; i++) {
      if (clipped[i] === 0) continue;
      const p = clipped[i] / total;
      // A bin that only holds what was clipped has no counterpart: a small share stands in for none.
      divergence += p * Math.log(p / (q > 0 ? q : 1e-9));
    }
  }
  return divergence;
}
