import { randomOf } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { type Activation, type ActivationOptions, forEachActivation } from '../inference/activations.js';
import type { Layer } from '../onnx/layers.js';
import type { Model } from '../onnx/model.js';
import { copyOutputs, type LayerGeometry, positionsOf } from './patches.js';
import type { Refittable } from './refittable.js';

/** Places drawn from the samples for a layer, and what the original network gives there. */
export interface Target {
  readonly geometry: LayerGeometry;
  /** Of the output, that of its batch too. */
  readonly dims: readonly number[];
  /** Whether they are of the layer's own output, not of a sum with another branch. */
  readonly alone: boolean;
  /** Output positions drawn in each sample, `perSample` numbers a sample. */
  readonly positions: Int32Array;
  readonly perSample: number;
  /** Samples x perSample rows of features. */
  readonly outputs: Float32Array;
}

/** Places drawn a layer: a multiple of its inputs, within what can be held. */
const PLACES_AN_INPUT = 48;
const FEWEST_PLACES = 8192;
const MOST_PLACES = 24_576;

/**
 * The values that the layers are fitted to, by the name of the layer: where a vector is added to every place of a picture, the layer's own
 * output rather than the sum. One inference of the samples; memory: places x features floats a layer. `seed` draws the places.
 */
export async function targetsOf(
  model: Model,
  layers: readonly Refittable[],
  dataset: Dataset,
  options: ActivationOptions & { readonly seed?: number },
): Promise<Map<string, Target>> {
  const targets = new Map<string, Target>();
  const broadcast = await broadcastSums(model, layers, dataset, options);
  const nameOf = ({ target, output }: Refittable) => (broadcast.has(target) ? output : target);
  const names = [...new Set(layers.map(nameOf))];
  if (names.length === 0) return targets;
  const take = ({ value, first, dims, data }: Activation) => {
    for (const entry of layers) {
      if (nameOf(entry) !== names[value]) continue;
      const { layer, geometry, output } = entry;
      const target =
        targets.get(layer.name) ??
        placesOf(
          layer,
          geometry,
          { dims, alone: nameOf(entry) === output },
          dataset.count,
          options.seed ?? 1,
        );
      targets.set(layer.name, target);
      forEachPlace(target, first, dims[0], (row, place) => {
        const out = target.outputs.subarray(row * geometry.features, (row + 1) * geometry.features);
        copyOutputs(geometry, data, dims, place, out);
      });
    }
  };
  await forEachActivation(model, names, dataset, options, take);
  return targets;
}

/** The sums of two branches of different shapes: one is repeated along an axis. One inference of two samples. */
async function broadcastSums(
  model: Model,
  layers: readonly Refittable[],
  dataset: Dataset,
  options: ActivationOptions,
): Promise<ReadonlySet<string>> {
  const sums = layers.flatMap(({ output, target, shortcut }) =>
    shortcut === null ? [] : [{ target, parts: [output, shortcut] }],
  );
  const names = [...new Set(sums.flatMap(({ target, parts }) => [target, ...parts]))];
  const shapes = new Map<string, string>();
  await forEachActivation(model, names, dataset, { ...options, count: 2 }, ({ value, dims }) => {
    shapes.set(names[value], dims.join());
  });
  const differ = sums.filter(({ target, parts }) =>
    parts.some((part) => shapes.get(part) !== shapes.get(target)),
  );
  return new Set(differ.map(({ target }) => target));
}

/** Visits the places drawn in `count` samples from `first` on: their row among all, and where they are in these samples. */
export function forEachPlace(
  { perSample, positions }: Target,
  first: number,
  count: number,
  visit: (row: number, place: { readonly sample: number; readonly position: number }) => void,
): void {
  for (let sample = 0; sample < count; sample++)
    for (let p = 0; p < perSample; p++) {
      const row = (first + sample) * perSample + p;
      visit(row, { sample, position: positions[row] });
    }
}

function placesOf(
  layer: Layer,
  geometry: LayerGeometry,
  { dims, alone }: Pick<Target, 'dims' | 'alone'>,
  count: number,
  seed: number,
): Target {
  const all = positionsOf(geometry, dims);
  const wanted = Math.min(MOST_PLACES, Math.max(FEWEST_PLACES, PLACES_AN_INPUT * geometry.size));
  const perSample = Math.min(all, Math.max(1, Math.round(wanted / count)));
  const random = randomOf(seed, 'places', layer.name);
  const positions = new Int32Array(count * perSample);
  const deck = Int32Array.from({ length: all }, (_, i) => i);
  for (let sample = 0; sample < count; sample++) {
    if (perSample < all) random.shuffle(deck);
    positions.set(deck.subarray(0, perSample), sample * perSample);
  }
  return {
    geometry,
    dims,
    alone,
    positions,
    perSample,
    outputs: new Float32Array(count * perSample * geometry.features),
  };
}
