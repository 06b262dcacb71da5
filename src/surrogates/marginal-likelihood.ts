import { cholesky, dot, invertLower, solveCholesky } from '../math/matrix.js';
import { minimise } from '../math/quasi-newton.js';

/** The least variance of the noise, for outputs of variance 1: it keeps the covariance matrix positive definite. */
export const NOISE_FLOOR = 1e-6;

/** How many times the search for hyper-parameters may step from one start. */
const ITERATIONS = 30;

/**
 * Hyper-parameters of the process as logarithms: d length scales, the variance of the signal, that of the noise
 * above its floor.
 */
export type Theta = Float64Array;

/** Samples made ready for many evaluations of the likelihood. */
export interface Likelihood {
  readonly n: number;
  /** Variables. */
  readonly d: number;
  /**
   * The negative logarithm of the posterior density at `theta`, but for constants; +Infinity where the covariance
   * matrix is not positive definite. Writes its derivatives to `gradient` where given. O(n^3 / 6) without the
   * gradient, O(n^3 / 2 + n^2 d) with it.
   */
  evaluate(theta: Theta, gradient?: Float64Array): number;
}

/**
 * The most probable hyper-parameters for standardised outputs `z`: BFGS from the two best of a few fixed starts,
 * the better end. It does not look for noise-free data or for irrelevant columns in particular: the priors leave
 * room for both.
 */
export function mostProbable(
  x: Float64Array,
  z: Float64Array,
  n: number,
  columns: number,
  variable: Int32Array = Int32Array.from({ length: columns }, (_, j) => j),
): Theta {
  const likelihood = likelihoodOf(x, z, n, columns, variable);
  const { d } = likelihood;
  const starts = STARTS.map(([scale, noise]) => {
    const theta = new Float64Array(d + 2).fill(Math.log(scale * Math.sqrt(d)), 0, d);
    theta[d + 1] = Math.log(noise);
    return { theta, value: likelihood.evaluate(theta) };
  }).sort((a, b) => a.value - b.value);
  const ends = starts
    .slice(0, 2)
    .map(({ theta }) =>
      minimise((at, gradient) => likelihood.evaluate(at, gradient), theta, {
        iterations: ITERATIONS,
        tolerance: 1e-2,
        reach: 2,
      }),
    )
    .sort((a, b) => a.value - b.value);
  if (!Number.isFinite(ends[0].value)) throw new Error('no hyper-parameters have a finite likelihood');
  return byColumn(ends[0].x, variable);
}

/** Length scales of the variables as those of their columns: over a choice of two columns unlike values differ twice. */
function byColumn(theta: Theta, variable: Int32Array): Theta {
  const { group, sizes } = groupsOf(variable);
  const d = sizes.length;
  const scales = Array.from(group, (v) => theta[v] + (sizes[v] > 1 ? Math.LN2 / 2 : 0));
  return Float64Array.of(...scales, theta[d], theta[d + 1]);
}

/** The variables numbered from 0 in the order of their columns, and how many columns each has. */
function groupsOf(variable: Int32Array) {
  const numbers = new Map<number, number>();
  const sizes: number[] = [];
  const group = variable.map((v) => {
    const known = numbers.get(v) ?? numbers.size;
    numbers.set(v, known);
    sizes[known] = (sizes[known] ?? 0) + 1;
    return known;
  });
  return { group, sizes };
}

/** Length scale over sqrt(d), and variance of the noise. */
const STARTS = [
  [0.25, 1e-3],
  [1, 1e-3],
  [4, 1e-3],
  [0.25, 0.1],
  [1, 0.1],
  [4, 0.1],
] as const;

/**
 * The density behind {@link mostProbable}: the marginal likelihood of a Gaussian process of mean 0 and the Matern
 * 5/2 covariance `s (1 + a + a^2 / 3) exp(-a)`, `a = sqrt(5 sum_j (x_j - x'_j)^2 / l_j^2)`, times a prior that
 * takes the logarithms for independent normals: the length scales around sqrt(2) + log(d) / 2 with standard
 * deviation sqrt(3) (Hvarfner, Hellsten and Nardi, "Vanilla Bayesian optimization performs great in high
 * dimensions", 2024), the signal around 0 with 2, the noise around -6 with 3. The sum runs over the variables (d of
 * them; see `Fit`), unlike values of a choice 1 apart.
 */
