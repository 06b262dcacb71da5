import { cholesky, dot, invertLower, solveCholesky } from '../../math/matrix.js';
import { minimise } from '../../math/quasi-newton.js';
import type { Covariance } from './covariance.js';

/**
 * Logarithms of d length scales (in the unit of the inputs), of the variance of the signal and of that of the noise; and the log
 * odds of the additive share (see `covariance`).
 */
export type HyperParameters = Float64Array;

/** What is believed of the variance of the noise, for outputs of variance 1: `least`, and more by a normal prior of its logarithm. */
export interface NoisePrior {
  readonly least: number;
  readonly centre: number;
  readonly deviation: number;
}

/** For outputs that are measured exactly: enough to keep the covariance matrix positive definite, and to forgive a little. */
export const EXACT: NoisePrior = { least: 1e-8, centre: Math.log(1e-6), deviation: 1 };
/** For outputs that repeat only roughly. */
export const NOISY: NoisePrior = { least: 1e-8, centre: Math.log(1e-2), deviation: 3 };
/**
 * For outputs that repeat exactly and still jump from point to point: more than what is forgiven an exact output, three standard
 * deviations of its prior, so that a smooth output is better off as an exact one.
 */
export const ROUGH: NoisePrior = { ...NOISY, least: Math.exp(EXACT.centre + 3 * EXACT.deviation) };

export interface Fitted {
  readonly theta: HyperParameters;
  /** The negative logarithm of the posterior density there, but for constants; +Infinity when there is none. */
  readonly value: number;
}

/**
 * The most probable hyper-parameters of a Gaussian process of mean 0 for the outputs `z` (of mean 0 and variance 1) at
 * `x` (n x d, entries in [0, 1]): BFGS from the best of `starts`. `iterations` bounds its steps, each O(n^3 / 2 + n^2 d).
 *
 * The prior takes all of them for independent normals: the log length scales around `log(d) / 2 - 0.09` with standard deviation
 * sqrt(3) (they grow with the dimension as in Hvarfner, Hellsten and Nardi, "Vanilla Bayesian optimization performs great in
 * high dimensions", 2024; the centre lies between the median of their lognormal and its mode), the log signal around 0 with
 * 2, the log noise as given, the log odds of the additive share around 0 with sqrt(2).
 */
export function mostProbable(
  x: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
  covariance: Covariance,
  noise: NoisePrior,
  starts: readonly HyperParameters[],
  iterations: number,
): Fitted {
  const density = densityOf(x, z, n, d, covariance, noise);
  let best: Fitted = { theta: starts[0], value: Number.POSITIVE_INFINITY };
  if (starts.length === 1) best = { theta: starts[0], value: 0 };
  else
    for (const theta of starts) {
      const value = density(theta);
      if (value < best.value) best = { theta, value };
    }
  const { x: theta, value } = minimise(
    density as (at: Float64Array, gradient: Float64Array) => number,
    best.theta,
    {
      iterations,
      tolerance: 1e-3,
      reach: 2,
    },
  );
  return { theta, value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY };
}

/** Starts that know nothing: short, middling and long length scales. */
export function defaultStarts(d: number, { centre }: NoisePrior): HyperParameters[] {
  return [0.25, 0.7, 2].map((scale) => {
    const theta = new Float64Array(d + 3).fill(Math.log(scale * Math.sqrt(d)), 0, d);
    theta[d + 1] = centre;
    return theta;
  });
}

export function noiseOf(theta: HyperParameters, { least }: NoisePrior): number {
  return least + Math.exp(theta[theta.length - 2]);
}

/** The negative logarithm of the posterior density, and its gradient. */
export function densityOf(
  x: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
  covariance: Covariance,
  noise: NoisePrior,
): (theta: HyperParameters, gradient?: Float64Array) => number {
  const squares = pairwiseSquares(x, n, d);
  const factor = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  const weights = new Float64Array(n);
  const precision = new Float64Array(d);
  const pairs = (n * (n - 1)) / 2;
  const slope = new Float64Array(pairs); // of the joint part
  const contrast = new Float64Array(pairs); // the additive part less the joint one

  return (theta, gradient) => {
    for (let j = 0; j < d; j++) precision[j] = Math.exp(-2 * theta[j]);
    const signal = Math.exp(theta[d]);
    const excess = Math.exp(theta[d + 1]);
    const share = 1 / (1 + Math.exp(-theta[d + 2]));
    for (let i = 0, pair = 0, at = 0; i < n; i++) {
      for (let k = 0; k < i; k++, pair++) {
        let r2 = 0;
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
          const single = w * each;
          for (let j = 0; j < d; j++) {
            const q = precision[j] * squares[at++];
            const inner = 1 + 0.5 * q;
            gradient[j] += (joint + single / (inner * inner)) * q;
          }
          gradient[d + 2] += w * contrast[pair];
        }
        trace += dot(inverse, i * n + i, inverse, i * n + i, n - i) - weights[i] * weights[i];
        product += 1 - z[i] * weights[i];
      }
      gradient[d + 2] *= share * (1 - share);
      gradient[d] = 0.5 * (product - (noise.least + excess) * trace);
      gradient[d + 1] = 0.5 * excess * trace;
    }
    return value + prior(theta, d, noise, gradient);
  };
}

/** Where the prior of the logarithm of a length scale has its centre. */
const lengthScale = (d: number) => Math.SQRT2 - 1.5 + Math.log(d) / 2;

function prior(theta: HyperParameters, d: number, noise: NoisePrior, gradient?: Float64Array): number {
  let value = 0;
  for (let j = 0; j < d + 3; j++) {
    const [centre, variance] =
      j < d
        ? [lengthScale(d), 3]
        : j === d
          ? [0, 4]
          : j === d + 1
            ? [noise.centre, noise.deviation ** 2]
            : [0, 2];
    const off = theta[j] - centre;
    value += (off * off) / (2 * variance);
    if (gradient) gradient[j] += off / variance;
  }
  return value;
}

/** (x_ij - x_kj)^2 for the pairs k < i, by i and then by k, d entries each. */
function pairwiseSquares(x: Float64Array, n: number, d: number): Float64Array {
  const squares = new Float64Array(((n * (n - 1)) / 2) * d);
  for (let i = 0, at = 0; i < n; i++)
    for (let k = 0; k < i; k++)
      for (let j = 0; j < d; j++) squares[at++] = (x[i * d + j] - x[k * d + j]) ** 2;
  return squares;
}
