import { constantsOf, withConstants } from '../onnx/constants.js';
import { layersOf } from '../onnx/layers.js';
import { ELEMENT_TYPE, type Model, type Tensor } from '../onnx/model.js';
import { rawOf, sizeOf, toFloat32, withRawData } from '../onnx/tensor.js';
import { prunedCount, pruneSmallest } from '../pruning/l1-unstructured.js';

/**
 * The model with a share of its float32 layer weights set to zero, those of smallest magnitude: of every weight by itself, or of
 * all together (`global`; biases stay). Ties as in `pruneSmallest`, weights in graph order.
 */
export function zeroWeights(model: Model, share: number, scope: 'layer' | 'global'): Model {
  const constants = constantsOf(model.graph);
  const weights = layersOf(model)
    .tensors.filter(({ role, tensor }) => role === 'weight' && tensor.dataType === ELEMENT_TYPE.float32)
    .map(({ name }) => constants.get(name)!);
  const groups = scope === 'layer' ? weights.map((weight) => [weight]) : [weights];
  const changed = new Map<string, Tensor>();
  for (const group of groups) {
    const all = new Float32Array(group.reduce((sum, weight) => sum + sizeOf(weight), 0));
    let at = 0;
    for (const weight of group) {
      all.set(toFloat32(weight), at);
      at += sizeOf(weight);
    }
    pruneSmallest(new Uint8Array(all.buffer), 4, prunedCount(share, all.length));
    at = 0;
    for (const weight of group) {
      const values = all.slice(at, at + sizeOf(weight));
      changed.set(weight.name, withRawData(weight, rawOf(weight.dataType, values)));
      at += values.length;
    }
  }
  return { ...model, graph: withConstants(model.graph, changed) };
}
