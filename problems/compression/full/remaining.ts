import { constantsOf } from '../onnx/constants.js';
import { layersOf } from '../onnx/layers.js';
import type { Model } from '../onnx/model.js';
import { dataOf, widthOf } from '../onnx/tensor.js';
import type { Prepared, TensorCount } from '../plan.js';
import { countNonZero, type FloatWidth } from '../pruning/l1-unstructured.js';

/**
 * What is left in a compressed network, not quantized yet, of every weight and bias of the network before: what left with a channel
 * or a block counts as zero. Layers are told apart by their names, which no plan changes.
 */
export function remainingCounts({ tensors }: Prepared, pruned: Model): TensorCount[] {
  const constants = constantsOf(pruned.graph);
  const left = new Map(layersOf(pruned).layers.map((layer) => [layer.name, layer]));
  return tensors.map(({ name, role, layer, total, nonZero }) => {
    const counterpart = left.get(layer);
    if (!counterpart) return { name, role, layer, total, nonZero: 0 };
    const kept = counterpart[role];
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
