import type { Feedback } from './error-feedback.js';
import type { MatrixForm } from './packables.js';

/** What the inputs of a layer are, and what it should give from them. */
export interface Wanted {
  /** Of the inputs of a block that holds all columns. */
  readonly covariance: Float64Array;
  /** Of inputs and wanted outputs, size x rows. */
  readonly cross: Float64Array;
}

/**
 * The weights moved so that from the inputs that there are a layer gives what it should, by damped least squares: row w of the matrix becomes
 * `w + inverse(A + damping) (c - A w)`. `feedback`: that of `covariance` A. Where the inputs are those of the original, nothing moves.
 * 2 rows x size^2.
 */
export function refitted(
  values: Float32Array<ArrayBuffer>,
  { rows, rowStride, columnStride }: MatrixForm,
  { covariance, cross }: Wanted,
  { size: n, order, factor }: Feedback,
): Float32Array<ArrayBuffer> {
  const out = values.slice();
  const missing = new Float64Array(n);
  const half = new Float64Array(n);
  for (let row = 0; row < rows; row++) {
    const start = row * rowStride;
    for (let i = 0; i < n; i++) missing[i] = cross[i * rows + row];
    for (let j = 0; j < n; j++) {
      const weight = values[start + j * columnStride];
      if (weight !== 0) for (let i = 0; i < n; i++) missing[i] -= weight * covariance[j * n + i];
    }
    // inverse = U' U in the order of the feedback.
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = i; j < n; j++) sum += factor[i * n + j] * missing[order[j]];
      half[i] = sum;
    }
    missing.fill(0);
    for (let i = 0; i < n; i++) for (let j = i; j < n; j++) missing[j] += factor[i * n + j] * half[i];
    for (let j = 0; j < n; j++) out[start + order[j] * columnStride] += missing[j];
  }
  return out;
}
