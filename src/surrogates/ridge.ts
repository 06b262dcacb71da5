import { cholesky, dot, invertLower, solveCholesky } from '../math/matrix.js';

/** Strengths that {@link ridge} tries, relative to the mean eigenvalue of the Gram matrix used. */
const STRENGTHS = [1e-9, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1] as const;

/**
 * Ridge regression: the weights `w` that minimise `|Z w - z|^2 + strength |w|^2`, for centred columns `Z` (n x p,
 * row-major) and outputs `z` of mean 0. The strength is the one of seven with the smallest squared leave-one-out
 * error (Allen's PRESS, in closed form, the intercept counted as a parameter; ties to the smaller strength).
 *
 * Works on the p x p Gram matrix when p < n - 1, else on the n x n: O(n p min(n, p)) plus O(m^2 (m + n)) a
 * strength, m = min(n, p). Throws an Error when no strength gives a finite error.
 */
export function ridge(columns: Float64Array, z: Float64Array, n: number, p: number): Float64Array {
  const primal = p < n - 1; // with p = n - 1 the leverages come to 1, which only the n x n form can tell apart
  const m = primal ? p : n;
  const gram = primal ? columnGram(columns, n, p) : rowGram(columns, n, p);
  let trace = 0;
  for (let i = 0; i < m; i++) trace += gram[i * m + i];
  if (trace === 0) return new Float64Array(p);

  // The centred columns know nothing of the constant vector. Giving it the mean eigenvalue in the n x n form changes no
  // weight, and keeps the intercept's share of the leverages from drowning the rest.
  if (!primal) for (let at = 0; at < n * n; at++) gram[at] += trace / (n * n);

  let best: Float64Array | null = null;
  let smallest = Number.POSITIVE_INFINITY;
  const factor = new Float64Array(m * m);
  for (const relative of STRENGTHS) {
    const strength = (relative * trace) / m;
    factor.set(gram);
    for (let i = 0; i < m; i++) factor[i * m + i] += strength;
    if (!cholesky(factor, m)) continue;
    const { weights, press } = primal
      ? solvePrimal(columns, z, n, p, factor)
      : solveDual(columns, z, n, p, factor, strength + trace / n);
    if (press < smallest) {
      smallest = press;
      best = weights;
    }
  }
  if (!best) throw new Error('its system is singular');
  return best;
}

interface Solution {
  readonly weights: Float64Array;
  readonly press: number;
}

/** `w = (Z'Z + s I)^-1 Z'z`; the leverage of a sample is its row through the same inverse. */
function solvePrimal(
  columns: Float64Array,
  z: Float64Array,
  n: number,
  p: number,
  factor: Float64Array,
): Solution {
  const weights = new Float64Array(p);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) weights[j] += columns[i * p + j] * z[i];
  solveCholesky(factor, p, weights);
  let press = 0;
  const v = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    // |L^-1 row|^2 by forward substitution
    let leverage = 1 / n;
    for (let j = 0; j < p; j++) {
      v[j] = (columns[i * p + j] - dot(factor, j * p, v, 0, j)) / factor[j * p + j];
      leverage += v[j] * v[j];
    }
    const error = z[i] - dot(columns, i * p, weights, 0, p);
    press += (error / Math.max(1 - leverage, 1e-12)) ** 2;
  }
  return { weights, press };
}

/**
 * `a = (Z Z' + s I)^-1 z`, `w = Z'a`. The errors are s times a; 1 - leverage is s times the diagonal of the
 * inverse, less the share of the constant vector, whose eigenvalue is `constant`.
 */
function solveDual(
  columns: Float64Array,
  z: Float64Array,
  n: number,
  p: number,
  factor: Float64Array,
  constant: number,
): Solution {
  const a = z.slice(0, n);
  solveCholesky(factor, n, a);
  const inverse = new Float64Array(n * n);
  invertLower(factor, n, inverse);
  let press = 0;
  for (let i = 0; i < n; i++) {
    const diagonal = dot(inverse, i * n + i, inverse, i * n + i, n - i);
    press += (a[i] / (diagonal - 1 / (n * constant))) ** 2;
  }
  const weights = new Float64Array(p);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) weights[j] += columns[i * p + j] * a[i];
  return { weights, press };
}

function columnGram(columns: Float64Array, n: number, p: number): Float64Array {
  const gram = new Float64Array(p * p);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < p; j++) {
      const value = columns[i * p + j];
      for (let k = 0; k <= j; k++) gram[j * p + k] += value * columns[i * p + k];
    }
  return gram;
}

function rowGram(columns: Float64Array, n: number, p: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) gram[i * n + k] = dot(columns, i * p, columns, k * p, p);
  return gram;
}
