import { dot, inverseEntries, invertLower, jitteredCholesky, solveCholesky } from '../math/matrix.js';
import { heldOutErrors } from './held-out.js';
import { mostProbable, NOISE_FLOOR, type Theta } from './marginal-likelihood.js';
import type { Regressor } from './regressor.js';
import { type Learnt, standardisedWithFolds } from './standardised.js';

const NAME = 'gaussian-process';

/**
 * A Gaussian process with the Matern 5/2 covariance, one length scale a variable, and noise; the hyper-parameters are
 * the most probable (see `mostProbable`). Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006,
 * algorithm 2.1. The columns of a choice share their length scale, so that all its values are equally far apart: the
 * exchangeable covariance, with the distance of unlike values learnt.
 *
 * The variance is that of the function, without the noise. It takes O(n^2) a row, the mean O(n d). The fit costs
 * about 60 Cholesky factorisations and inverses, O(n^3) each; its cross-validation keeps the hyper-parameters and the
 * mean of all samples.
 */
export const gaussianProcess: Regressor = {
  name: NAME,
  ...standardisedWithFolds(NAME, 2, (x, z, n, d, _seed, variable) =>
    posterior(x, z, n, d, mostProbable(x, z, n, d, variable)),
  ),
};

/**
 * The process at `theta` given the samples; its predictions are of z. Throws an Error when no jitter makes the
 * covariance matrix positive definite.
 */
export function posterior(x: Float64Array, z: Float64Array, n: number, d: number, theta: Theta): Learnt {
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
  const predictor = {
    hasVariance: true,
    predict(rows: Float64Array, count: number, out: Float64Array, variance?: Float64Array) {
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < d; j++) point[j] = rows[i * d + j] * scaling[j];
        covariances(point, samples, n, d, signal, row);
        out[i] = dot(weights, 0, row, 0, n);
        if (variance) variance[i] = Math.max(0, signal - solvedSquare(factor, n, row));
      }
    },
  };
  return {
    predictor,
    heldOutErrors(fold) {
      const inverse = new Float64Array(n * n);
      invertLower(factor, n, inverse);
      return heldOutErrors(inverseEntries(inverse, n), weights, fold);
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
