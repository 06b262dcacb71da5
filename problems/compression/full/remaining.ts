import { constantsOf } from '../onnx/constants.js';
import { type Layer, layersOf } from '../onnx/layers.js';
import type { Model } from '../onnx/model.js';
import { dataOf, widthOf } from '../onnx/tensor.js';
import type { Prepared, TensorCount } from '../plan.js';
import { countNonZero, type FloatWidth } from '../pruning/l1-unstructured.js';

/**
 * What is left in a compressed network, not quantized yet, of every weight and bias of the network before: what left with a channel
 * counts as zero. Layers are told apart by their order, which no plan changes.
 */
export function remainingCounts({ layers, tensors }: Prepared, pruned: Model): TensorCount[] {
  const constants = constantsOf(pruned.graph);
  const left = layersOf(pruned).layers;
  const counterparts = new Map<string, Layer>(layers.map(({ name }, i) => [name, left[i]]));
  return tensors.map(({ name, role, layer, total, nonZero }) => {
    const kept = counterparts.get(layer)?.[role];
    const tensor = kept ? constants.get(kept) : undefined;
    if (!tensor) return { name, role, layer, total, nonZero };
    return {
      name,
      role,
      layer,
      total,
      nonZero: countNonZero(dataOf(tensor), widthOf(tensor.dataType) as FloatWidth),
    };
  });
}
