import { InputError, RunError, show } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { divergenceFrom } from '../inference/divergence.js';
import { openInference } from '../inference/evaluator.js';
import { defaultThreads } from '../inference/runtime.js';
import { RECURRENT_LEFT } from '../onnx/layers.js';
import { loadModel } from '../onnx/load.js';
import { readModel } from '../onnx/read.js';
import { computesInHalf, inSinglePrecision } from '../onnx/single-precision.js';
import { prepare } from '../plan.js';
import { simplified } from '../simplify/simplified.js';
import { unpack } from './container/read.js';
import { withLevels, writeContainer } from './container/write.js';
import { openSequence } from './packing/in-sequence.js';
import { inputStatistics } from './packing/input-statistics.js';
import { codedIntegers } from './packing/integers.js';
import { otherWeights } from './packing/other-weights.js';
import { packablesOf } from './packing/packables.js';
import { quantizableModel } from './packing/quantized-model.js';
import { searchSteps } from './packing/search.js';
import { withShortNames } from './packing/short-names.js';

/** What to pack, what to measure it on, and how much it may lose. */
export interface PackOptions {
  /** Path of the .onnx file. */
  readonly model: string;
  /** Labelled samples that the loss is measured on, or how to load them for the shape of one sample. */
  readonly dataset: Dataset;
  /** Samples to calibrate with, their labels not looked at: none of `dataset`. */
  readonly calibration: Dataset;
  /** Points of accuracy that may be lost. */
  readonly maxLoss: number;
  /** `mixing` (the default): the smallest file; `table`: one that unpacks faster. */
  readonly method?: 'mixing' | 'table';
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Told what is being done, in words. */
  readonly onProgress?: (message: string) => void;
}

/** A packed model. */
export interface Packed {
  /** The container, an .onnz file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of the model as it is written for packing: after the free first steps, with its weights as float32. */
  readonly modelSize: number;
  /** Fractions, on the labelled samples. */
  readonly accuracy: number;
  readonly baselineAccuracy: number;
  readonly images: number;
  /** Numbers that were coded, and the bits of the file a number, all of it counted. */
  readonly weights: number;
  readonly bitsPerWeight: number;
  /** The step of every weight, and whether its levels depend on each other, each allowed every other one of half the step. */
  readonly tensors: readonly {
    readonly name: string;
    readonly step: number;
    readonly dependent: boolean;
    readonly nonZero: number;
  }[];
  readonly notes: readonly string[];
}

/** Samples that the moments of the layers' inputs and the answers of the network are taken on: more change little. */
const MOMENTS = 256;
const ANSWERS = 256;

/**
 * Packs a model: after the free first steps (see `simplified`) its weights are quantized, layer after layer with error feedback, those of recurrent
 * layers and look-up tables number by number, so coarsely that the accuracy falls by at most `maxLoss` points, by real inference, and entropy coded.
 * No training.
 *
 * Throws an InputError on an unusable model (weights that are NaN or infinite, none at all) and where even fine steps lose
 * more than is allowed.
 */
export async function packModel(options: PackOptions): Promise<Packed> {
  const { dataset, calibration, maxLoss, method = 'mixing', signal, onProgress } = options;
  if (!(maxLoss >= 0 && maxLoss <= 100))
    throw new InputError(`the loss allowed must lie in [0, 100] points, got ${show(maxLoss)}`);
  const threads = options.threads ?? defaultThreads();
  const original = loadModel(options.model);
  const prepared = prepare(withShortNames(await simplified(inSinglePrecision(original))));
  const model = readModel(prepared.bytes, options.model);
  const ofLayers = packablesOf(model);
  const packables = [...ofLayers, ...otherWeights(model, new Set(ofLayers.map(({ name }) => name)))];
  if (!packables.some(({ role }) => role === 'weight'))
    throw new InputError(
      `a model must have layers with constant weights to be packed, got none in ${show(options.model)}`,
    );
  const inference = await openInference({ baseline: prepared.bytes, dataset, threads, signal });
  try {
    const baseline = await inference.evaluate(prepared.bytes, { signal });
    onProgress?.('the inputs of the layers');
    const on = (count: number) => ({ count, threads, signal });
    const statistics = await inputStatistics(model, packables, calibration, on(MOMENTS));
    const divergence = await divergenceFrom(prepared.bytes, calibration, on(ANSWERS));
    const quantizable = quantizableModel(prepared.bytes, packables, statistics, method === 'mixing');
    const dependent = method === 'mixing';
    const sequence = await openSequence(model, packables, quantizable, {
      calibration,
      threads,
      dependent,
      signal,
    });
    const found = await searchSteps(
      quantizable,
      {
        divergence: (choice) => divergence.of(quantizable.bytes(choice)),
        async loss(choice) {
          const { correct } = await inference.evaluate(
            withLevels(prepared.bytes, await sequence.tensors(choice)),
            { signal },
          );
          return (100 * (baseline.correct - correct)) / dataset.count;
        },
        progress: onProgress,
      },
      maxLoss,
    );
    if (found === null)
      throw new RunError(
        `no quantization of ${show(options.model)} was found that loses at most ${maxLoss} points`,
      );
    const tensors = await sequence.tensors(found.choice);
    const coded = new Map(tensors.map((tensor) => [tensor.offset, tensor]));
    const bytes = writeContainer(prepared.bytes, [...tensors, ...codedIntegers(model)], method);
    unpack(bytes); // throws unless the model comes out as it was measured
    const weights = tensors.reduce((sum, { levels }) => sum + levels.length, 0);
    return {
      bytes,
      modelSize: prepared.bytes.length,
      accuracy: baseline.accuracy - found.loss / 100,
      baselineAccuracy: baseline.accuracy,
      images: dataset.count,
      weights,
      bitsPerWeight: (8 * bytes.length) / weights,
      tensors: quantizable.weights.map(({ name, offset }, i) => ({
        name,
        step: found.choice[i],
        dependent: coded.get(offset)!.path !== undefined,
        nonZero: coded.get(offset)!.levels.reduce((sum, level) => sum + (level === 0 ? 0 : 1), 0),
      })),
      notes: [
        // Their weights are coded, see `otherWeights`.
        ...prepared.notes.filter((note) => !note.startsWith(RECURRENT_LEFT)),
        ...(computesInHalf(original)
          ? ['the model computed in float16, and computes in float32 unpacked']
          : []),
      ],
    };
  } finally {
    await inference.close();
  }
}
