/** Squared Euclidean distances between `n` rows of `x` (n x d, row-major): n x n, both triangles. */
export function squaredDistances(x: Float64Array, n: number, d: number): Float64Array {
  const squares = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < i; c++) {
      let square = 0;
      for (let j = 0; j < d; j++) square += (x[i * d + j] - x[c * d + j]) ** 2;
      squares[i * n + c] = squares[c * n + i] = square;
    }
  return squares;
}

/** The median of the squared distances between different rows; 1 where all rows are equal. */
export function medianSquare(squares: Float64Array, n: number): number {
  const pairs: number[] = [];
  for (let i = 0; i < n; i++)
    for (let c = 0; c < i; c++) if (squares[i * n + c] > 0) pairs.push(squares[i * n + c]);
  pairs.sort((a, b) => a - b);
  return pairs.length === 0 ? 1 : pairs[pairs.length >> 1];
}

/**
 * Writes `bias + sum_i weights_i exp(-gamma |row - centre_i|^2)` of `count` rows to `out`, for centres m x d and rows
 * count x d, row-major. Allocates nothing. O(m d) a row.
 */
export function predictKernelSum(
  { centres, weights, gamma, bias }: KernelSum,
  d: number,
  rows: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const m = weights.length;
  for (let i = 0; i < count; i++) {
    let sum = bias;
    for (let c = 0, at = 0; c < m; c++) {
      let square = 0;
      for (let j = i * d; j < i * d + d; j++) {
        const difference = rows[j] - centres[at++];
        square += difference * difference;
      }
      sum += weights[c] * Math.exp(-gamma * square);
    }
    out[i] = sum;
  }
}

/** A weighted sum of Gaussian kernels. */
export interface KernelSum {
  readonly centres: Float64Array;
  readonly weights: Float64Array;
  readonly gamma: number;
  readonly bias: number;
}
