import { dot, inverseEntries, invertLower, jitteredCholesky, solveCholesky } from '../../math/matrix.js';
import { heldOutErrors } from '../held-out.js';
import type { Covariance } from './covariance.js';
import { additiveShare, bendOf, type HyperParameters } from './density.js';
import { warpedInput } from './input-warping.js';

/** A Gaussian process given its samples, for outputs of mean 0. */
export interface Process {
  /** The mean at a point (d entries from `from` on, which is 0 if left out). O(n d). */
  mean(point: Float64Array, from?: number): number;
  /** The mean, and the variance (of the function, without noise) to `variance[0]`. O(n^2 / 2 + n d). */
  moments(point: Float64Array, variance: Float64Array, from?: number): number;
  /**
   * Takes the mean at the point for its measured value (the kriging believer of Ginsbourger, Le Riche and Carraro, 2010): the
   * mean is nowhere changed, the variance shrinks. O(n^2 / 2 + n d).
   */
  believe(point: Float64Array): void;
  /** See `heldOutErrors`: what the mean would miss of the samples of each fold without them, the hyper-parameters kept. O(n^3 / 3). */
  heldOutErrors(fold: Int32Array): Float64Array | null;
}

/**
 * Conditions the process on outputs `z` at `x` (n x d), with room for `extra` believed points; `noise` is its variance. Rasmussen and Williams, "Gaussian
 * Processes for Machine Learning", 2006, algorithm 2.1. Throws an Error when no jitter makes the matrix positive definite.
 */
export function conditioned(
  x: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
  covariance: Covariance,
  theta: HyperParameters,
  noise: number,
  extra: number,
): Process {
  const scaling = Float64Array.from({ length: d }, (_, j) => Math.exp(-theta[j]));
  const signal = Math.exp(theta[d]);
  const share = additiveShare(theta, d);
  const bends = Float64Array.from({ length: d }, (_, j) => bendOf(theta, d, j));
  const scaled = (u: number, j: number) => (bends[j] === 0 ? u : warpedInput(u, bends[j])) * scaling[j];
  const samples = new Float64Array((n + extra) * d);
  for (let i = 0; i < n * d; i++) samples[i] = scaled(x[i], i % d);

  const point = new Float64Array(d); // in length scales
  const row = new Float64Array(n + extra);
  /** Writes the covariances of `point` with the first `count` samples to `row`. */
  const covariances = (count: number): void =>
    covariancesWith(point, samples, count, d, covariance, signal, share, row);
  const place = (at: Float64Array, from: number): void => {
    for (let j = 0; j < d; j++) point[j] = scaled(at[from + j], j);
  };

  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    point.set(samples.subarray(i * d, i * d + d));
    covariances(i);
    matrix.set(row.subarray(0, i), i * n);
    matrix[i * n + i] = signal + noise;
  }
  const square = new Float64Array(n * n);
  if (Number.isNaN(jitteredCholesky(matrix, n, square)))
    throw new Error('the covariance matrix of the process is singular');
  const weights = z.slice(0, n);
  solveCholesky(square, n, weights);

  // The rows of the factor one after the other, each only as long as it is.
  let size = n;
  const packed = new Float64Array(((n + extra) * (n + extra + 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) for (let k = 0; k <= i; k++) packed[at++] = square[i * n + k];
  /** Turns the covariances in `row` to `L^-1 row` and returns its square. */
  const reduce = (): number => {
    let sum = 0;
    for (let i = 0, at = 0; i < size; i++) {
      let value = row[i];
      for (let k = 0; k < i; k++) value -= packed[at++] * row[k];
      value /= packed[at++];
      row[i] = value;
      sum += value * value;
    }
    return sum;
  };

  return {
    mean(at, from = 0) {
      place(at, from);
      covariances(n);
      return dot(weights, 0, row, 0, n);
    },
    moments(at, variance, from = 0) {
      place(at, from);
      covariances(size);
      const mean = dot(weights, 0, row, 0, n);
      variance[0] = Math.max(1e-14 * signal, signal - reduce());
      return mean;
    },
    believe(at) {
      place(at, 0);
      covariances(size);
      const left = signal + noise - reduce();
      const offset = (size * (size + 1)) / 2;
      packed.set(row.subarray(0, size), offset);
      packed[offset + size] = Math.sqrt(Math.max(left, noise));
      samples.set(point, size * d);
      size++;
    },
    heldOutErrors(fold) {
      const inverse = new Float64Array(n * n);
      invertLower(square, n, inverse);
      return heldOutErrors(inverseEntries(inverse, n), weights, fold);
    },
  };
}

/** Of `point` with each of the `count` samples, both in length scales, to `out`; `share` is the additive one. O(count d). */
function covariancesWith(
  point: Float64Array,
  samples: Float64Array,
  count: number,
  d: number,
  { value }: Covariance,
  signal: number,
  share: number,
  out: Float64Array,
): void {
  const each = share / d;
  for (let i = 0, s = 0; i < count; i++) {
    let r2 = 0;
    let additive = 0;
    for (let j = 0; j < d; j++) {
      const difference = point[j] - samples[s++];
      const q = difference * difference;
      r2 += q;
      if (share > 0) additive += 1 / (1 + 0.5 * q);
    }
    out[i] = signal * ((1 - share) * value(r2) + each * additive);
  }
}
