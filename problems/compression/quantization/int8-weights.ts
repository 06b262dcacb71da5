import { roundToEven } from '../onnx/float16.js';

/** A matrix of int8 with its scales: element `[k, n]` stands for `values[k * columns + n] * scales[n]` (or `scales[0]`). */
export interface Int8Weights {
  readonly values: Int8Array<ArrayBuffer>;
  /** One for every column, or a single one. */
  readonly scales: Float32Array<ArrayBuffer>;
}

/**
 * Quantizes a matrix (rows x columns, row-major) to int8, symmetric about the zero point 0: each column has the scale
 * `max |w| / 127`, and each element becomes the nearest multiple of it, ties to even, in [-127, 127]; a zero stays zero. With
 * `perColumn` false the whole matrix has one scale. A column of zeros, or one whose scale would not be a normal float32,
 * becomes zeros with scale 1. The elements must be finite.
 */
export function quantizeWeights(
  weights: Float32Array,
  rows: number,
  columns: number,
  perColumn = true,
): Int8Weights {
  const scales = new Float32Array(perColumn ? columns : 1);
  const scaleOf = (column: number) => (perColumn ? column : 0);
  for (let i = 0; i < rows * columns; ) {
    for (let column = 0; column < columns; column++, i++) {
      const magnitude = Math.abs(weights[i]);
      if (magnitude > scales[scaleOf(column)]) scales[scaleOf(column)] = magnitude;
    }
  }
  const factors = new Float64Array(scales.length);
  for (let j = 0; j < scales.length; j++) {
    const scale = Math.fround(scales[j] / 127);
    const normal = scale >= SMALLEST_NORMAL;
    scales[j] = normal ? scale : 1;
    factors[j] = normal ? scale : Number.POSITIVE_INFINITY;
  }
  const values = new Int8Array(rows * columns);
  for (let i = 0; i < values.length; ) {
    for (let column = 0; column < columns; column++, i++)
      values[i] = Math.max(-127, Math.min(127, roundToEven(weights[i] / factors[scaleOf(column)])));
  }
  return { values, scales };
}

const SMALLEST_NORMAL = 2 ** -126;
