import { cholesky, invertLower } from '../../recovery/inverse.js';
import type { InputBlock } from './input-statistics.js';
import type { MatrixForm } from './packables.js';

/** What is needed to spread the error of a column of a matrix over those that come after it. */
export interface Feedback {
  readonly first: number;
  readonly size: number;
  /** The columns in the order of their variance, largest first. */
  readonly order: Int32Array;
  /** The Cholesky factor U of the inverse covariance in that order, inverse = U' U, size x size, upper. */
  readonly factor: Float32Array;
  /** Of the columns as they stand, size x size, and what is added to its diagonal. */
  readonly covariance: Float64Array;
  readonly damping: number;
}

/** Added to the variances, as a share of their mean. */
const DAMPING = 0.01;

/**
 * Prepares the quantization with error feedback of the columns of a block (Frantar et al. 2022, "GPTQ": optimal brain
 * surgeon with one order for all rows). `share` of the mean variance is added to the variances. Cubic in the size of the block.
 */
export function feedbackOf(
  { first, size: n, covariance }: Omit<InputBlock, 'mean'>,
  share = DAMPING,
): Feedback {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const variance = (i: number) => covariance[i * n + i];
  order.sort((a, b) => variance(b) - variance(a) || a - b);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += variance(i) / n;
  const damping = share * mean || 1;
  // With the order turned round, the lower factor of A is an upper one: A = R R', so inverse(A) = U' U with U = inverse(R).
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      a[i * n + j] = covariance[order[n - 1 - i] * n + order[n - 1 - j]] + (i === j ? damping : 0);
  cholesky(a, n);
  invertLower(a, n);
  const factor = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) factor[i * n + j] = a[(n - 1 - i) * n + (n - 1 - j)];
  return { first, size: n, order, factor, covariance, damping };
}

/**
 * The levels of a weight. Where there is feedback, the columns of its matrix are quantized one after the other, and what each loses
 * is made good by those after it, so that the outputs of the layer change least. rows x size^2 / 2 a block.
 */
export function levelsWith(
  values: Float32Array,
  matrix: MatrixForm | null,
  feedback: readonly Feedback[],
  step: number,
): Int32Array<ArrayBuffer> {
  const levels = new Int32Array(values.length);
  if (!matrix || feedback.length === 0) {
    for (let i = 0; i < levels.length; i++) levels[i] = levelOf(values[i], step);
    return levels;
  }
  for (const { first, size: n, order, factor } of feedback) {
    const w = new Float64Array(n);
    for (let row = 0; row < matrix.rows; row++) {
      const start = row * matrix.rowStride + first * matrix.columnStride;
      for (let i = 0; i < n; i++) w[i] = values[start + order[i] * matrix.columnStride];
      for (let i = 0; i < n; i++) {
        const level = levelOf(w[i], step);
        levels[start + order[i] * matrix.columnStride] = level;
        const line = i * n;
        const error = (w[i] - level * step) / factor[line + i];
        for (let j = i + 1; j < n; j++) w[j] -= error * factor[line + j];
      }
    }
  }
  return levels;
}

/** The nearest multiple of the step, the larger one of two. */
function levelOf(x: number, step: number): number {
  const level = Math.round(Math.abs(x) / step);
  return x < 0 ? -level : level;
}
