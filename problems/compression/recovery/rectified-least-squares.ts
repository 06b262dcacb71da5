import type { Products } from '../inference/products.js';
import { maskedLeastSquares } from './masked-least-squares.js';
import { add, type Moments, type Patches } from './moments.js';

export interface RectifiedOptions {
  /** As for `maskedLeastSquares`, in every round. */
  readonly ridge: number;
  readonly iterations: number;
  readonly rounds: number;
  /** Where the weights of every group stay near, and which of them are free. */
  readonly near: readonly Float32Array[];
  readonly free: readonly Uint8Array[];
}

/**
 * The weights of a layer whose output z is read by Relu alone, every group of them, fitted to what Relu lets through: where z should be
 * y > 0 its error is (z - y)^2, and where y <= 0 it is max(0, z)^2. Zhang et al. 2016, "Accelerating Very Deep Convolutional Networks for
 * Classification and Detection", section 3.2, fit the same responses.
 *
 * `columns` are where it starts, such as the plain least squares. A round is a least squares with min(0, z) for the y <= 0, with the z of
 * the round before: its error is never less than the one sought, and the same at the start, so that no round makes that larger.
 *
 * For K inputs an output, F outputs and S places 2 S K F multiplications a round in ONNX Runtime, beside those of least squares.
 */
export async function rectifiedLeastSquares(
  columns: readonly Float32Array[],
  patches: Iterable<Patches>,
  moments: readonly Moments[],
  { ridge, iterations, rounds, near, free }: RectifiedOptions,
  products: Products,
): Promise<readonly Float32Array[]> {
  let present = columns;
  for (let round = 0; round < rounds; round++) {
    const rights = moments.map(({ right }) => new Float64Array(right.length));
    for (const { group, rows, inputs, wanted, added } of patches) {
      const { size, features } = moments[group];
      const targets = await products.multiply(inputs, present[group], rows, size, features);
      for (let i = 0; i < targets.length; i++)
        targets[i] = wanted[i] + added[i] > 0 ? wanted[i] : Math.min(targets[i], -added[i]);
      add(rights[group], await products.multiplyTransposed(inputs, targets, rows, size, features));
    }
    const next: Float32Array[] = [];
    for (const [group, start] of present.entries()) {
      const equations = { ...moments[group], right: Float32Array.from(rights[group]) };
      const fitting = { ridge, iterations, near: near[group] };
      next.push(await maskedLeastSquares(equations, start, free[group], fitting, products));
    }
    present = next;
  }
  return present;
}
