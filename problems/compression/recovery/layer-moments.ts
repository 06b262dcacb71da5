import type { Dataset } from '../data/dataset.js';
import type { ActivationOptions } from '../inference/activations.js';
import { openProducts } from '../inference/products.js';
import { openStepwiseRun } from '../inference/stepwise.js';
import { layerData, type Moments, momentsOf } from './moments.js';
import type { Target } from './places.js';
import type { Refittable, RunningOrder } from './refittable.js';

/** A layer of the original with the moments of its inputs and of its outputs, a group each. */
export interface LayerMoments {
  readonly entry: Refittable;
  readonly moments: readonly Moments[];
  /** The variance of what the layer is fitted to, summed over its features. */
  readonly energy: number;
}

/** Of every layer that has a target and can be read. One inference of the samples. */
export async function momentsOfLayers(
  { model, layers }: RunningOrder,
  targets: ReadonlyMap<string, Target>,
  dataset: Dataset,
  options: ActivationOptions,
): Promise<LayerMoments[]> {
  const products = await openProducts(options.threads);
  try {
    const run = await openStepwiseRun(model, dataset, options);
    const found: LayerMoments[] = [];
    for (const entry of layers) {
      await run.advance(model.graph, entry.layer.node);
      const data = layerData(entry, model.graph, targets, run);
      if (!data) continue;
      const energy = varianceOf(data.target.outputs, data.geometry.features);
      found.push({ entry, moments: await momentsOf(data, products), energy });
    }
    return found;
  } finally {
    await products.release();
  }
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
