import { cholesky, dot, inverseEntries, invertLower, solveCholesky, solveLower } from '../math/matrix.js';
import { heldOutErrors } from './held-out.js';

/** Strengths that are tried, relative to the mean eigenvalue of the Gram matrix used. */
const STRENGTHS = [1e-9, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1] as const;

export interface PenalisedFit {
  /** p entries. */
  readonly weights: Float64Array;
  /** As `Learnt.heldOutErrors`, at the strength of all samples. */
  readonly heldOutErrors: (fold: Int32Array) => Float64Array | null;
}

/**
 * Ridge regression: the weights `w` that minimise `|Z w - z|^2 + strength |w|^2`, for centred columns `Z` (n x p,
 * row-major) and outputs `z` of mean 0. The strength is the one of seven with the smallest squared leave-one-out
 * error (Allen's PRESS, in closed form, the intercept counted as a parameter; ties to the smaller strength).
 *
 * Works on the p x p Gram matrix when p < n - 1, else on the n x n: O(n p min(n, p)) plus O(m^2 (m + n)) a
 * strength, m = min(n, p). Throws an Error when no strength gives a finite error.
 */
export function penalisedLeastSquares(
  columns: Float64Array,
  z: Float64Array,
  n: number,
  p: number,
): PenalisedFit {
  const primal = p < n - 1; // with p = n - 1 the leverages come to 1, which only the n x n form can tell apart
  const m = primal ? p : n;
  const gram = primal ? columnGram(columns, n, p) : rowGram(columns, n, p);
  let trace = 0;
  for (let i = 0; i < m; i++) trace += gram[i * m + i];
  if (trace === 0) return { weights: new Float64Array(p), heldOutErrors: meanOfOthers(z, n) };

  // The centred columns know nothing of the constant vector. Giving it the mean eigenvalue in the n x n form changes no
  // weight, and keeps the intercept's share of the leverages from drowning the rest.
  if (!primal) for (let at = 0; at < n * n; at++) gram[at] += trace / (n * n);

  let best: Solution | null = null;
  for (const relative of STRENGTHS) {
    const strength = (relative * trace) / m;
    const factor = gram.slice();
    for (let i = 0; i < m; i++) factor[i * m + i] += strength;
    if (!cholesky(factor, m)) continue;
    const solution = primal
      ? solvePrimal(columns, z, n, p, factor)
      : solveDual(columns, z, n, p, factor, strength + trace / n);
    if (solution.press < (best?.press ?? Number.POSITIVE_INFINITY)) best = solution;
  }
  if (!best) throw new Error('its system is singular');
  const { weights, rest, entry } = best;
  return { weights, heldOutErrors: (fold) => heldOutErrors(entry, rest, fold) };
}

interface Solution {
  readonly weights: Float64Array;
  readonly press: number;
  /** See `heldOutErrors`. */
  readonly rest: Float64Array;
  readonly entry: (i: number, j: number) => number;
}

/** `w = (Z'Z + s I)^-1 Z'z`; the leverage of two samples is the product of their rows through the same inverse. */
function solvePrimal(
  columns: Float64Array,
  z: Float64Array,
  n: number,
  p: number,
  factor: Float64Array,
): Solution {
  const weights = weighted(columns, z, n, p);
  solveCholesky(factor, p, weights);
  const rows = columns.slice(); // L^-1 of each row
  for (let i = 0; i < n; i++) solveLower(factor, p, rows.subarray(i * p, i * p + p));
  const entry = (i: number, j: number) => Number(i === j) - 1 / n - dot(rows, i * p, rows, j * p, p);
  const rest = new Float64Array(n);
  let press = 0;
  for (let i = 0; i < n; i++) {
    rest[i] = z[i] - dot(columns, i * p, weights, 0, p);
    press += (rest[i] / Math.max(entry(i, i), 1e-12)) ** 2;
  }
  return { weights, press, rest, entry };
}

/**
 * `a = (Z Z' + s I)^-1 z`, `w = Z'a`. The errors are s times a; I less the smoother is s times the inverse, less the
 * share of the constant vector, whose eigenvalue is `constant`.
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
  const whole = inverseEntries(inverse, n);
  const entry = (i: number, j: number) => whole(i, j) - 1 / (n * constant);
  let press = 0;
  for (let i = 0; i < n; i++) press += (a[i] / entry(i, i)) ** 2;
  return { weights: weighted(columns, a, n, p), press, rest: a, entry };
}

/** `Z'a` (p entries). */
function weighted(columns: Float64Array, a: Float64Array, n: number, p: number): Float64Array {
  const sum = new Float64Array(p);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) sum[j] += columns[i * p + j] * a[i];
  return sum;
}

/** Without a column that varies, the mean is all there is. */
function meanOfOthers(z: Float64Array, n: number): PenalisedFit['heldOutErrors'] {
  return (fold) => heldOutErrors((i, j) => Number(i === j) - 1 / n, z, fold);
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
