import type { Dataset } from '../data/dataset.js';
import type { ActivationOptions } from '../inference/activations.js';
import { openProducts } from '../inference/products.js';
import { openStepwiseRun } from '../inference/stepwise.js';
import { layerData } from './layer-data.js';
import { type Moments, momentsOf, momentsTogether } from './moments.js';
import type { Target } from './places.js';
import type { Refittable } from './refittable.js';
import type { RunningOrder } from './running-order.js';

/**
 * A layer of the original with the moments of its inputs and of its outputs, a group each. Layers that share a weight are one, the first, with the
 * places of all, as if they had one bias.
 */
export interface LayerMoments {
  readonly entry: Refittable;
  readonly moments: readonly Moments[];
  /** The variance of what the layer is fitted to, summed over its features. */
  readonly energy: number;
}

/** Of every weight that a layer with a target has which can be read. One inference of the samples. */
export async function momentsOfLayers(
  { model, steps }: RunningOrder,
  targets: ReadonlyMap<string, Target>,
  dataset: Dataset,
  options: ActivationOptions,
): Promise<LayerMoments[]> {
  const products = await openProducts(options.threads);
  try {
    const run = await openStepwiseRun(model, dataset, options);
    const found = new Map<string, LayerMoments>();
    for (const entry of steps.flat()) {
      await run.advance(model.graph, entry.layer.node);
      const data = layerData({ ...entry, biases: [entry.bias] }, model.graph, targets, run);
      if (!data) continue;
      const energy = varianceOf(data.target.outputs, data.geometry.features);
      const own = { entry, moments: await momentsOf(data, products), energy };
      const before = found.get(entry.layer.weight);
      found.set(entry.layer.weight, before ? together(before, own) : own);
    }
    return [...found.values()];
  } finally {
    await products.release();
  }
}

/** Of the layers of one weight. */
function together(first: LayerMoments, second: LayerMoments): LayerMoments {
  const moments = first.moments.map((own, group) => momentsTogether(own, second.moments[group]));
  // An error is a share of the energy of each.
  const energy = (first.energy * second.energy) / (first.energy + second.energy) || 0;
  return { ...first, moments, energy };
}

/** The variances of columns, summed. */
function varianceOf(rows: Float32Array, columns: number): number {
  const count = rows.length / columns;
  let total = 0;
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    let squares = 0;
    for (let at = column; at < rows.length; at += columns) {
      sum += rows[at];
      squares += rows[at] ** 2;
    }
    total += squares / count - (sum / count) ** 2;
  }
  return total;
}
