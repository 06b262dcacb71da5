import type { Model } from '../onnx/model.js';
import { columnsOf } from './columns.js';
import { covarianceOf, inverseOf } from './inverse.js';
import type { LayerMoments } from './layer-moments.js';
import type { Moments } from './moments.js';
import { indexOf } from './patches.js';
import { removalCosts } from './removal-costs.js';

/** Multiplications that the order of removal of a layer may take; wider layers are taken in blocks of their inputs. */
const WORK = 4e9;

/**
 * What each weight costs to remove, by the name of its tensor and in the order of its elements: the squared error that the layer's outputs
 * have when all weights of its feature with smaller costs are gone and the others have made good what they can (see
 * `removalCosts`), as a share of the variance of the values that the layer is fitted to (its outputs, or the sum that they are part of). So the costs of all layers can be put in one order.
 *
 * K^3 / 6 multiplications an output feature of K inputs, within 4e9 a layer: a wider layer is taken in blocks of inputs that lie together,
 * as wide as that allows, and what is between blocks is left to the refit. Layers that cannot be refitted have no costs.
 */
export function zeroCostsOf(
  model: Model,
  layers: readonly LayerMoments[],
  signal?: AbortSignal,
): Map<string, Float32Array> {
  const costs = new Map<string, Float32Array>();
  for (const { entry, moments, energy } of layers) {
    signal?.throwIfAborted();
    const { geometry, bias, layer } = entry;
    const { groups, size, features } = geometry;
    const each = features / groups;
    const out = new Float32Array(features * size);
    columnsOf(model, entry).forEach((columns, group) => {
      for (const { first, inverse, width } of inverses(moments[group], each, bias !== null))
        for (let f = 0; f < each; f++) {
          const weights = Float64Array.from({ length: width }, (_, k) => columns[(first + k) * each + f]);
          const feature = group * each + f;
          removalCosts(inverse, weights, width).forEach((cost, k) => {
            out[indexOf(geometry, feature, first + k)] = cost / (energy || 1);
          });
        }
    });
    costs.set(layer.weight, out);
  }
  return costs;
}

/** Inverse second moments of blocks of inputs: about the mean where a bias can make it good. */
function* inverses(
  { gram, size, places }: Moments,
  features: number,
  centred: boolean,
): Generator<{ readonly first: number; readonly width: number; readonly inverse: Float64Array }> {
  const inputs = size - 1;
  const whole = (features * inputs ** 3) / 6 <= WORK;
  const widest = whole ? inputs : Math.max(1, Math.floor(Math.sqrt((6 * WORK) / (features * inputs))));
  for (let first = 0; first < inputs; first += widest) {
    const width = Math.min(widest, inputs - first);
    const matrix = covarianceOf({ gram, size, places }, first, width, centred);
    yield { first, width, inverse: inverseOf(matrix, width) };
  }
}
