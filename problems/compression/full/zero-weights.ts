import { constantsOf, withConstants } from '../onnx/constants.js';
import { layersOf } from '../onnx/layers.js';
import { ELEMENT_TYPE, type Model, type Tensor } from '../onnx/model.js';
import { rawOf, sizeOf, toFloat32, withRawData } from '../onnx/tensor.js';
import { prunedCount, pruneSmallest } from '../pruning/l1-unstructured.js';

/** What makes a weight worth keeping: its magnitude, or what it costs the layer's outputs when it leaves (see `zeroCostsOf`). */
export const zeroCriteria = ['magnitude', 'second-order'] as const;
export type ZeroCriterion = (typeof zeroCriteria)[number];

/**
 * The model with a share of its float32 layer weights set to zero: those of smallest magnitude or, where `costs` are given by the name of
 * the weight, of smallest cost. Of every weight by itself (`layer`), or of all together (`global`); a weight without costs is then by
 * itself, and goes by magnitude. Biases stay. Ties as in `pruneSmallest`, weights in graph order.
 */
export function zeroWeights(
  model: Model,
  share: number,
  scope: 'layer' | 'global',
  costs?: ReadonlyMap<string, Float32Array>,
): Model {
  const constants = constantsOf(model.graph);
  const weights = layersOf(model)
    .tensors.filter(({ role, tensor }) => role === 'weight' && tensor.dataType === ELEMENT_TYPE.float32)
    .map(({ name }) => constants.get(name)!);
  const together = scope === 'global' ? weights.filter(({ name }) => !costs || costs.has(name)) : [];
  const apart = weights.filter((weight) => !together.includes(weight)).map((weight) => [weight]);
  const changed = new Map<string, Tensor>();
  for (const group of [together, ...apart]) {
    const scores = new Float32Array(group.reduce((sum, weight) => sum + sizeOf(weight), 0));
    let at = 0;
    for (const weight of group) {
      scores.set(costs?.get(weight.name) ?? toFloat32(weight), at);
      at += sizeOf(weight);
    }
    pruneSmallest(new Uint8Array(scores.buffer), 4, prunedCount(share, scores.length));
    at = 0;
    for (const weight of group) {
      const values = toFloat32(weight);
      for (let i = 0; i < values.length; i++) if (scores[at + i] === 0) values[i] = 0;
      changed.set(weight.name, withRawData(weight, rawOf(weight.dataType, values)));
      at += values.length;
    }
  }
  return { ...model, graph: withConstants(model.graph, changed) };
}
