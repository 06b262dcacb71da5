import { finiteValues } from '../../onnx/finite.js';
import { ELEMENT_TYPE, type Model } from '../../onnx/model.js';
import { otherWeightsOf } from '../../onnx/other-weights.js';
import { FEWEST_CODED, gridOf, type Packable } from './packables.js';

/**
 * The constants that a container can code although they belong to no layer that multiplies a matrix (see `otherWeightsOf`). Only those of
 * float32 that stand in the file as raw data, have `FEWEST_CODED` elements or more and are not `taken`. Throws an InputError on one that is NaN or
 * infinite. O(elements).
 */
export function otherWeights({ graph }: Model, taken: ReadonlySet<string>): Packable[] {
  return otherWeightsOf(graph).flatMap(({ name, role, tensor }) => {
    const { dataType, rawData, dims } = tensor;
    if (taken.has(name) || dataType !== ELEMENT_TYPE.float32 || !rawData || rawData.length < 4 * FEWEST_CODED)
      return [];
    // The weights of one direction stand under those of the other.
    const flat = dims.length === 3 ? [dims[0] * dims[1], dims[2]] : dims;
    return {
      name,
      role,
      layer: null,
      shared: false,
      offset: rawData.byteOffset,
      dataType,
      grid: gridOf({ ...tensor, dims: flat }, role),
      values: finiteValues({ name, tensor }),
      matrix: null,
    };
  });
}
