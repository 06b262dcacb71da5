import { constantsOf } from '../onnx/constants.js';
import type { Model } from '../onnx/model.js';
import { toFloat32 } from '../onnx/tensor.js';
import type { Directions } from './channel-directions.js';
import type { LayerDatabase } from './database.js';
import type { Target } from './places.js';
import type { Refittable } from './refittable.js';

export interface MixedTargets {
  readonly targets: ReadonlyMap<string, Target>;
  /** Which features of its target a layer has kept, by the name of its weight; all of them where a weight is not named. */
  readonly kept: ReadonlyMap<string, readonly number[]>;
}

/**
 * The targets of the layers of a network that has lost channels, where those of straight groups are mixed: as many mixtures as channels are
 * left lose less of what the layers behind them give than the channels themselves, and each is what can be had of its channel. A group
 * stays as it is where a layer that makes or reads it has a weight of zero, which may be there for good.
 *
 * A layer of S places, F channels, k of them left: S F k multiplications.
 */
export async function mixedTargets(
  database: LayerDatabase,
  compressed: Model,
  layers: readonly Refittable[],
  { targets: whole, kept }: MixedTargets,
): Promise<MixedTargets> {
  const targets = new Map(whole);
  const left = new Map(kept);
  const constants = constantsOf(compressed.graph);
  const isDense = (weight: string) => toFloat32(constants.get(weight)!).every((value) => value !== 0);
  for (const group of await database.straightGroups()) {
    const stays = kept.get(group.makers[0]);
    const there = [...group.makers, ...group.readers].filter((weight) => constants.has(weight));
    if (!stays || stays.length === group.channels || !there.every(isDense)) continue;
    const mixtures = mixturesOf(group, stays, group.channels);
    for (const { layer } of layers) {
      const target = targets.get(layer.name);
      if (!target || !group.makers.includes(layer.weight)) continue;
      targets.set(layer.name, mixed(target, mixtures, stays.length));
      left.delete(layer.weight);
    }
  }
  return { targets, kept: left };
}

/** What the first directions, as many as channels stay, give of each of these: rows of channels. */
function mixturesOf(
  { amounts, directions }: Directions,
  stays: readonly number[],
  channels: number,
): Float64Array {
  const mixtures = new Float64Array(stays.length * channels);
  for (const [row, channel] of stays.entries())
    for (let d = 0; d < stays.length; d++)
      for (let c = 0; c < channels; c++)
        mixtures[row * channels + c] += directions[d * channels + channel] * amounts[d * channels + c];
  return mixtures;
}

function mixed(target: Target, mixtures: Float64Array, features: number): Target {
  const channels = target.geometry.features;
  const places = target.outputs.length / channels;
  const outputs = new Float32Array(places * features);
  for (let place = 0; place < places; place++)
    for (let f = 0; f < features; f++) {
      let sum = 0;
      for (let c = 0; c < channels; c++)
        sum += mixtures[f * channels + c] * target.outputs[place * channels + c];
      outputs[place * features + f] = sum;
    }
  return { ...target, geometry: { ...target.geometry, features }, outputs };
}
