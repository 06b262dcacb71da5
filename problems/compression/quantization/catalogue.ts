import { InputError } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { observeActivations } from '../inference/activations.js';
import { standardVersion } from '../onnx/constants.js';
import { layersOf } from '../onnx/layers.js';
import type { Model } from '../onnx/model.js';
import { TARGET_OPSET, toOpset13 } from '../onnx/opset.js';
import { calibrationMethods, quantizationOf } from './activation-range.js';
import { FIRST_OPSET, quantizeDynamic } from './dynamic-int8.js';
import { feedbackWeights } from './feedback-weights.js';
import { storeAsFloat16 } from './float16-storage.js';
import { awayFromHalves } from './half-levels.js';
import { hardSwishesAsProducts } from './hard-sigmoid.js';
import { normsAsConvolutions } from './norms-as-convolutions.js';
import { poolingsAsConvolutions } from './poolings-as-convolutions.js';
import type { Quantization, StaticInt8 } from './quantization.js';
import { activationsToObserve, quantizeStatic } from './static-int8.js';
import { FIRST_STATIC_OPSET, staticPlanOf } from './static-plan.js';
import type { Noted } from './stored-weights.js';
import { checkForInt8, overflowNote } from './suitable.js';
import { quantizeWeightsAlone, type WeightInt8Options } from './weight-int8.js';

