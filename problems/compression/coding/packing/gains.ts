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
 * least, is not what counts. `signal`: see {@link signalOf}. Linear.
 *
 * A weight whose matrix is not row by row that of the tensor has one gain for all rows.
 */
export function gainsOf(
  { matrix, values, grid }: Packable,
  levels: Int32Array,
  step: number,
  signal: Float32Array,
): Uint8Array<ArrayBuffer> {
  const gains = new Uint8Array(grid.rows).fill(UNIT_GAIN);
  if (!matrix) return gains;
  const { rows, columns, rowStride, columnStride } = matrix;
  const wanted = new Float64Array(rows);
  const got = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * rowStride + column * columnStride;
      wanted[row] += signal[at] * values[at];
      got[row] += signal[at] * levels[at] * step;
    }
  if (columnStride === 1)
    for (let row = 0; row < gains.length; row++) gains[row] = gainOf(wanted[row], got[row]);
  else gains.fill(gainOf(sumOf(wanted), sumOf(got)));
  return gains;
}

/** The covariance of every input of a layer with every of its outputs, in the order of the weight. Rows x columns^2. */
export function signalOf(
  { matrix, values }: Pick<Packable, 'matrix' | 'values'>,
  blocks: readonly InputBlock[],
): Float32Array<ArrayBuffer> {
  const signal = new Float32Array(values.length);
  if (!matrix) return signal;
  for (const { first, size, covariance } of blocks) {
    const sums = new Float64Array(size);
    for (let row = 0; row < matrix.rows; row++) {
      const start = row * matrix.rowStride + first * matrix.columnStride;
      sums.fill(0);
      for (let j = 0; j < size; j++) {
        const weight = values[start + j * matrix.columnStride];
        if (weight === 0) continue;
        const line = j * size;
        for (let i = 0; i < size; i++) sums[i] += weight * covariance[line + i];
      }
      for (let i = 0; i < size; i++) signal[start + i * matrix.columnStride] = sums[i];
    }
  }
  return signal;
}

function gainOf(wanted: number, got: number): number {
  return got > 0 ? Math.min(LARGEST, Math.max(LEAST, Math.round((UNIT_GAIN * wanted) / got))) : UNIT_GAIN;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
