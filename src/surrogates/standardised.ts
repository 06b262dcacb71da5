import { type Fit, FitError, type Predictor, type Regressor } from './regressor.js';

/** Learns outputs of mean 0 and standard deviation 1. Arguments as in `Regressor.fit`, with `z` for `y`. */
export type StandardisedFit = Fit;

/** A model of standardised outputs that can tell the errors which it would have made on each fold without it. */
export interface Learnt {
  readonly predictor: Predictor;
  /** Output less prediction, n entries; null when the other folds do not determine the model. */
  readonly heldOutErrors: (fold: Int32Array) => Float64Array | null;
}

/**
 * The frame around every fit. It checks the samples, standardises the outputs (mean 0, standard deviation 1 over
 * n), hands them to `learn`, and turns the predictions back to the unit of `y`. A constant `y` is learnt here: the
 * constant, with variance 0, and `learn` is not called.
 *
 * Throws a FitError for no sample, fewer samples than `minimum` (unless constant), samples that are not finite,
 * whatever `learn` throws, and a model whose predictions of its own samples are not finite.
 */
export function standardised(name: string, minimum: number, learn: StandardisedFit): Fit {
  return (x, y, n, d, seed, variable) => {
    const { mean, scale, z } = standardise(name, x, y, n, d);
    if (scale === 0) return constant(mean);
    if (n < minimum) throw new FitError(name, `needs at least ${minimum} samples, got ${n}`);
    const inner = attempt(name, () => learn(x, z, n, d, seed, variable));
    return checked(name, rescaled(inner, mean, scale), x, n);
  };
}

/**
 * As {@link standardised}, for a model that can be cross-validated without fitting it again: by any folds, or
 * `leaveOneOutOnly`, as for models that choose a hyper-parameter by that very error on all samples. Over larger folds such a
 * choice would flatter them.
 */
export function standardisedWithFolds(
  name: string,
  minimum: number,
  learn: (...samples: Parameters<Fit>) => Learnt,
  leaveOneOutOnly = false,
): Required<Pick<Regressor, 'fit' | 'fitHeldOut'>> {
  return {
    fit: standardised(name, minimum, (...samples) => learn(...samples).predictor),
    fitHeldOut(x, y, n, d, seed, fold, variable) {
      const { mean, scale, z } = standardise(name, x, y, n, d);
      if (scale === 0 || n < minimum || (leaveOneOutOnly && new Set(fold).size < n)) return null;
      const learnt = attempt(name, () => learn(x, z, n, d, seed, variable));
      const errors = learnt.heldOutErrors(fold);
      if (!errors) return null;
      const predictions = errors.map((error, i) => mean + scale * (z[i] - error));
      if (!predictions.every(Number.isFinite)) return null;
      return { predictor: checked(name, rescaled(learnt.predictor, mean, scale), x, n), predictions };
    },
  };
}

function checked(name: string, predictor: Predictor, x: Float64Array, n: number): Predictor {
  const own = new Float64Array(n);
  predictor.predict(x, n, own);
  if (!own.every(Number.isFinite)) throw new FitError(name, 'its predictions are not finite');
  return predictor;
}

/**
 * The outputs as `z = (y - mean) / scale`; `scale` is 0, and z all 0, when all outputs are equal or differ by less than
 * doubles can scale. Throws a FitError when there is no sample or a number is not finite.
 */
export function standardise(
  name: string,
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
): { readonly mean: number; readonly scale: number; readonly z: Float64Array } {
  if (n < 1) throw new FitError(name, `needs at least 1 sample, got ${n}`);
  for (let i = 0; i < n * d; i++)
    if (!Number.isFinite(x[i])) throw new FitError(name, `the inputs must be finite, got ${x[i]}`);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(y[i])) throw new FitError(name, `the outputs must be finite, got ${y[i]}`);
    low = Math.min(low, y[i]);
    high = Math.max(high, y[i]);
  }
  const z = new Float64Array(n);
  if (low === high) return { mean: low, scale: 0, z };
  // In halves and divided by the span, so that neither huge nor tiny outputs leave the range of doubles.
  const halfSpan = high / 2 - low / 2;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += y[i] / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += ((y[i] / 2 - mean / 2) / halfSpan) ** 2 / n;
  const scale = halfSpan * (2 * Math.sqrt(square));
  if (!(scale / 2 > 0)) return { mean, scale: 0, z };
  for (let i = 0; i < n; i++) z[i] = (y[i] / 2 - mean / 2) / (scale / 2);
  return { mean, scale, z };
}

/** Predicts `value` everywhere, with variance 0. */
export function constant(value: number): Predictor {
  return {
    hasVariance: true,
    predict(_x, count, out, variance) {
      out.fill(value, 0, count);
      variance?.fill(0, 0, count);
    },
  };
}

/** The predictor of `mean + scale * z`, given that of z. */
export function rescaled(inner: Predictor, mean: number, scale: number): Predictor {
  return {
    hasVariance: inner.hasVariance,
    predict(x, count, out, variance) {
      inner.predict(x, count, out, variance);
      for (let i = 0; i < count; i++) out[i] = inRange(mean + scale * out[i]);
      if (variance && inner.hasVariance) for (let i = 0; i < count; i++) variance[i] *= scale * scale;
    },
  };
}

/** What leaves the range of doubles becomes its end. */
export function inRange(value: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}

/** Runs `body`; what it throws becomes a FitError of the regressor. */
export function attempt<T>(name: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof FitError) throw error;
    throw new FitError(name, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