/** What kinds that need data work with. */
export interface QuantizeOptions {
  /** Samples, of which no labels are read. */
  readonly calibration: Dataset;
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** Samples that ranges are taken from, at most: more change little. */
const CALIBRATED = 256;
/** Fewer get a note: with 1 or 2 samples ResNet-20 lost up to 1.1 points, with 4 to 256 never more than 0.3. */
const FEW = 4;

type Kinds = {
  readonly [K in Quantization['kind']]: (
    model: Model,
    quantization: Extract<Quantization, { readonly kind: K }>,
    options: QuantizeOptions,
  ) => Noted | Promise<Noted>;
};

/** Every kind there is: from a model to a model, the given one left as it is. */
const kinds: Kinds = {
  none: (model) => ({ model, notes: [] }),
  'dynamic-int8': (model) => {
    const current = inInt8(model, FIRST_OPSET);
    const quantized = quantizeDynamic(current.model, layersOf(current.model).layers);
    const layers = new Set(layersOf(quantized.model).layers.map(({ name }) => name));
    return noted(othersInInt8(quantized, { exclude: layers, perChannel: true }), ...current.notes);
  },
  'static-int8': async (model, quantization, options) => {
    const current = inInt8(model, FIRST_STATIC_OPSET, quantization.reducedRange);
    const quantized = await calibrated(current.model, quantization, options);
    return noted(restAsFloat16(quantized, quantization), ...current.notes);
  },
  'weight-int8': (model, quantization) => {
    const { perChannel = true, exclude } = quantization;
    checkForInt8(model);
    return restAsFloat16(
      quantizeWeightsAlone(model, { perChannel, exclude: new Set(exclude) }),
      quantization,
    );
  },
  float16: (model, { exclude }) => storeAsFloat16(model, new Set(exclude)),
};

/**
 * The model with its numbers stored and computed with as `quantization` says; `notes` tell what was left as it is, and why. Throws an
 * InputError where the model cannot be quantized so at all:
 * see `checkForInt8` and `toOpset13`.
 */
export async function quantize(
  model: Model,
  quantization: Quantization,
  options: QuantizeOptions,
): Promise<Noted> {
  const apply = kinds[quantization.kind] as (
    model: Model,
    quantization: Quantization,
    options: QuantizeOptions,
  ) => Noted | Promise<Noted>;
  return apply(model, quantization, options);
}

/** One of every kind and form, each by what it is called for people. The conformance test walks them. */
export const quantizationForms: readonly { readonly name: string; readonly quantization: Quantization }[] = [
  { name: 'dynamic int8', quantization: { kind: 'dynamic-int8' } },
  { name: 'static int8', quantization: { kind: 'static-int8', perChannel: false } },
  { name: 'static int8 per channel', quantization: { kind: 'static-int8', perChannel: true } },
  { name: 'weights in int8', quantization: { kind: 'weight-int8', perChannel: false } },
  { name: 'weights in int8 per channel', quantization: { kind: 'weight-int8', perChannel: true } },
  {
    name: 'weights in int8 per channel, the rest in float16',
    quantization: { kind: 'weight-int8', perChannel: true, float16: true },
  },
  { name: 'float16', quantization: { kind: 'float16' } },
];

/** A model that can be computed in int8, converted where its operator set is older than `opset`, and what to know of it here. */
function inInt8(model: Model, opset: number, reducedRange = false): Noted {
  checkForInt8(model);
  const version = standardVersion(model);
  const older = version < opset;
  const conversion = `the model was converted from operator set ${version} to ${TARGET_OPSET}`;
  const overflow = reducedRange ? undefined : overflowNote();
  return {
    model: older ? toOpset13(model) : model,
    notes: [...(older ? [conversion] : []), ...(overflow ? [overflow] : [])],
  };
}

function noted({ model, notes }: Noted, ...before: readonly string[]): Noted {
  return { model, notes: [...before, ...notes] };
}

async function calibrated(given: Model, quantization: StaticInt8, options: QuantizeOptions): Promise<Noted> {
  const exclude = new Set(quantization.exclude);
  const model = withIntegerKernels(given, exclude);
  const {
    perChannel = true,
    calibration = calibrationMethods[0],
    reducedRange,
    errorFeedback = true,
  } = quantization;
  const { count } = options.calibration;
  if (count < 1)
    throw new InputError(`static quantization needs at least one sample to calibrate with, got ${count}`);
  const few =
    count < FEW
      ? [`ranges were taken from ${count} sample${count === 1 ? '' : 's'} alone, ${FEW} are safer`]
      : [];
  const names = activationsToObserve(model, exclude);
  const observed = await observeActivations(model, names, options.calibration, {
    threads: options.threads,
    signal: options.signal,
    count: CALIBRATED,
  });
  const { values, requantizations } = staticPlanOf(model, exclude);
  const ranges = new Map([
    ...[...observed].map(([name, seen]) => [name, quantizationOf(seen, calibration)] as const),
    ...[...requantizations].map(([name, { read }]) => [name, read] as const),
  ]);
  const activations = awayFromHalves(model.graph, values, ranges);
  const levels = reducedRange ? 63 : 127;
  const weights = errorFeedback
    ? await feedbackWeights(model, { ...options, count: CALIBRATED, perChannel, levels, exclude })
    : undefined;
  const computed = quantizeStatic(model, { activations, perChannel, reducedRange, exclude, weights });
  return noted(othersInInt8(computed, { exclude, perChannel, weights }), ...few);
}

/** The model with what comes between integers, and has no good integer kernel, written as convolutions, which may make more integers. */
function withIntegerKernels(model: Model, exclude: ReadonlySet<string>): Model {
  const { values } = staticPlanOf(model, exclude);
  const isInteger = (name: string) => values.has(name);
  const next = [normsAsConvolutions, poolingsAsConvolutions, hardSwishesAsProducts].reduce(
    (written, step) => step(written, isInteger),
    model,
  );
  return next === model ? model : withIntegerKernels(next, exclude);
}

/** What an int8 kind computes in float, recurrent layers above all, stored in int8 but for the layers named. */
function othersInInt8({ model, notes }: Noted, options: WeightInt8Options): Noted {
  const stored = quantizeWeightsAlone(model, options);
  return { model: stored.model, notes: [...notes, ...stored.notes] };
}

/** What an int8 kind leaves in float, stored as float16 where that is asked for. */
function restAsFloat16({ model, notes }: Noted, { float16 = false }: { readonly float16?: boolean }): Noted {
  if (!float16) return { model, notes };
  const halved = storeAsFloat16(model);
  return { model: halved.model, notes: [...notes, ...halved.notes] };
}
