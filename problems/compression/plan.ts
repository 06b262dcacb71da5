import { InputError, show } from '../../src/index.js';
import { withConstants } from './onnx/constants.js';
import { type Layer, type LayerTensor, layersOf } from './onnx/layers.js';
import type { Model } from './onnx/model.js';
import { withOwnTensors } from './onnx/own-tensors.js';
import { withPlainConstants } from './onnx/plain-constants.js';
import { readModel } from './onnx/read.js';
import { widthOf, withRawData } from './onnx/tensor.js';
import { writeModel } from './onnx/write.js';
import { countNonZero, type FloatWidth, prunedCount, pruneSmallest } from './pruning/l1-unstructured.js';
import { quantizeDynamic } from './quantization/dynamic-int8.js';

/** What to do to a model: plain data, as JSON keeps it. */
export interface Plan {
  /** One entry a layer, in graph order: the pruning intensities of its weight and its bias, 0 to leave one alone. */
  readonly layers: readonly { readonly layer: string; readonly weight: number; readonly bias: number }[];
  readonly quantization: 'none' | 'dynamic-int8';
}

/** A model made ready for many plans. */
export interface Prepared {
  readonly layers: readonly Layer[];
  readonly tensors: readonly PreparedTensor[];
  /** The model as a file in which the elements of every weight and bias stand as raw data. Not to be changed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Elements of all weights and biases. */
  readonly total: number;
  /** What cannot be pruned, and why. */
  readonly notes: readonly string[];
}

/** A weight or bias and where it lies in the prepared file. */
export interface PreparedTensor {
  readonly name: string;
  readonly role: 'weight' | 'bias';
  /** The layer it belongs to: of those that share it the first in graph order. */
  readonly layer: string;
  /** Number of elements. */
  readonly total: number;
  /** Those that are not zero before any pruning. */
  readonly nonZero: number;
  readonly width: FloatWidth;
  /** Where its elements begin in the file. */
  readonly offset: number;
}

/** A candidate. */
export interface Applied {
  /** An ONNX file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tensors: readonly TensorCount[];
  /** Sum over the tensors: elements that are not zero after pruning. Quantization does not change it. */
  readonly nonZero: number;
  /** Sum over the tensors: all elements. */
  readonly total: number;
  readonly notes: readonly string[];
}

/** The elements of one weight or bias. */
export interface TensorCount {
  readonly name: string;
  readonly role: 'weight' | 'bias';
  readonly layer: string;
  readonly total: number;
  readonly nonZero: number;
}

/**
 * Finds the layers of a model and writes it once in the form that {@link applyPlan} works on. The model must be complete
 * (`loadModel` reads data files into it). Throws an InputError when the data of a weight do not fit its shape.
 */
export function prepare(model: Model): Prepared {
  const plain = withPlainConstants(model);
  const { layers, tensors, notes } = layersOf(plain);
  const apart = withOwnTensors(plain, layers);
  const raw = new Map(tensors.map(({ name, tensor }) => [name, withRawData(tensor)]));
  const bytes = writeModel({ ...apart, graph: withConstants(apart.graph, raw) });
  const written = new Map(layersOf(readModel(bytes, 'the model')).tensors.map((t) => [t.name, t]));
  const prepared = tensors.map((t) => prepareTensor(written.get(t.name)!));
  return { layers, tensors: prepared, bytes, total: sum(prepared, 'total'), notes };
}

/**
 * The candidate that a plan makes of a model. Each tensor is pruned by itself: of its elements the
 * `round(intensity * size)` of smallest magnitude become zero. A tensor that layers share is pruned once, with the
 * intensity of the first of them in graph order whose intensity is not 0.
 *
 * Pure pruning writes over the elements in a copy of the prepared file; quantization writes the file anew. Throws an
 * InputError when the plan names a layer that the model does not have, has an intensity outside [0, 1], or
 * quantizes a model that is too old for it.
 */
export function applyPlan(prepared: Prepared, plan: Plan): Applied {
  const intensities = intensitiesOf(prepared, plan);
  const bytes = prepared.bytes.slice();
  for (const { name, total, width, offset } of prepared.tensors) {
    const count = prunedCount(intensities.get(name) ?? 0, total);
    pruneSmallest(bytes.subarray(offset, offset + total * width), width, count);
  }
  const tensors = planCounts(prepared, plan);
  const sums = { tensors, nonZero: nonZeroOf(tensors), total: prepared.total };
  if (plan.quantization === 'none') return { bytes, ...sums, notes: prepared.notes };
  const { model, notes } = quantizeDynamic(readModel(bytes, 'the model'), prepared.layers);
  return { bytes: writeModel(model), ...sums, notes: [...prepared.notes, ...notes] };
}

/** How many elements a plan leaves of every tensor, without making the candidate. Throws as {@link applyPlan}. */
export function planCounts(prepared: Prepared, plan: Plan): TensorCount[] {
  const intensities = intensitiesOf(prepared, plan);
  return prepared.tensors.map(({ name, role, layer, total, nonZero }) => {
    const count = prunedCount(intensities.get(name) ?? 0, total);
    // The zeros that were there are the smallest elements, so they are among the pruned or all the pruned are.
    return { name, role, layer, total, nonZero: Math.min(nonZero, total - count) };
  });
}

/** Elements that are not zero, of all tensors together. */
export function nonZeroOf(tensors: readonly TensorCount[]): number {
  return sum(tensors, 'nonZero');
}

function prepareTensor({ name, role, layer, tensor }: LayerTensor): PreparedTensor {
  const data = tensor.rawData!;
  const width = widthOf(tensor.dataType) as FloatWidth;
  return {
    name,
    role,
    layer,
    total: data.length / width,
    nonZero: countNonZero(data, width),
    width,
    offset: data.byteOffset,
  };
}

function intensitiesOf({ layers }: Prepared, plan: Plan): Map<string, number> {
  const planned = new Map(plan.layers.map((entry) => [entry.layer, entry]));
  const intensities = new Map<string, number>();
  const take = (name: string | null, intensity: number) => {
    if (name !== null && !intensities.get(name)) intensities.set(name, intensity);
  };
  for (const { name, weight, bias } of layers) {
    const entry = planned.get(name);
    planned.delete(name);
    take(weight, entry?.weight ?? 0);
    take(bias, entry?.bias ?? 0);
  }
  for (const name of planned.keys())
    throw new InputError(`a plan must name layers of the model, got ${show(name)}`);
  return intensities;
}

function sum<K extends string>(entries: readonly Readonly<Record<K, number>>[], key: K): number {
  return entries.reduce((total, entry) => total + entry[key], 0);
}
