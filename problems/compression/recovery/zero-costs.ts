import type { Model } from '../onnx/model.js';
import { type Block, blockWork } from './block-costs.js';
import { columnsOf } from './columns.js';
import { costsInThreads, type ThreadOptions } from './in-threads.js';
import { covarianceOf } from './inverse.js';
import type { LayerMoments } from './layer-moments.js';
import { indexOf, type LayerGeometry } from './patches.js';

/** Multiplications that the order of removal of a layer may take; wider layers are taken in blocks of their inputs. */
const WORK = 4e9;

/**
 * What each weight costs to remove, by the name of its tensor and in the order of its elements: the squared error that the layer's outputs
 * have when all weights of its feature with smaller costs are gone and the others have made good what they can (see
 * `removalCosts`), as a share of the variance of the values that the layer is fitted to (its outputs, or the sum that they are part of). So the costs of all layers can be put in one order.
 *
 * K^3 / 6 multiplications an output feature of K inputs, within 4e9 a layer: a wider layer is taken in blocks of inputs that lie together,
 * as wide as that allows, and what is between blocks is left to the refit. Layers that cannot be refitted have no costs. Blocks are shared
 * among threads; the costs are the same whatever their number.
 */
export async function zeroCostsOf(
  model: Model,
  layers: readonly LayerMoments[],
  { threads, signal }: ThreadOptions,
): Promise<Map<string, Float32Array>> {
  const costs = new Map(
    layers.map(({ entry: { layer, geometry } }) => [
      layer.weight,
      new Float32Array(geometry.features * geometry.size),
    ]),
  );
  const work = layers.reduce((sum, { entry }) => sum + workOf(entry.geometry), 0);
  const worth = Math.max(1, Math.min(threads, Math.floor(work / THREAD_WORK)));
  await costsInThreads(blocksOf(model, layers), { threads: worth, signal }, (block, found) => {
    const { layer, first, firstFeature, width } = block;
    const { geometry } = layer.entry;
    const out = costs.get(layer.entry.layer.weight)!;
    for (let at = 0; at < found.length; at++) {
      const feature = firstFeature + Math.floor(at / width);
      out[indexOf(geometry, feature, first + (at % width))] = found[at] / (layer.energy || 1);
    }
  });
  return costs;
}

/** Multiplications that are worth the start of a thread: they take ten times as long. */
const THREAD_WORK = 5e8;

/** A block of a layer: where its inputs and its features begin. */
interface LayerBlock extends Block {
  readonly layer: LayerMoments;
  readonly first: number;
  readonly firstFeature: number;
}

/** One after the other; the second moments are about the mean where a bias can make it good. */
function* blocksOf(model: Model, layers: readonly LayerMoments[]): Generator<LayerBlock> {
  for (const layer of layers) {
    const { geometry, bias } = layer.entry;
    const { size, features, groups } = geometry;
    const each = features / groups;
    const widest = widestOf(geometry);
    for (const [group, columns] of columnsOf(model, layer.entry).entries())
      for (let first = 0; first < size; first += widest) {
        const width = Math.min(widest, size - first);
        const covariance = covarianceOf(layer.moments[group], first, width, bias !== null);
        const weights = new Float64Array(each * width);
        for (let at = 0; at < weights.length; at++)
          weights[at] = columns[(first + (at % width)) * each + Math.floor(at / width)];
        yield { layer, first, firstFeature: group * each, width, covariance, weights };
      }
  }
}

/** Inputs of a block at the most. */
function widestOf({ size, features, groups }: LayerGeometry): number {
  const each = features / groups;
  if ((each * size ** 3) / 6 <= WORK) return size;
  return Math.max(1, Math.floor(Math.sqrt((6 * WORK) / (each * size))));
}

function workOf(geometry: LayerGeometry): number {
  const { size, features, groups } = geometry;
  const widest = Math.min(size, widestOf(geometry));
  return (groups * size * blockWork(widest, features / groups)) / widest;
}