export function likelihoodOf(
  x: Float64Array,
  z: Float64Array,
  n: number,
  columns: number,
  variable: Int32Array = Int32Array.from({ length: columns }, (_, j) => j),
): Likelihood {
  const { group, sizes } = groupsOf(variable);
  const d = sizes.length;
  const squares = pairwiseSquares(x, n, columns, group, sizes);
  const factor = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  const a = new Float64Array(n);
  const precision = new Float64Array(d);
  const decay = new Float64Array((n * (n - 1)) / 2); // of each pair: dk / d(log l_j) = decay / 3 * precision_j * square_j

  const evaluate = (theta: Theta, gradient?: Float64Array): number => {
    for (let j = 0; j < d; j++) precision[j] = 5 * Math.exp(-2 * theta[j]);
    const signal = Math.exp(theta[d]);
    const excess = Math.exp(theta[d + 1]);
    for (let i = 0, pair = 0; i < n; i++) {
      for (let k = 0; k < i; k++, pair++) {
        const square = dot(precision, 0, squares, pair * d, d);
        const root = Math.sqrt(square);
        const tail = signal * Math.exp(-root);
        factor[i * n + k] = tail * (1 + root + square / 3);
        decay[pair] = tail * (1 + root);
      }
      factor[i * n + i] = signal + NOISE_FLOOR + excess;
    }
    if (!cholesky(factor, n)) return Number.POSITIVE_INFINITY;
    a.set(z.subarray(0, n));
    solveCholesky(factor, n, a);
    let value = 0.5 * dot(z, 0, a, 0, n);
    for (let i = 0; i < n; i++) value += Math.log(factor[i * n + i]);
    if (gradient) {
      invertLower(factor, n, inverse);
      likelihoodGradient(excess, gradient);
    }
    return value + prior(theta, d, gradient);
  };

  /** Half the trace of (K^-1 - a a') dK / dtheta. */
  const likelihoodGradient = (excess: number, gradient: Float64Array): void => {
    gradient.fill(0);
    let trace = 0; // of W = K^-1 - a a'
    let product = 0; // of W and K = I - a a'K = n - z'a
    for (let i = 0, pair = 0; i < n; i++) {
      for (let k = 0; k < i; k++, pair++) {
        // Row i of `inverse` is column i of L^-1, and K^-1 = L^-T L^-1.
        const w = dot(inverse, i * n + i, inverse, k * n + i, n - i) - a[i] * a[k];
        // Each pair stands twice in the matrix: half of the trace is once.
        const share = (w * decay[pair]) / 3;
        for (let j = 0; j < d; j++) gradient[j] += share * squares[pair * d + j];
      }
      trace += dot(inverse, i * n + i, inverse, i * n + i, n - i) - a[i] * a[i];
      product += 1 - z[i] * a[i];
    }
    for (let j = 0; j < d; j++) gradient[j] *= precision[j];
    // K = signal part + (floor + excess) I, so the signal part's share is what the diagonal leaves.
    gradient[d] = 0.5 * (product - (NOISE_FLOOR + excess) * trace);
    gradient[d + 1] = 0.5 * excess * trace;
  };

  return { n, d, evaluate };
}

/** The negative logarithm of the prior; adds its derivatives to `gradient`. */
function prior(theta: Theta, d: number, gradient?: Float64Array): number {
  let value = 0;
  for (let j = 0; j < d + 2; j++) {
    const centre = j < d ? Math.SQRT2 + Math.log(d) / 2 : j === d ? 0 : -6;
    const variance = j < d ? 3 : j === d ? 4 : 9;
    const off = theta[j] - centre;
    value += (off * off) / (2 * variance);
    if (gradient) gradient[j] += off / variance;
  }
  return value;
}

/**
 * The squared differences of the pairs k < i in each variable, by i and then by k, d entries each; 1 between unlike
 * values of a choice, whose several columns differ in two.
 */
function pairwiseSquares(
  x: Float64Array,
  n: number,
  columns: number,
  group: Int32Array,
  sizes: readonly number[],
): Float64Array {
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
