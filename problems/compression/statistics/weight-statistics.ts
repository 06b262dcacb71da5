import type { WeightHistogram, WeightSummary, WeightsData, WeightsRequest } from '../../../src/index.js';
import { InputError, show } from '../../../src/index.js';
import { stepOf } from '../coding/quantizers/scalar.js';
import { midtread } from '../coding/quantizers/uniform.js';
import { finiteValues } from '../onnx/finite.js';
import { layersOf } from '../onnx/layers.js';
import { loadModel } from '../onnx/load.js';
import type { Model } from '../onnx/model.js';
import { withPlainConstants } from '../onnx/plain-constants.js';
import { modelPath } from '../open.js';
import { correlationOf, strongestAutocorrelation } from './correlation.js';
import { entropyOfLevels, entropyOfPatterns } from './entropy.js';
import { fitsOf } from './fits.js';

/** Families are fitted to so many weights at most, evenly spaced: their parameters are then good to some 0.3 %. */
const MOST_FITTED = 2 ** 17;
/** Of each layer so many weights at most are compared with other layers. */
const MOST_COMPARED = 2 ** 16;

/** Statistics of the weights in a model file; what `fronteira weights` prints. Throws as {@link weightStatistics}. */
export function weightsFile({ model, levels, bins }: WeightsRequest): WeightsData {
  return weightStatistics(loadModel(modelPath(model)), { name: model, levels, bins });
}

/**
 * Statistics of the weights of the layers of a model (biases are left out), each tensor once, in graph order, and of all together.
 * float16 and bfloat16 as they are, float64 rounded to float32. Weights that are 0 are counted, and left out of the
 * histograms and fits: a pruned weight is a decision, no sample of a distribution.
 *
 * Throws an InputError where there are no weights, and on one that is NaN or infinite. O(n log n), in memory some three times
 * the weights.
 */
export function weightStatistics(
  model: Model,
  { name, levels, bins }: { readonly name: string; readonly levels: number; readonly bins: number },
): WeightsData {
  if (!(Number.isInteger(bins) && bins >= 2 && bins <= 10_000))
    throw new InputError(`a histogram must have from 2 to 10000 bins, got ${show(bins)}`);
  const { tensors, notes } = layersOf(withPlainConstants(model));
  const weights = tensors
    .filter(({ role, tensor }) => role === 'weight' && tensor.dims.every((dim) => dim > 0))
    .map((weight) => ({ name: weight.layer, values: finiteValues(weight) }));
  if (weights.length === 0)
    throw new InputError(
      `a model must have layers with constant weights of a floating-point type, got none in ${show(name)}${notes.map((note) => ` (${note})`).join('')}`,
    );
  const layers = weights.map((weight): WeightSummary => {
    const summary = summaryOf(weight.name, [weight.values], bins);
    const autocorrelation = strongestAutocorrelation(weight.values, summary.mean);
    return { ...summary, levelEntropy: levelEntropyOf(weight.values, levels), autocorrelation };
  });
  const overall = summaryOf(
    'all layers',
    weights.map(({ values }) => values),
    bins,
  );
  const levelBits = layers.reduce((sum, { count, levelEntropy }) => sum + count * levelEntropy, 0);
  const compared = weights.map(({ values }) => values.subarray(0, MOST_COMPARED));
  return {
    model: name,
    levels,
    overall: { ...overall, levelEntropy: levelBits / overall.count },
    layers,
    correlations: compared.map((a) => compared.map((b) => (a === b ? 1 : correlationOf(a, b)))),
    facts: [
      ['model', name],
      ['layers', String(layers.length)],
      ['weights', String(overall.count)],
      ...notes.map((note): [string, string] => ['note', note]),
    ],
  };
}

type Summary = Omit<WeightSummary, 'levelEntropy'>;

function summaryOf(name: string, parts: readonly Float32Array[], bins: number): Summary {
  const count = parts.reduce((sum, { length }) => sum + length, 0);
  const patterns = new Uint32Array(count);
  let at = 0;
  let [zeros, sum] = [0, 0];
  // Of all, and of those that are not 0.
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [low, high] = [least, most];
  for (const values of parts) {
    patterns.set(new Uint32Array(values.buffer, values.byteOffset, values.length), at);
    at += values.length;
    for (const value of values) {
      sum += value;
      if (value < least) least = value;
      if (value > most) most = value;
      if (value === 0) zeros++;
      else {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  const mean = sum / count;
  let squares = 0;
  for (const values of parts) for (const value of values) squares += (value - mean) ** 2;
  const histogram = low < high ? histogramOf(parts, low, high, bins) : null;
  return {
    name,
    count,
    zeros,
    least,
    most,
    mean,
    deviation: Math.sqrt(squares / count),
    entropy: entropyOfPatterns(patterns),
    histogram,
    fits: histogram === null ? [] : fitsOf(thinned(parts, count - zeros, [low, high]), histogram),
    autocorrelation: null,
  };
}

/** As `numpy.histogram`: every bin without its end, the last with it. */
function histogramOf(
  parts: readonly Float32Array[],
  low: number,
  high: number,
  bins: number,
): WeightHistogram {
  const counts = new Array<number>(bins).fill(0);
  const scale = bins / (high - low);
  for (const values of parts)
    for (const value of values)
      if (value !== 0) counts[Math.min(bins - 1, Math.floor((value - low) * scale))]++;
  return { low, high, counts };
}

/** Evenly spaced ones of the weights that are not 0, the two extremes in place of the ends where some are left out. */
function thinned(
  parts: readonly Float32Array[],
  count: number,
  [low, high]: readonly [number, number],
): Float64Array {
  const stride = Math.ceil(count / MOST_FITTED);
  const taken = new Float64Array(Math.ceil(count / stride));
  let index = 0;
  for (const values of parts)
    for (const value of values) {
      if (value === 0) continue;
      if (index % stride === 0) taken[index / stride] = value;
      index++;
    }
  if (stride > 1) {
    taken[0] = low;
    taken[taken.length - 1] = high;
  }
  return taken;
}

function levelEntropyOf(values: Float32Array, levels: number): number {
  let range = 0;
  for (const value of values) range = Math.max(range, Math.abs(value));
  return entropyOfLevels(midtread(stepOf(range, levels)).quantize(values));
}
