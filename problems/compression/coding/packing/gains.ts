import { UNIT_GAIN } from '../rule.js';
import type { InputBlock } from './input-statistics.js';
import type { Packable } from './packables.js';

/** Gains stay within these: what calls for others has lost its signal. */
const LEAST = UNIT_GAIN / 2;
const LARGEST = 255;

/**
 * What each row of a quantized weight is to be multiplied with, in 128ths, so that the part of its output that follows the
 * unquantized output is as large as that: `var(y) / cov(y, y')`. Rounding small weights to zero weakens a signal, and what
 * weakens it adds up along the layers of a network, as noise does not; so the mean square of the error of one layer, which a smaller gain would make
 * least, is not what counts. Rows x columns^2.
 *
 * A weight whose matrix is not row by row that of the tensor has one gain for all rows.
 */
export function gainsOf(
  { matrix, values, grid }: Packable,
  levels: Int32Array,
  step: number,
  blocks: readonly InputBlock[],
): Uint8Array<ArrayBuffer> {
  const gains = new Uint8Array(grid.rows).fill(UNIT_GAIN);
  if (!matrix) return gains;
  const wanted = new Float64Array(matrix.rows);
  const got = new Float64Array(matrix.rows);
  for (const { first, size, covariance } of blocks) {
    for (let row = 0; row < matrix.rows; row++) {
      const start = row * matrix.rowStride + first * matrix.columnStride;
      for (let i = 0; i < size; i++) {
        const line = i * size;
        let sum = 0;
        for (let j = 0; j < size; j++) sum += values[start + j * matrix.columnStride] * covariance[line + j];
        const at = start + i * matrix.columnStride;
        wanted[row] += sum * values[at];
        got[row] += sum * levels[at] * step;
      }
    }
  }
  if (matrix.columnStride === 1)
    for (let row = 0; row < gains.length; row++) gains[row] = gainOf(wanted[row], got[row]);
  else gains.fill(gainOf(sumOf(wanted), sumOf(got)));
  return gains;
}

function gainOf(wanted: number, got: number): number {
  return got > 0 ? Math.min(LARGEST, Math.max(LEAST, Math.round((UNIT_GAIN * wanted) / got))) : UNIT_GAIN;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
