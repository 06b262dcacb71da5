import { cholesky, dot, invertLower, solveCholesky } from '../../math/matrix.js';
import type { Covariance } from './covariance.js';
import type { WarpedDifferences } from './input-warping.js';

/**
 * Logarithms of d length scales (in the unit of the inputs), of the variance of the signal and of that of the noise above its least;
 * the log odds of the additive share, where the process has one; and the d bends of its inputs (see `warpedInput`), where it has these too:
 * `d + 2`, `d + 3` or `2 d + 3` entries.
 *
 * The covariance is `signal ((1 - share) k(r2) + share / d sum_j 1 / (1 + q_j / 2))`, with `q_j` the square of the distance in variable j in
 * length scales and `r2` their sum: a part of all variables together and one that is the sum of functions of one variable each.
 */
export type HyperParameters = Float64Array;

/** What is believed of the variance of the noise, for outputs of variance 1: `least`, and more by a normal prior of its logarithm. */
export interface NoisePrior {
  readonly least: number;
  readonly centre: number;
  readonly deviation: number;
}

/** A family of processes, and what is believed of its hyper-parameters. */
export interface Family {
  readonly covariance: Covariance;
  /** Where the prior of the log length scales has its centre, less `log(d) / 2`. */
  readonly lengthScale: number;
  readonly noise: NoisePrior;
}

/** The share of the additive part: 0 where the process has none. */
export function additiveShare(theta: HyperParameters, d: number): number {
  return theta.length > d + 2 ? 1 / (1 + Math.exp(-theta[d + 2])) : 0;
}

/** The bend of variable j: 0 where the process has none. */
export function bendOf(theta: HyperParameters, d: number, j: number): number {
  return theta.length > d + 3 ? theta[d + 3 + j] : 0;
}

/** The variance of the noise. */
export function noiseOf(theta: HyperParameters, d: number, { least }: NoisePrior): number {
  return least + Math.exp(theta[d + 1]);
}

/**
 * The negative logarithm of the posterior density of hyper-parameters for a process of mean 0, but for constants, and its gradient where
 * an array is given: the marginal likelihood of the outputs `z` (n entries) whose inputs have the `plain` squares of {@link pairwiseSquares}, times the
 * prior, which takes all hyper-parameters for independent normals; the log length scales with standard deviation sqrt(3),
 * the log signal around 0 with 2, the log odds of the additive share around 0 with sqrt(2), the bends around 0 with 2. With `warped`, the
 * differences of the same inputs, the hyper-parameters have bends, and these take the place of `plain`. +Infinity where the
 * covariance matrix is not positive definite. O(n^3 / 6 + n^2 d / 2), with the gradient O(n^3 / 2 + n^2 d).
 *
 * Length scales that grow with the dimension: Hvarfner, Hellsten and Nardi, "Vanilla Bayesian optimization performs great in high
 * dimensions", 2024.
 */
