import type { Products } from '../inference/products.js';

/** Columns of a block: each block of the result below the diagonal is a product by itself, those above are never computed. */
const BLOCK = 768;

/**
 * Adds the product of the transpose of `rows` (count x size, row-major) with itself to the lower triangle of `sum` (size x size). `count size^2 / 2`
 * multiplications, and as much again in the blocks on the diagonal where `size` is no more than one block.
 */
export async function addGram(
  sum: Float64Array,
  rows: Float32Array,
  count: number,
  size: number,
  products: Products,
): Promise<void> {
  const blocks = columnBlocks(rows, count, size);
  for (const [i, below] of blocks.entries())
    for (const right of blocks.slice(0, i + 1)) {
      const part = await products.multiplyTransposed(below.rows, right.rows, count, below.width, right.width);
      for (let r = 0, at = 0; r < below.width; r++) {
        const start = (below.first + r) * size + right.first;
        for (let c = 0; c < right.width; c++) sum[start + c] += part[at++];
      }
    }
}

/** The symmetric matrix of which the lower triangle is given, in float32. */
export function mirrored(lower: Float64Array, size: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      matrix[i * size + j] = lower[i * size + j];
      matrix[j * size + i] = lower[i * size + j];
    }
  return matrix;
}

interface ColumnBlock {
  readonly first: number;
  readonly width: number;
  /** count x width. */
  readonly rows: Float32Array;
}

function columnBlocks(rows: Float32Array, count: number, size: number): ColumnBlock[] {
  const blocks: ColumnBlock[] = [];
  const width = Math.ceil(size / Math.ceil(size / BLOCK));
  for (let first = 0; first < size; first += width) {
    const own = Math.min(width, size - first);
    const block = new Float32Array(count * own);
    for (let row = 0; row < count; row++)
      block.set(rows.subarray(row * size + first, row * size + first + own), row * own);
    blocks.push({ first, width: own, rows: block });
  }
  return blocks;
}
