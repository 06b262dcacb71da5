import type { Products } from '../inference/products.js';
import type { ActivationFunction } from './activation-function.js';
import type { Patches } from './layer-data.js';
import { maskedLeastSquares } from './masked-least-squares.js';
import { add, type Moments } from './moments.js';

export interface ActivatedOptions {
  /** As for `maskedLeastSquares`, in every round. */
  readonly ridge: number;
  readonly iterations: number;
  readonly rounds: number;
  /** Where the weights of every group stay near, and which of them are free. */
  readonly near: readonly Float32Array[];
  readonly free: readonly Uint8Array[];
}

/**
 * The weights of a layer, every group of them, fitted to what the activation functions f of its places let the network see of its output z: where z should be
 * y the error is the integral of f(t) - f(y) from y to z (the matching loss of f: Auer, Herbster and Warmuth 1995, "Exponentially many
 * local minima for single neurons"), half the square of z - y where f is straight, and 0 where it is flat. For Relu that is (z - y)^2 / 2 for y
 * and z > 0 and max(0, z)^2 / 2 for y <= 0; the responses are those that Zhang et al. 2016, "Accelerating Very Deep Convolutional Networks for
 * Classification and Detection", section 3.2, fit.
 *
 * `columns` are where it starts, such as the plain least squares. A round is a least squares with z less (f(z) - f(y)) / slope for the y, with
 * the z of the round before: over a parabola that touches the error there and is nowhere below it, so that no round makes that larger. Where f
 * falls from one of y and z to the other, nothing pulls. Layers that share a weight may have functions of their own: each counts by its slope.
 *
 * For K inputs an output, F outputs and S places 2 S K F multiplications a round in ONNX Runtime, beside those of least squares.
 */
export async function activatedLeastSquares(
  columns: readonly Float32Array[],
  patches: Iterable<Patches>,
  moments: readonly Moments[],
  { ridge, iterations, rounds, near, free }: ActivatedOptions,
  products: Products,
): Promise<readonly Float32Array[]> {
  let present = columns;
  for (let round = 0; round < rounds; round++) {
    const rights = moments.map(({ right }) => new Float64Array(right.length));
    for (const patch of patches) {
      const { group, rows, inputs } = patch;
      const { size, features } = moments[group];
      const targets = patch.activation
        ? pulled(
            await products.multiply(inputs, present[group], rows, size, features),
            patch,
            patch.activation,
          )
        : patch.wanted;
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

/** The outputs, in their place, as far towards what is wanted as the function lets the network see. */
function pulled(
  outputs: Float32Array,
  { wanted, added }: Patches,
  { of, slope }: ActivationFunction,
): Float32Array {
  for (let i = 0; i < outputs.length; i++) {
    const apart = outputs[i] - wanted[i];
    if (apart === 0) continue;
    const seen = of(outputs[i] + added[i]) - of(wanted[i] + added[i]);
    outputs[i] -= apart * Math.min(1, Math.max(0, seen / apart / slope));
  }
  return outputs;
}
