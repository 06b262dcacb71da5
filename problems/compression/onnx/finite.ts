import { InputError, show } from '../../../src/index.js';
import { constantsOf } from './constants.js';
import { usedNames } from './edit.js';
import { layersOf } from './layers.js';
import type { Model, Tensor } from './model.js';
import { isFloat, toFloat32 } from './tensor.js';

/** The elements of a weight as float32. Throws an InputError on one that is NaN or infinite. */
export function finiteValues({ name, tensor }: NamedTensor): Float32Array<ArrayBuffer> {
  const values = toFloat32(tensor);
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) throw notFinite(name, values[i], i);
  return values;
}

/**
 * Throws an InputError on a NaN among the floating-point constants that a graph reads, and on an infinity among the weights and biases
 * of its layers: no answer of such a network means anything. (Elsewhere an infinity may be meant, as in the mask of an attention.)
 * O(elements).
 */
export function checkFinite(model: Model): void {
  const { graph } = model;
  const weights = new Set(layersOf(model).tensors.map(({ name }) => name));
  const used = usedNames(graph);
  for (const [name, tensor] of constantsOf(graph)) {
    if (!isFloat(tensor) || !used.has(name)) continue;
    if (weights.has(name)) finiteValues({ name, tensor });
    else checkNumbers({ name, tensor });
  }
}

interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

function checkNumbers({ name, tensor }: NamedTensor): void {
  const values = toFloat32(tensor);
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) throw notFinite(name, values[i], i);
}

const notFinite = (name: string, value: number, place: number) =>
  new InputError(`weights must be finite, got ${value} at ${place} of tensor ${show(name)}`);