export function densityOf(
  plain: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
  family: Family,
  warped: WarpedDifferences | null = null,
): (theta: HyperParameters, gradient?: Float64Array) => number {
  const { covariance, noise } = family;
  const squares = warped?.squares ?? plain;
  const bends = d + 3;
  const factor = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  const weights = new Float64Array(n);
  const precision = new Float64Array(d);
  const pairs = (n * (n - 1)) / 2;
  const slope = new Float64Array(pairs); // of the joint part
  const contrast = new Float64Array(pairs); // the additive part less the joint one

  return (theta, gradient) => {
    for (let j = 0; j < d; j++) precision[j] = Math.exp(-2 * theta[j]);
    warped?.bend(theta, bends, gradient !== undefined);
    const signal = Math.exp(theta[d]);
    const excess = Math.exp(theta[d + 1]);
    const share = additiveShare(theta, d);
    for (let i = 0, pair = 0, at = 0; i < n; i++) {
      for (let k = 0; k < i; k++, pair++) {
        let r2 = 0;
        if (share === 0) {
          r2 = dot(precision, 0, squares, at, d);
          at += d;
          factor[i * n + k] = signal * covariance.value(r2);
          if (gradient) slope[pair] = signal * covariance.slope(r2);
          continue;
        }
        let additive = 0;
        for (let j = 0; j < d; j++) {
          const q = precision[j] * squares[at++];
          r2 += q;
          additive += 1 / (1 + 0.5 * q);
        }
        additive /= d;
        const joint = covariance.value(r2);
        factor[i * n + k] = signal * (joint + share * (additive - joint));
        if (!gradient) continue;
        slope[pair] = signal * (1 - share) * covariance.slope(r2);
        contrast[pair] = signal * (additive - joint);
      }
      factor[i * n + i] = signal + noise.least + excess;
    }
    if (!cholesky(factor, n)) return Number.POSITIVE_INFINITY;
    weights.set(z.subarray(0, n));
    solveCholesky(factor, n, weights);
    let value = 0.5 * dot(z, 0, weights, 0, n);
    for (let i = 0; i < n; i++) value += Math.log(factor[i * n + i]);
    if (gradient) {
      invertLower(factor, n, inverse);
      gradient.fill(0);
      let trace = 0; // of W = K^-1 - w w'
      let product = 0; // of W K = n - z'w
      const each = (signal * share) / d;
      for (let i = 0, pair = 0, at = 0; i < n; i++) {
        for (let k = 0; k < i; k++, pair++) {
          // Row i of `inverse` is column i of L^-1, and K^-1 = L^-T L^-1. Half the trace counts each pair once.
          const w = dot(inverse, i * n + i, inverse, k * n + i, n - i) - weights[i] * weights[k];
          const joint = w * slope[pair];
          if (share === 0) {
            for (let j = 0; j < d; j++) gradient[j] += joint * squares[at++];
            continue;
          }
          const single = w * each;
          for (let j = 0; j < d; j++, at++) {
            const q = precision[j] * squares[at];
            const inner = 1 + 0.5 * q;
            const slopeByLength = joint + single / (inner * inner);
            gradient[j] += slopeByLength * q;
            if (warped) gradient[bends + j] -= slopeByLength * precision[j] * warped.slopes[at];
          }
          gradient[d + 2] += w * contrast[pair];
        }
        trace += dot(inverse, i * n + i, inverse, i * n + i, n - i) - weights[i] * weights[i];
        product += 1 - z[i] * weights[i];
      }
      if (share === 0) for (let j = 0; j < d; j++) gradient[j] *= precision[j];
      if (theta.length > d + 2) gradient[d + 2] *= share * (1 - share);
      gradient[d] = 0.5 * (product - (noise.least + excess) * trace);
      gradient[d + 1] = 0.5 * excess * trace;
    }
    return value + prior(theta, d, family, gradient);
  };
}

function prior(
  theta: HyperParameters,
  d: number,
  { lengthScale, noise }: Family,
  gradient?: Float64Array,
): number {
  let value = 0;
  for (let j = 0; j < theta.length; j++) {
    const [centre, variance] =
      j < d
        ? [lengthScale + Math.log(d) / 2, 3]
        : j === d
          ? [0, 4]
          : j === d + 1
            ? [noise.centre, noise.deviation ** 2]
            : j === d + 2
              ? [0, 2]
              : [0, 4];
    const off = theta[j] - centre;
    value += (off * off) / (2 * variance);
    if (gradient) gradient[j] += off / variance;
  }
  return value;
}

/**
 * The squared differences of the pairs k < i in each variable, by i and then by k, d entries each, of n rows of `x`. Columns of the same `group` (numbered
 * from 0) are one variable, a choice: 1 between unlike values, whose columns differ in two.
 */
export function pairwiseSquares(x: Float64Array, n: number, group: ArrayLike<number>): Float64Array {
  const columns = group.length;
  const sizes: number[] = [];
  for (let j = 0; j < columns; j++) sizes[group[j]] = (sizes[group[j]] ?? 0) + 1;
  const d = sizes.length;
  const squares = new Float64Array(((n * (n - 1)) / 2) * d);
  for (let i = 0, at = 0; i < n; i++)
    for (let k = 0; k < i; k++, at += d)
      for (let j = 0; j < columns; j++) {
        const square = (x[i * columns + j] - x[k * columns + j]) ** 2;
        squares[at + group[j]] += sizes[group[j]] > 1 ? square / 2 : square;
      }
  return squares;
}
