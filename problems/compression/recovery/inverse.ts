import type { Moments } from './moments.js';

/**
 * The inverse of a symmetric positive definite n x n matrix, row-major, of which the lower triangle is read. `n^3 / 2` multiplications.
 * A pivot that rounding has made smaller than 1e-12 counts as that.
 */
export function inverseOf(matrix: Float64Array, n: number): Float64Array {
  const lower = Float64Array.from(matrix);
  cholesky(lower, n);
  invertLower(lower, n);
  // The inverse is L' L for the inverse L of the factor: sums of its rows with themselves, four rows at a time.
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k += 4) {
    const end = Math.min(k + 4, n);
    for (let i = 0; i < end; i++) addRows(inverse, i * n, i + 1, lower, n, Math.max(k, i), end, lower, i, n);
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j];
  return inverse;
}

/**
 * The lower Cholesky factor in place of the lower triangle of a positive definite n x n matrix; n^3 / 6 multiplications. Four rows and two
 * columns at a time, which takes a third of the time of one by one.
 */
export function cholesky(a: Float64Array, n: number): void {
  for (let row = 0; row < n; row += 4) {
    const done = row + 4 <= n ? fourRows(a, n, row) : 0;
    for (let i = row; i < Math.min(row + 4, n); i++)
      for (let j = done; j <= i; j++) {
        let sum = a[i * n + j];
        for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
        a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j * n + j];
      }
  }
}

/** Columns of the factor in four rows, as many as stand in pairs before the first of them; their number. */
function fourRows(a: Float64Array, n: number, row: number): number {
  const first = row * n;
  const second = first + n;
  const third = second + n;
  const fourth = third + n;
  let j = 0;
  for (; j + 2 <= row; j += 2) {
    const left = j * n;
    const right = left + n;
    let p0 = a[first + j];
    let p1 = a[second + j];
    let p2 = a[third + j];
    let p3 = a[fourth + j];
    let q0 = a[first + j + 1];
    let q1 = a[second + j + 1];
    let q2 = a[third + j + 1];
    let q3 = a[fourth + j + 1];
    for (let k = 0; k < j; k++) {
      const p = a[left + k];
      const q = a[right + k];
      p0 -= a[first + k] * p;
      p1 -= a[second + k] * p;
      p2 -= a[third + k] * p;
      p3 -= a[fourth + k] * p;
      q0 -= a[first + k] * q;
      q1 -= a[second + k] * q;
      q2 -= a[third + k] * q;
      q3 -= a[fourth + k] * q;
    }
    const pivot = a[left + j];
    const between = a[right + j];
    const next = a[right + j + 1];
    a[first + j] = p0 / pivot;
    a[second + j] = p1 / pivot;
    a[third + j] = p2 / pivot;
    a[fourth + j] = p3 / pivot;
    a[first + j + 1] = (q0 - a[first + j] * between) / next;
    a[second + j + 1] = (q1 - a[second + j] * between) / next;
    a[third + j + 1] = (q2 - a[third + j] * between) / next;
    a[fourth + j + 1] = (q3 - a[fourth + j] * between) / next;
  }
  return j;
}

/** The inverse of a lower triangular matrix, in its place; n^3 / 6 multiplications. */
export function invertLower(a: Float64Array, n: number): void {
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // Row i of the inverse: (e_i - sum_k<i a_ik inverse_k) / a_ii; the rows above are inverses already.
    row.fill(0, 0, i);
    for (let k = 0; k < i; k += 4) {
      const end = Math.min(k + 4, i);
      addRows(row, 0, k + 1, a, n, k, end, a, i * n, 1);
      // What the later ones have behind the first.
      for (let j = k + 1; j < end; j++)
        for (let later = j; later < end; later++) row[j] += a[i * n + later] * a[later * n + j];
    }
    const diagonal = a[i * n + i];
    for (let j = 0; j < i; j++) a[i * n + j] = -row[j] / diagonal;
    a[i * n + i] = 1 / diagonal;
  }
}

/** Adds the first `length` numbers of rows `from` to `end` of a matrix, four at the most, by their factors, one `step` apart. */
function addRows(
  out: Float64Array,
  at: number,
  length: number,
  a: Float64Array,
  n: number,
  from: number,
  end: number,
  factors: Float64Array,
  offset: number,
  step: number,
): void {
  const first = from * n;
  if (end - from === 4) {
    const second = first + n;
    const third = second + n;
    const fourth = third + n;
    const p = factors[offset + from * step];
    const q = factors[offset + (from + 1) * step];
    const r = factors[offset + (from + 2) * step];
    const s = factors[offset + (from + 3) * step];
    for (let j = 0; j < length; j++)
      out[at + j] = out[at + j] + p * a[first + j] + q * a[second + j] + r * a[third + j] + s * a[fourth + j];
    return;
  }
  for (let row = from; row < end; row++) {
    const factor = factors[offset + row * step];
    for (let j = 0; j < length; j++) out[at + j] += factor * a[row * n + j];
  }
}

/** Second moments of the inputs from `first` on, means over places, with damping on the diagonal. */
export function covarianceOf(
  { gram, size, places }: Pick<Moments, 'gram' | 'size' | 'places'>,
  first: number,
  width: number,
  centred: boolean,
): Float64Array<ArrayBuffer> {
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
