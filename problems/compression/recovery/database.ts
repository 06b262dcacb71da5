import { InputError } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { inMemory } from '../data/in-memory.js';
import { divergenceFrom } from '../inference/divergence.js';
import { multiplicationsOf } from '../inference/multiplications.js';
import type { Model } from '../onnx/model.js';
import { writeModel } from '../onnx/write.js';
import { traceChannels } from '../pruning/trace-channels.js';
import { channelActivations, channelCosts } from './channel-costs.js';
import { type Directions, directionsOf } from './channel-directions.js';
import { type LayerMoments, momentsOfLayers } from './layer-moments.js';
import { type Target, targetsOf } from './places.js';
import { removableBlocks } from './removable-blocks.js';
import { inRunningOrder } from './running-order.js';
import { type StraightGroup, straightGroups } from './straight-groups.js';
import { zeroCostsOf } from './zero-costs.js';

/** How many samples are read, and how. */
export interface DatabaseOptions {
  /**
   * Samples used, the first so many. Default 2048, or 512 where the network takes much for each; no more than 64 MiB of them as float32. With 2048
   * the scores of ResNet-20 err by 6 to 10 % less (sum of squares, on images it has not seen) than with 512.
   */
  readonly count?: number;
  readonly threads: number;
  /** Draws the places of a picture that are looked at. Default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/**
 * What recovery and second-order selection know of a model, computed at the first question and kept: a search over hundreds of
 * plans of one model pays for it once.
 */
export interface LayerDatabase {
  /** The simplified original: what plans are compared with. */
  readonly original: Model;
  /** The samples, in memory. */
  readonly dataset: Dataset;
  readonly threads: number;
  /** How far the answers of another network are from the original's on the first samples: see `Divergence`. */
  divergence(other: Model): Promise<number>;
  /** What each layer should give, by its name. One inference; places (24,576 at most) x features floats a layer. */
  targets(): Promise<ReadonlyMap<string, Target>>;
  /**
   * Layers with the moments of what they read in the original, a group each, in graph order. One inference, and places x K^2 / 2 multiplications
   * and K^2 floats for a layer of K inputs an output: of VGG16 (13 convolutions of up to 4608 inputs) 0.6 GB and some 20 seconds of one core.
   */
  layers(): Promise<readonly LayerMoments[]>;
  /** What each weight costs to remove, by the name of the tensor and in its order: see `zeroCostsOf`. VGG16: 50 seconds of one core, in threads. */
  zeroCosts(): Promise<ReadonlyMap<string, Float32Array>>;
  /** What each class of channels costs to remove, by its name: see `channelCosts`. */
  channelCosts(): Promise<ReadonlyMap<number, number>>;
  /** How large each class of channels is, by its name: see `channelActivations`. */
  channelActivations(): Promise<ReadonlyMap<number, number>>;
  /** The channels that may be mixed (see `straightGroups`), with what matters of them. The moments of the layers are needed where there are any. */
  straightGroups(): Promise<readonly (StraightGroup & Directions)[]>;
  /** The names of the residual blocks that can leave: see `removableBlocks`. One inference of one sample. */
  blocks(): Promise<readonly string[]>;
}

/** Bytes of samples that are used unless told: what they make inside the network takes many times that. */
const SAMPLE_BYTES = 64 * 2 ** 20;
const SAMPLES = 2048;
/** Multiplications of one inference of all samples, above which fewer of them are used, but not fewer than these. */
const INFERENCE = 1.6e11;
const ENOUGH = 512;
/** Samples whose answers tell what the error of a layer does. */
const ANSWERS = 256;
const FEWEST = 2;

/**
 * Reads the samples. `original` must be simplified (see `simplified`): its layers are known by the names of their nodes. The questions
 * throw an InputError when there are fewer than two samples.
 */
export async function openLayerDatabase(
  original: Model,
  calibration: Dataset,
  { count, threads, seed = 1, signal }: DatabaseOptions,
): Promise<LayerDatabase> {
  const dataset = await inMemory(calibration, count ?? (await samplesFor(original, calibration)));
  const run = { threads, seed, signal };
  const order = inRunningOrder(original);
  const targets = once(async () => {
    if (!(dataset.count >= FEWEST))
      throw new InputError(`recovery needs at least ${FEWEST} calibration samples, got ${dataset.count}`);
    return targetsOf(order.model, order.steps.flat(), dataset, run);
  });
  const answers = once(() =>
    divergenceFrom(writeModel(original), dataset, { threads, count: ANSWERS, signal }),
  );
  const divergence = async (other: Model) => (await answers()).of(writeModel(other));
  const layers = once(async () => momentsOfLayers(order, await targets(), dataset, run));
  return {
    original,
    dataset,
    threads,
    divergence,
    targets,
    layers,
    zeroCosts: once(async () => zeroCostsOf(original, await layers(), { threads, signal })),
    channelCosts: once(async () =>
      channelCosts(original, await layers(), traceChannels(original.graph), divergence),
    ),
    straightGroups: once(async () => {
      const groups = straightGroups(original, order.steps.flat(), traceChannels(original.graph));
      const moments = groups.length > 0 ? await layers() : [];
      return groups.map((group) => ({ ...group, ...directionsOf(original, moments, group) }));
    }),
    blocks: once(async () => removableBlocks(original, dataset, run)),
    channelActivations: once(async () => channelActivations(await layers(), traceChannels(original.graph))),
  };
}

async function samplesFor(original: Model, { count, sampleShape }: Dataset): Promise<number> {
  const bytes = sampleShape.reduce((product, side) => product * side, 4);
  const held = Math.max(FEWEST, Math.min(SAMPLES, Math.floor(SAMPLE_BYTES / bytes)));
  if (Math.min(held, count) <= ENOUGH) return held;
  const each = await multiplicationsOf(writeModel(original), sampleShape);
  return Math.min(held, Math.max(ENOUGH, Math.floor(INFERENCE / each)));
}

function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= compute().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
