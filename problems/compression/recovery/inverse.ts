import type { Moments } from './moments.js';

/**
 * The inverse of a symmetric positive definite n x n matrix, row-major, of which the lower triangle is read. `n^3 / 2` multiplications.
 * A pivot that rounding has made smaller than 1e-12 counts as that.
 */
export function inverseOf(matrix: Float64Array, n: number): Float64Array {
  const lower = Float64Array.from(matrix);
  cholesky(lower, n);
  invertLower(lower, n);
  // The inverse is L' L for the inverse L of the factor: sums of its rows with themselves, row by row.
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const factor = lower[k * n + i];
      for (let j = 0; j <= i; j++) inverse[i * n + j] += factor * lower[k * n + j];
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j];
  return inverse;
}

/** The lower Cholesky factor in place of the lower triangle of a positive definite n x n matrix; n^3 / 6 multiplications. */
export function cholesky(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j * n + j];
    }
  }
}

/** The inverse of a lower triangular matrix, in its place; n^3 / 6 multiplications. */
export function invertLower(a: Float64Array, n: number): void {
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // Row i of the inverse: (e_i - sum_k<i a_ik inverse_k) / a_ii; the rows above are inverses already.
    row.fill(0, 0, i);
    for (let k = 0; k < i; k++) {
      const by = a[i * n + k];
      if (by !== 0) for (let j = 0; j <= k; j++) row[j] += by * a[k * n + j];
    }
    const diagonal = a[i * n + i];
    for (let j = 0; j < i; j++) a[i * n + j] = -row[j] / diagonal;
    a[i * n + i] = 1 / diagonal;
  }
}

/** Second moments of the inputs from `first` on, means over places, with damping on the diagonal. */
export function covarianceOf(
  { gram, size, places }: Pick<Moments, 'gram' | 'size' | 'places'>,
  first: number,
  width: number,
  centred: boolean,
): Float64Array {
  const matrix = new Float64Array(width * width);
  const mean = (i: number) => (centred ? gram[(first + i) * size + size - 1] / places : 0);
  let trace = 0;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++)
      matrix[i * width + j] = gram[(first + i) * size + first + j] / places - mean(i) * mean(j);
    trace += matrix[i * width + i];
  }
  const damping = (DAMPING * trace) / width || 1;
  for (let i = 0; i < width; i++) matrix[i * width + i] += damping;
  return matrix;
}

/** Added to the second moments, as a share of their mean. */
const DAMPING = 1e-3;
