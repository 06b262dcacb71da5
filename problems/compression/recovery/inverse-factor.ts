import type { Products } from '../inference/products.js';
import { cholesky, invertLower } from './inverse.js';

/** Rows of a block that is factorised in JavaScript: below, products do not pay for being handed over. */
const SMALL = 128;

/**
 * W, the inverse of the lower Cholesky factor of a symmetric positive definite n x n matrix, row-major, zeros above its diagonal:
 * `W A W' = I`, and `W' W` is the inverse of A. Of `matrix`, which stays as it is, the lower triangle is read. A pivot that rounding has
 * made smaller than 1e-12 counts as that.
 *
 * By halves: with W1 of the first block, `L = A21 W1'` are the rows below it, W2 is that of `A22 - L L'`, and `-W2 L W1` stands between. `2/3 n^3`
 * multiplications in double in ONNX Runtime (4608 rows: about 2 seconds of one core), five matrices of memory at the most.
 */
export async function inverseFactorOf(
  matrix: Float64Array,
  n: number,
  products: Products,
): Promise<Float64Array> {
  const factor = Float64Array.from(matrix);
  await invertFactor({ elements: factor, n, products }, 0, n);
  for (let i = 0; i < n; i++) factor.fill(0, i * n + i + 1, (i + 1) * n);
  return factor;
}

/** The inverse of a matrix as in {@link inverseFactorOf}, both triangles; another `1/3 n^3` multiplications. */
export async function productInverseOf(
  matrix: Float64Array,
  n: number,
  products: Products,
): Promise<Float64Array> {
  const inverse = await inverseFactorOf(matrix, n, products);
  await square({ elements: inverse, n, products }, 0, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j];
  return inverse;
}

interface Matrix {
  readonly elements: Float64Array;
  readonly n: number;
  readonly products: Products;
}

/** Puts the inverse of the factor in place of the lower triangle of the `size` rows and columns from `first` on. */
async function invertFactor(matrix: Matrix, first: number, size: number): Promise<void> {
  if (size <= SMALL) {
    const block = blockOf(matrix, first, first, size, size);
    cholesky(block, size);
    invertLower(block, size);
    write(matrix, first, first, block, size);
    return;
  }
  const { products } = matrix;
  const above = halfOf(size);
  const below = size - above;
  const middle = first + above;
  await invertFactor(matrix, first, above);
  const upper = lowerOf(matrix, first, above);
  const between = blockOf(matrix, middle, first, below, above);
  const rows = await products.multiplyByTransposed(between, upper, below, above, above);
  const outer = await products.multiplyByTransposed(rows, rows, below, above, below);
  add(matrix, middle, middle, outer, -1);
  await invertFactor(matrix, middle, below);
  const solved = await products.multiply(rows, upper, below, above, above);
  const lower = lowerOf(matrix, middle, below);
  const inverse = await products.multiply(lower, solved, below, below, above);
  for (let i = 0; i < inverse.length; i++) inverse[i] = -inverse[i];
  write(matrix, middle, first, inverse, above);
}

/** Puts `W' W` in place of a lower triangular block W. */
async function square(matrix: Matrix, first: number, size: number): Promise<void> {
  if (size <= SMALL) {
    const block = lowerOf(matrix, first, size);
    write(
      matrix,
      first,
      first,
      await matrix.products.multiplyTransposed(block, block, size, size, size),
      size,
    );
    return;
  }
  const { products } = matrix;
  const above = halfOf(size);
  const below = size - above;
  const middle = first + above;
  await square(matrix, first, above);
  const between = blockOf(matrix, middle, first, below, above);
  const outer = await products.multiplyTransposed(between, between, below, above, above);
  add(matrix, first, first, outer, 1);
  const lower = lowerOf(matrix, middle, below);
  write(matrix, middle, first, await products.multiplyTransposed(lower, between, below, below, above), above);
  await square(matrix, middle, below);
}

/** Half of a size, in whole small blocks. */
const halfOf = (size: number) => Math.ceil(size / 2 / SMALL) * SMALL;

function blockOf(
  { elements, n }: Matrix,
  row: number,
  column: number,
  rows: number,
  columns: number,
): Float64Array {
  const block = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const from = (row + i) * n + column;
    block.set(elements.subarray(from, from + columns), i * columns);
  }
  return block;
}

/** A block on the diagonal, zeros above its diagonal. */
function lowerOf(matrix: Matrix, first: number, size: number): Float64Array {
  const block = blockOf(matrix, first, first, size, size);
  for (let i = 0; i < size; i++) block.fill(0, i * size + i + 1, (i + 1) * size);
  return block;
}

function write({ elements, n }: Matrix, row: number, column: number, block: Float64Array, width: number) {
  for (let i = 0; i * width < block.length; i++)
    elements.set(block.subarray(i * width, (i + 1) * width), (row + i) * n + column);
}

/** Adds a square block, `sign` times. */
function add({ elements, n }: Matrix, row: number, column: number, block: Float64Array, sign: number) {
  const size = Math.sqrt(block.length);
  for (let i = 0, at = 0; i < size; i++)
    for (let j = 0; j < size; j++) elements[(row + i) * n + column + j] += sign * block[at++];
}
