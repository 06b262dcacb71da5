import { FitError, type Predictor } from './regressor.js';

/** Learns outputs of mean 0 and standard deviation 1. Arguments as in `Regressor.fit`, with `z` for `y`. */
export type StandardisedFit = (
  x: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
  seed: number,
) => Predictor;

/**
 * The frame around every fit. It checks the samples, standardises the outputs (mean 0, standard deviation 1 over
 * n), hands them to `learn`, and turns the predictions back to the unit of `y`. A constant `y` is learnt here: the
 * constant, with variance 0, and `learn` is not called.
 *
 * Throws a FitError for no sample, fewer samples than `minimum` (unless constant), samples that are not finite,
 * whatever `learn` throws, and a model whose predictions of its own samples are not finite.
 */
export function standardised(name: string, minimum: number, learn: StandardisedFit) {
  return (x: Float64Array, y: Float64Array, n: number, d: number, seed: number): Predictor => {
    const { mean, scale, z } = standardise(name, x, y, n, d);
    if (scale === 0) return constant(mean);
    if (n < minimum) throw new FitError(name, `needs at least ${minimum} samples, got ${n}`);
    const inner = attempt(name, () => learn(x, z, n, d, seed));
    const predictor = rescaled(inner, mean, scale);
    const own = new Float64Array(n);
    predictor.predict(x, n, own);
    if (!own.every(Number.isFinite)) throw new FitError(name, 'its predictions are not finite');
    return predictor;
  };
}

/**
 * The outputs as `z = (y - mean) / scale`; `scale` is 0, and z all 0, when all outputs are equal. Throws a FitError
 * when there is no sample or a number is not finite.
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
  let mean = 0;
  for (let i = 0; i < n; i++) mean += y[i] / n;
  // Divided by the span first, so that neither huge nor tiny outputs leave the range of doubles when squared.
  const span = high - low;
  let square = 0;
  for (let i = 0; i < n; i++) square += ((y[i] - mean) / span) ** 2 / n;
  const scale = span * Math.sqrt(square);
  if (!Number.isFinite(scale))
    throw new FitError(name, 'the spread of the outputs is beyond the range of doubles');
  for (let i = 0; i < n; i++) z[i] = (y[i] - mean) / scale;
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
      for (let i = 0; i < count; i++) out[i] = mean + scale * out[i];
      if (variance && inner.hasVariance) for (let i = 0; i < count; i++) variance[i] *= scale * scale;
    },
  };
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
