/*
 * Small dense linear algebra on flat row-major arrays of doubles, for matrices of up to a few hundred rows.
 * Symmetric matrices are read from their lower triangle. The inner loops run along rows, so that memory is read in
 * order.
 */

/**
 * Cholesky factorisation in place: the lower triangle of the symmetric `a` (n x n) becomes `L` with `a = L L'`. The
 * strict upper triangle is left as it is. Returns false, with `a` half overwritten, when a pivot is not above
 * `1e-14` times its diagonal entry (not positive definite, or NaN). n^3 / 6 multiplications.
 */
export function cholesky(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j < i; j++) {
      const rowJ = j * n;
      let sum = a[rowI + j];
      for (let k = 0; k < j; k++) sum -= a[rowI + k] * a[rowJ + k];
      a[rowI + j] = sum / a[rowJ + j];
    }
    const diagonal = a[rowI + i];
    let pivot = diagonal;
    for (let k = 0; k < i; k++) pivot -= a[rowI + k] * a[rowI + k];
    if (!(pivot > 1e-14 * diagonal)) return false;
    a[rowI + i] = Math.sqrt(pivot);
  }
  return true;
}

/**
 * Writes to `out` the Cholesky factor of `a + jitter * m * I`, where `m` is the mean of the diagonal, with the
 * first jitter of `from`, `10 from`, ... 0.01 that makes it positive definite (`from` = 0 tries none first, then
 * 1e-10). `a` is left as it is. Returns the jitter used, or NaN when none was enough.
 */
export function jitteredCholesky(a: Float64Array, n: number, out: Float64Array, from = 0): number {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += a[i * n + i] / n;
  for (let jitter = from; jitter <= 0.011; jitter = jitter === 0 ? 1e-10 : jitter * 10) {
    out.set(a);
    for (let i = 0; i < n; i++) out[i * n + i] += jitter * mean;
    if (cholesky(out, n)) return jitter;
  }
  return Number.NaN;
}

/** Solves `L v = b` in place of `b` (n entries) for the lower triangular `l` (n x n). */
export function solveLower(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= l[i * n + k] * b[k];
    b[i] = sum / l[i * n + i];
  }
}

/** Solves `L' v = b` in place of `b` (n entries) for the lower triangular `l` (n x n). */
export function solveLowerTransposed(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    b[i] /= l[i * n + i];
    for (let k = 0; k < i; k++) b[k] -= l[i * n + k] * b[i];
  }
}

/** Solves `L L' v = b` in place of `b`. */
export function solveCholesky(l: Float64Array, n: number, b: Float64Array): void {
  solveLower(l, n, b);
  solveLowerTransposed(l, n, b);
}

/**
 * Writes the transpose of the inverse of the lower triangular `l` (n x n) to the upper triangle of `out`, diagonal
 * included; the strict lower triangle of `out` is left as it is. n^3 / 6 multiplications.
 */
export function invertLower(l: Float64Array, n: number, out: Float64Array): void {
  for (let j = 0; j < n; j++) {
    const column = j * n; // row j of `out` holds column j of the inverse
    out[column + j] = 1 / l[column + j];
    for (let i = j + 1; i < n; i++) {
      const row = i * n;
      let sum = 0;
      for (let k = j; k < i; k++) sum -= l[row + k] * out[column + k];
      out[column + i] = sum / l[row + i];
    }
  }
}

/** Reads the entries of `(L L')^-1` from what {@link invertLower} wrote of `L`: O(n - max(i, j)) each. */
export function inverseEntries(inverse: Float64Array, n: number): (i: number, j: number) => number {
  return (i, j) => {
    const from = Math.max(i, j);
    return dot(inverse, i * n + from, inverse, j * n + from, n - from);
  };
}

/** An orthonormal basis of the span of some columns: see {@link orthonormalBasis}. */
export interface Basis {
  readonly rank: number;
  /** The columns kept, in the order in which they were taken; `rank` of them. */
  readonly columns: Int32Array;
  /** rank x n: row k is the k-th basis vector. */
  readonly q: Float64Array;
  /** rank x rank, upper triangular: kept column k is the sum over i <= k of `r[i, k] q[i]`. */
  readonly r: Float64Array;
}

/**
 * Modified Gram-Schmidt with column pivoting and one re-orthogonalisation on `a` (n x p, row-major). At each step
 * the column with the largest remainder is taken (ties to the lower index), until no remainder exceeds `tolerance`
 * times the largest norm at the start: the columns left out depend on those kept. O(n p rank).
 */
export function orthonormalBasis(a: Float64Array, n: number, p: number, tolerance: number): Basis {
  const rest = new Float64Array(p * n); // column-wise: what is left of each column
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) rest[j * n + i] = a[i * p + j];
  const limit = Math.min(n, p);
  const columns = new Int32Array(limit);
  const q = new Float64Array(limit * n);
  const taken = new Uint8Array(p);
  const coefficients = new Float64Array(limit * p); // coefficients[i, j]: share of q_i in column j
  let rank = 0;
  let threshold = 0;
  while (rank < limit) {
    let pivot = -1;
    let largest = 0;
    for (let j = 0; j < p; j++) {
      const norm = taken[j] ? 0 : dot(rest, j * n, rest, j * n, n);
      if (norm > largest) {
        largest = norm;
        pivot = j;
      }
    }
    if (rank === 0) threshold = largest * tolerance * tolerance;
    if (pivot < 0 || largest <= threshold) break;
    const vector = q.subarray(rank * n, rank * n + n);
    vector.set(rest.subarray(pivot * n, pivot * n + n));
    for (let k = 0; k < rank; k++) coefficients[k * p + pivot] += project(q, k * n, vector, 0, n);
    const length = Math.sqrt(dot(vector, 0, vector, 0, n));
    for (let i = 0; i < n; i++) vector[i] /= length;
    coefficients[rank * p + pivot] = length;
    taken[pivot] = 1;
    columns[rank] = pivot;
    for (let j = 0; j < p; j++)
      if (!taken[j]) coefficients[rank * p + j] = project(vector, 0, rest, j * n, n);
    rank++;
  }
  const r = new Float64Array(rank * rank);
  for (let i = 0; i < rank; i++)
    for (let k = i; k < rank; k++) r[i * rank + k] = coefficients[i * p + columns[k]];
  return { rank, columns: columns.slice(0, rank), q: q.slice(0, rank * n), r };
}

/** Solves `R v = b` in place of `b` for the upper triangular `r` (n x n). */
export function solveUpper(r: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < n; k++) sum -= r[i * n + k] * b[k];
    b[i] = sum / r[i * n + i];
  }
}

/** The columns of `x` (n x d, row-major) less their means. */
export function centred(x: Float64Array, n: number, d: number): Float64Array {
  const result = new Float64Array(n * d);
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += x[i * d + j] / n;
    for (let i = 0; i < n; i++) result[i * d + j] = x[i * d + j] - mean;
  }
  return result;
}

/** The inner product of `n` entries of `a` from `i` and of `b` from `j`. */
export function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[i + k] * b[j + k];
  return sum;
}

/** Takes the share of the unit vector `q[i ...]` out of `v[j ...]` and returns it. */
function project(q: Float64Array, i: number, v: Float64Array, j: number, n: number): number {
  const share = dot(q, i, v, j, n);
  for (let k = 0; k < n; k++) v[j + k] -= share * q[i + k];
  return share;
}
