import {
  type EvaluationContext,
  InputError,
  type Metric,
  maximize,
  minimize,
  record,
  show,
} from '../../src/index.js';
import { type ExtraFigure, measureExtras } from './extra-metrics.js';
import type { Inference } from './inference/evaluator.js';
import type { PairedDifference } from './inference/paired-difference.js';
import type { Timing } from './inference/timing.js';

/** What every evaluation measures. */
export type CommonMetric = 'accuracy' | 'nonZeroRate' | 'size' | 'time' | 'top5' | 'macroF1';
/** What an evaluation measures where it is asked for: each costs something of its own. */
export type ExtraMetric = ExtraFigure | 'time1';
/** What can be measured. */
export type CompressionMetric = CommonMetric | ExtraMetric;

/**
 * The metrics of one network. Fractions: `accuracy`, `top5`, `macroF1`, `nonZeroRate`, `agreement` (the share of images that the
 * uncompressed network puts in the same class: it reads no labels) and `accuracyLow` (the uncompressed network's accuracy plus the lower end of the 95 %
 * interval of the paired difference to it). Bytes: `size` of the .onnx file, `gzipSize` of the same through gzip at level 9, `packedSize` of a container with a
 * fixed quantizer. `macs`: multiplications a sample. Ratios to the uncompressed network, measured in turns with it: `time` at the batch
 * size of the data, `time1` at one sample. The extra ones are there where they were asked for.
 */
export type CompressionMetrics = Readonly<Record<CommonMetric, number> & Record<string, number>>;

/** The metrics of one network, and the answers behind its accuracy. */
export interface MeasuredMetrics {
  readonly metrics: CompressionMetrics;
  /** Images whose largest output is their label's, of all. */
  readonly correct: number;
  readonly of: number;
  /** Against the uncompressed network; where `accuracyLow` was asked for. */
  readonly difference?: PairedDifference;
  /** What is behind `time` and `time1`, where they were measured. */
  readonly timing?: Timing;
  readonly singleTiming?: Timing;
}

interface Kind {
  readonly direction: 'minimize' | 'maximize';
  readonly timed?: boolean;
  readonly extra?: boolean;
}

const KINDS: Readonly<Record<CompressionMetric, Kind>> = {
  accuracy: { direction: 'maximize' },
  nonZeroRate: { direction: 'minimize' },
  size: { direction: 'minimize' },
  time: { direction: 'minimize', timed: true },
  top5: { direction: 'maximize' },
  macroF1: { direction: 'maximize' },
  accuracyLow: { direction: 'maximize', extra: true },
  agreement: { direction: 'maximize', extra: true },
  gzipSize: { direction: 'minimize', extra: true },
  packedSize: { direction: 'minimize', extra: true },
  macs: { direction: 'minimize', extra: true },
  time1: { direction: 'minimize', timed: true, extra: true },
};

/** The names of what can be measured. */
export const compressionMetrics = Object.keys(KINDS) as readonly CompressionMetric[];

/**
 * The metrics of a network, the `extras` too; of those not wanted, the times are NaN, and the others are of the timed batches alone.
 * `inference` holds the uncompressed network. Throws an InputError where one sample cannot be timed, as the model fixes its batch.
 */
export async function measureMetrics(
  inference: Inference,
  bytes: Uint8Array,
  { nonZero, total }: { readonly nonZero: number; readonly total: number },
  wanted: EvaluationContext['measure'],
  signal?: AbortSignal,
  extras: readonly CompressionMetric[] = [],
): Promise<MeasuredMetrics> {
  const single = extras.includes('time1');
  if (single && !inference.freeBatch)
    throw new InputError(
      `time1 needs a model that takes any batch size, got one that takes ${inference.batchSize} samples`,
    );
  const result = await inference.evaluate(bytes, {
    time: wanted === 'timed' ? 'only' : wanted === 'all',
    single,
    signal,
  });
  const { accuracy, top5, macroF1, time, correct, count, predictions, timing, singleTiming } = result;
  const common = { accuracy, nonZeroRate: nonZero / total, size: bytes.length, top5, macroF1 };
  const times = { time: time ?? Number.NaN, ...(single && { time1: singleTiming?.ratio ?? Number.NaN }) };
  const measured = { correct, of: count, ...(timing && { timing }), ...(singleTiming && { singleTiming }) };
  if (wanted === 'timed') return { ...measured, metrics: { ...common, ...times } };
  const { values, difference } = await measureExtras(extras, inference, bytes, predictions, signal);
  return { ...measured, ...(difference && { difference }), metrics: { ...common, ...times, ...values } };
}

/**
 * The metrics of a problem: the common ones and those of the extras that the baseline was measured for. The ranges place the reference
 * point: accuracy from the floor to 1, the others from 0 to the uncompressed network. `untimed`: without those that a clock measures.
 */
export function declareMetrics(
  objectives: readonly CompressionMetric[],
  baseline: CompressionMetrics,
  floor: number,
  untimed: boolean,
): Record<string, Metric> {
  const entries = compressionMetrics
    .filter((name) => baseline[name] !== undefined || objectives.includes(name))
    .filter((name) => !(untimed && KINDS[name].timed))
    .map((name) => {
      const { direction, timed = false } = KINDS[name];
      if (!objectives.includes(name)) return [name, record({ timed })];
      if (direction === 'maximize')
        return [name, maximize({ range: [name.startsWith('accuracy') ? Math.min(floor, 0.999) : 0, 1] })];
      return [name, minimize({ range: [0, baseline[name]], timed })];
    });
  return Object.fromEntries(entries);
}

/** The metrics of the uncompressed network itself: its times are 1 by definition, not measured. */
export function asBaseline(measured: CompressionMetrics): CompressionMetrics {
  return { ...measured, time: 1, ...(measured.time1 !== undefined && { time1: 1 }) };
}

/** The names of metrics to optimise. Throws an InputError on none, on one that is none, and on a time where there are to be none. */
export function checkObjectives(names: readonly string[], untimed: boolean): CompressionMetric[] {
  const unknown = names.find((name) => !(compressionMetrics as readonly string[]).includes(name));
  if (names.length === 0 || unknown !== undefined)
    throw new InputError(
      `the objectives must be among ${compressionMetrics.join(', ')}, got ${show(unknown ?? names)}`,
    );
  const timed = names.find((name) => KINDS[name as CompressionMetric].timed);
  if (untimed && timed !== undefined)
    throw new InputError(`an untimed problem has no time to optimise, got the objective ${show(timed)}`);
  return names as CompressionMetric[];
}

/** The accuracy that a floor is put on: its lower bound where that is what is optimised. */
export function flooredBy(objectives: readonly CompressionMetric[]): 'accuracy' | 'accuracyLow' {
  return objectives.includes('accuracyLow') ? 'accuracyLow' : 'accuracy';
}

/** Those of the metrics that are measured only where they are asked for, each once: the `extras` of {@link measureMetrics}. */
export function extrasAmong(names: readonly CompressionMetric[]): ExtraMetric[] {
  return [...new Set(names)].filter((name): name is ExtraMetric => KINDS[name].extra === true);
}
