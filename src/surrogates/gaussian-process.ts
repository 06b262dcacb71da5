import { dot, jitteredCholesky, solveCholesky } from '../math/matrix.js';
import { mostProbable, NOISE_FLOOR, type Theta } from './marginal-likelihood.js';
import type { Predictor, Regressor } from './regressor.js';
import { attempt, standardise, standardised } from './standardised.js';

const NAME = 'gaussian-process';

/**
 * A Gaussian process with the Matern 5/2 covariance, one length scale a column, and noise; the hyper-parameters are
 * the most probable (see `mostProbable`). Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006,
 * algorithm 2.1.
 *
 * The variance is that of the function, without the noise. It takes O(n^2) a row, the mean O(n d). The fit costs
 * about 60 Cholesky factorisations and inverses, O(n^3) each; with hyper-parameters tuned before, one
 * factorisation.
 */
export const gaussianProcess: Regressor = {
  name: NAME,
  fit: standardised(NAME, 2, (x, z, n, d) => posterior(x, z, n, d, mostProbable(x, z, n, d))),
  tune(x, y, n, d) {
    const { z, scale } = standardise(NAME, x, y, n, d);
    if (scale === 0 || n < 2) return gaussianProcess;
    const theta = attempt(NAME, () => mostProbable(x, z, n, d));
    return {
      name: NAME,
      fit: standardised(NAME, 2, (xs, zs, m, columns) => posterior(xs, zs, m, columns, theta)),
    };
  },
};

/**
 * The process at `theta` given the samples; its predictions are of z. Throws an Error when no jitter makes the
 * covariance matrix positive definite.
 */
export function posterior(x: Float64Array, z: Float64Array, n: number, d: number, theta: Theta): Predictor {
  const scaling = Float64Array.from({ length: d }, (_, j) => Math.sqrt(5) * Math.exp(-theta[j]));
  const signal = Math.exp(theta[d]);
  const noise = NOISE_FLOOR + Math.exp(theta[d + 1]);
  const samples = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) samples[i * d + j] = x[i * d + j] * scaling[j];

  const covariance = new Float64Array(n * n);
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    covariances(samples.subarray(i * d, i * d + d), samples, i, d, signal, row);
    covariance.set(row.subarray(0, i), i * n);
    covariance[i * n + i] = signal + noise;
  }
  const factor = new Float64Array(n * n);
  if (Number.isNaN(jitteredCholesky(covariance, n, factor)))
    throw new Error('its covariance matrix is singular');
  const weights = z.slice(0, n);
  solveCholesky(factor, n, weights);

  const point = new Float64Array(d);
  return {
    hasVariance: true,
    predict(rows, count, out, variance) {
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < d; j++) point[j] = rows[i * d + j] * scaling[j];
        covariances(point, samples, n, d, signal, row);
        out[i] = dot(weights, 0, row, 0, n);
        if (variance) variance[i] = Math.max(0, signal - solvedSquare(factor, n, row));
      }
    },
  };
}

/**
 * Writes the covariance of `point` with each of the first `n` samples to `out`; all scaled so that the exponent is
 * -distance.
 */
function covariances(
  point: Float64Array,
  samples: Float64Array,
  n: number,
  d: number,
  signal: number,
  out: Float64Array,
): void {
  for (let i = 0, at = 0; i < n; i++) {
    let square = 0;
    for (let j = 0; j < d; j++) {
      const difference = point[j] - samples[at++];
      square += difference * difference;
    }
    const root = Math.sqrt(square);
    out[i] = signal * (1 + root + square / 3) * Math.exp(-root);
  }
}

/** `|L^-1 v|^2`; overwrites `v`. */
function solvedSquare(factor: Float64Array, n: number, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    v[i] = (v[i] - dot(factor, i * n, v, 0, i)) / factor[i * n + i];
    sum += v[i] * v[i];
  }
  return sum;
}
