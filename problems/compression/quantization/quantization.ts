import { InputError, show } from '../../../src/index.js';
import { checkAmong, fieldsOf } from '../json-fields.js';
import { layersOf } from '../onnx/layers.js';
import type { Model } from '../onnx/model.js';
import { abridged } from '../words.js';
import { type CalibrationMethod, calibrationMethods } from './activation-range.js';

/** How the numbers of a network are stored and computed with, as JSON keeps it. */
export type Quantization =
  | { readonly kind: 'none' }
  | { readonly kind: 'dynamic-int8' }
  | StaticInt8
  | {
      readonly kind: 'weight-int8';
      /** A scale for every output feature (the default), or one a weight. */
      readonly perChannel?: boolean;
      /** Names of layers that stay in float. */
      readonly exclude?: readonly string[];
      /** Biases, and weights that stay in float, are stored as float16. */
      readonly float16?: boolean;
    }
  | { readonly kind: 'float16'; readonly exclude?: readonly string[] };

/** Weights and activations in int8, with ranges that were calibrated. */
export interface StaticInt8 {
  readonly kind: 'static-int8';
  /** A scale for every output feature (the default), or one a weight. */
  readonly perChannel?: boolean;
  readonly calibration?: CalibrationMethod;
  /** See `StaticInt8Options`. */
  readonly reducedRange?: boolean;
  /** What rounding a weight loses is made good by those after it, unless false: see `feedbackWeights`. */
  readonly errorFeedback?: boolean;
  readonly exclude?: readonly string[];
  readonly float16?: boolean;
}

/** The options that a plan may give with each kind. */
const OPTIONS: Readonly<Record<Quantization['kind'], readonly string[]>> = {
  none: [],
  'dynamic-int8': [],
  'static-int8': ['perChannel', 'calibration', 'reducedRange', 'errorFeedback', 'exclude', 'float16'],
  'weight-int8': ['perChannel', 'exclude', 'float16'],
  float16: ['exclude'],
};

/** The kinds of quantization, `none` first. */
export const quantizationKinds = Object.keys(OPTIONS) as readonly Quantization['kind'][];

/** Checks what came from a file. Throws an InputError that names the law and the value. */
export function checkQuantization(value: unknown): Quantization {
  const quantization = fieldsOf('the quantization of a plan', value);
  const { kind, exclude } = quantization;
  if (kind === undefined)
    throw new InputError(`quantization needs a kind (${quantizationKinds.join(', ')}), got none`);
  checkAmong('the kind of quantization', kind, quantizationKinds);
  const options = OPTIONS[kind as Quantization['kind']];
  fieldsOf(`${show(kind)} quantization`, value, ['kind', ...options]);
  checkAmong('calibration', quantization['calibration'], calibrationMethods);
  for (const key of ['perChannel', 'reducedRange', 'errorFeedback', 'float16'])
    checkAmong(`${key} of quantization`, quantization[key], [true, false]);
  if (exclude !== undefined && !(Array.isArray(exclude) && exclude.every((name) => typeof name === 'string')))
    throw new InputError(`the layers that stay in float must be a list of names, got ${show(exclude)}`);
  return value as Quantization;
}

/** Throws an InputError where layers are to stay in float that the model does not have. */
export function checkExcluded(model: Model, quantization: Quantization): void {
  const exclude = 'exclude' in quantization ? (quantization.exclude ?? []) : [];
  const names = layersOf(model).layers.map(({ name }) => name);
  const unknown = exclude.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new InputError(
    `the layers that stay in float must be layers of the model (${abridged(names) || 'it has none'}), got ${show(unknown)}`,
  );
}
