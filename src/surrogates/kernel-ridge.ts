import { cholesky, dot, inverseEntries, invertLower, solveCholesky } from '../math/matrix.js';
import { medianSquare, predictKernelSum, squaredDistances } from './gaussian-kernel.js';
import { heldOutErrors } from './held-out.js';
import type { Regressor } from './regressor.js';
import { standardisedWithFolds } from './standardised.js';

/** Widths that are tried, relative to the median distance between samples. */
const WIDTHS = [0.5, 1, 2, 4] as const;

/** Penalties that are tried. */
const PENALTIES = [1e-6, 1e-4, 1e-2, 0.3] as const;

/**
 * Kernel ridge regression with the Gaussian kernel `k(u, v) = exp(-gamma |u - v|^2)`: `s(x) = sum_i a_i k(x, x_i)` with
 * `(K + penalty I) a = z`, z the standardised outputs, no intercept. Width and penalty are those of
 * {@link leastLeaveOneOut}. A prediction costs O(n d).
 */
export const kernelRidge: Regressor = {
  name: 'kernel-ridge',
  ...standardisedWithFolds(
    'kernel-ridge',
    2,
    (x, z, n, d) => {
      const { gamma, weights, entry } = leastLeaveOneOut(x, z, n, d);
      const sum = { centres: x.slice(0, n * d), weights, gamma, bias: 0 };
      return {
        predictor: {
          hasVariance: false,
          predict: (rows, count, out) => predictKernelSum(sum, d, rows, count, out),
        },
        heldOutErrors: (fold) => heldOutErrors(entry, weights, fold),
      };
    },
    true,
  ),
};

export interface KernelRidgeFit {
  readonly gamma: number;
  readonly penalty: number;
  /** Mean squared leave-one-out error. */
  readonly error: number;
  /** n entries: `a`. */
  readonly weights: Float64Array;
  /** Entries of `(K + penalty I)^-1`. */
  readonly entry: (i: number, j: number) => number;
}

/**
 * The fit with the least mean squared leave-one-out error, in closed form `a_i / inverse_ii`, of four widths (gamma is 1
 * / (2 width^2)) and four penalties; ties to the narrower and then to the smaller penalty. O(n^3 / 2) each. Throws an
 * Error when none has a finite error.
 */
export function leastLeaveOneOut(x: Float64Array, z: Float64Array, n: number, d: number): KernelRidgeFit {
  const squares = squaredDistances(x, n, d);
  const median = medianSquare(squares, n);
  let best: Omit<KernelRidgeFit, 'entry'> | null = null;
  let inverse = new Float64Array(n * n);
  let bestInverse = new Float64Array(n * n);
  const factor = new Float64Array(n * n);
  for (const width of WIDTHS) {
    const gamma = 1 / (2 * width * width * median);
    const kernel = squares.map((square) => Math.exp(-gamma * square));
    for (const penalty of PENALTIES) {
      factor.set(kernel);
      for (let i = 0; i < n; i++) factor[i * n + i] += penalty;
      if (!cholesky(factor, n)) continue;
      const weights = z.slice(0, n);
      solveCholesky(factor, n, weights);
      invertLower(factor, n, inverse);
      let error = 0;
      for (let i = 0; i < n; i++)
        error += (weights[i] / dot(inverse, i * n + i, inverse, i * n + i, n - i)) ** 2 / n;
      if (!(error < (best?.error ?? Number.POSITIVE_INFINITY))) continue;
      best = { gamma, penalty, error, weights };
      [inverse, bestInverse] = [bestInverse, inverse];
    }
  }
  if (!best) throw new Error('its system is singular');
  return { ...best, entry: inverseEntries(bestInverse, n) };
}
