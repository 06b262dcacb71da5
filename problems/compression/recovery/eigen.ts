/** The eigenvalues of a symmetric n x n matrix, largest first, and its eigenvectors in the same order, a row each. */
export interface Eigen {
  readonly values: Float64Array;
  /** n x n. */
  readonly vectors: Float64Array;
}

const SWEEPS = 30;

/**
 * By Jacobi's rotations, row by row, until what is off the diagonal is 1e-10 of the whole: some eight sweeps of 4 n^3 multiplications. (Golub and
 * Van Loan, "Matrix Computations", section 8.5.)
 */
export function eigenOf(matrix: Float64Array, n: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < SWEEPS && !isDiagonal(a, n); sweep++)
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const between = a[p * n + q];
        if (between === 0) continue;
        const cotangent = (a[q * n + q] - a[p * n + p]) / (2 * between);
        const tangent = (cotangent < 0 ? -1 : 1) / (Math.abs(cotangent) + Math.hypot(cotangent, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        const sine = tangent * cosine;
        for (let k = 0; k < n; k++) rotate(a, k * n + p, k * n + q, cosine, sine);
        for (let k = 0; k < n; k++) rotate(a, p * n + k, q * n + k, cosine, sine);
        for (let k = 0; k < n; k++) rotate(v, p * n + k, q * n + k, cosine, sine);
      }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * (n + 1)] - a[i * (n + 1)]);
  const vectors = new Float64Array(n * n);
  for (const [row, i] of order.entries()) vectors.set(v.subarray(i * n, (i + 1) * n), row * n);
  return { values: Float64Array.from(order, (i) => a[i * (n + 1)]), vectors };
}

function rotate(a: Float64Array, i: number, j: number, cosine: number, sine: number): void {
  const [x, y] = [a[i], a[j]];
  a[i] = cosine * x - sine * y;
  a[j] = sine * x + cosine * y;
}

function isDiagonal(a: Float64Array, n: number): boolean {
  let off = 0;
  let all = 0;
  for (let at = 0; at < a.length; at++) {
    all += a[at] ** 2;
    if (at % (n + 1) !== 0) off += a[at] ** 2;
  }
  return off <= 1e-20 * all;
}
