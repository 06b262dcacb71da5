import { constantsOf, withConstants } from '../onnx/constants.js';
import type { Model, Tensor } from '../onnx/model.js';
import { rawOf, sizeOf, toFloat32, withRawData } from '../onnx/tensor.js';
import { indexOf } from './patches.js';
import type { Refittable } from './refittable.js';

/**
 * The weights of a layer, a group each, as columns of features: `size` rows of inputs and a last row for each of its `biases`, (size + biases) x
 * features row-major.
 */
export function columnsOf(model: Model, { layer, geometry, biases: names }: Refittable): Float32Array[] {
  const constants = constantsOf(model.graph);
  const weights = toFloat32(constants.get(layer.weight)!);
  const biases = names.map((name) => (name === null ? undefined : toFloat32(constants.get(name)!)));
  const { groups, size, features } = geometry;
  const each = features / groups;
  return Array.from({ length: groups }, (_, group) => {
    const columns = new Float32Array((size + biases.length) * each);
    for (let f = 0; f < each; f++) {
      const feature = group * each + f;
      for (let k = 0; k < size; k++) columns[k * each + f] = weights[indexOf(geometry, feature, k)];
      for (const [b, bias] of biases.entries()) if (bias) columns[(size + b) * each + f] = bias[feature];
    }
    return columns;
  });
}

/** The model with the weights and the biases of a layer as in `columns` (see {@link columnsOf}). */
export function withColumns(
  model: Model,
  { layer, geometry, biases: names }: Refittable,
  columns: readonly Float32Array[],
): Model {
  const constants = constantsOf(model.graph);
  const weight = constants.get(layer.weight)!;
  const { groups, size, features } = geometry;
  const each = features / groups;
  const weights = new Float32Array(sizeOf(weight));
  const biases = names.map(() => new Float32Array(features));
  for (let group = 0; group < groups; group++)
    for (let f = 0; f < each; f++) {
      const feature = group * each + f;
      for (let k = 0; k < size; k++) weights[indexOf(geometry, feature, k)] = columns[group][k * each + f];
      for (const [b, bias] of biases.entries()) bias[feature] = columns[group][(size + b) * each + f];
    }
  const changed = new Map<string, Tensor>([
    [layer.weight, withRawData(weight, rawOf(weight.dataType, weights))],
  ]);
  for (const [b, name] of names.entries()) {
    if (name === null) continue;
    const before = constants.get(name)!;
    changed.set(name, withRawData(before, rawOf(before.dataType, biases[b])));
  }
  return { ...model, graph: withConstants(model.graph, changed) };
}
