import {
  type EvaluationContext,
  InputError,
  type Metric,
  maximize,
  minimize,
  record,
  show,
} from '../../src/index.js';
import type { Inference } from './inference/evaluator.js';

/** What an evaluation measures. */
export type CompressionMetric = 'accuracy' | 'nonZeroRate' | 'size' | 'time' | 'top5' | 'macroF1';
/** The metrics of one network. `size` in bytes, `time` a ratio to the uncompressed network, the others fractions. */
export type CompressionMetrics = Readonly<Record<CompressionMetric, number>>;
/** The metrics of one network, and the answers behind its accuracy. */
export interface MeasuredMetrics {
  readonly metrics: CompressionMetrics;
  /** Images whose largest output is their label's, of all. */
  readonly correct: number;
  readonly of: number;
}

const DIRECTION: Readonly<Record<CompressionMetric, 'minimize' | 'maximize'>> = {
  accuracy: 'maximize',
  nonZeroRate: 'minimize',
  size: 'minimize',
  time: 'minimize',
  top5: 'maximize',
  macroF1: 'maximize',
};

/** The metrics of a network; of those not wanted, the time is NaN, and the others are of the timed batches alone. */
export async function measureMetrics(
  inference: Inference,
  bytes: Uint8Array,
  { nonZero, total }: { readonly nonZero: number; readonly total: number },
  wanted: EvaluationContext['measure'],
  signal?: AbortSignal,
): Promise<MeasuredMetrics> {
  const { accuracy, top5, macroF1, time, correct, count } = await inference.evaluate(bytes, {
    time: wanted === 'timed' ? 'only' : wanted === 'all',
    signal,
  });
  const metrics = {
    accuracy,
    nonZeroRate: nonZero / total,
    size: bytes.length,
    time: time ?? Number.NaN,
    top5,
    macroF1,
  };
  return { metrics, correct, of: count };
}

/** The ranges place the reference point: accuracy from the floor to 1, the others from 0 to the uncompressed network. */
export function declareMetrics(
  objectives: readonly CompressionMetric[],
  baseline: CompressionMetrics,
  floor: number,
): Record<CompressionMetric, Metric> {
  const names = Object.keys(DIRECTION) as CompressionMetric[];
  const entries = names.map((name) => {
    const timed = name === 'time';
    if (!objectives.includes(name)) return [name, record({ timed })];
    if (DIRECTION[name] === 'maximize')
      return [name, maximize({ range: [name === 'accuracy' ? Math.min(floor, 0.999) : 0, 1] })];
    return [name, minimize({ range: [0, baseline[name]], timed })];
  });
  return Object.fromEntries(entries);
}

/** The names of metrics to optimise. Throws an InputError on none and on one that is none. */
export function checkObjectives(names: readonly string[]): CompressionMetric[] {
  const known = Object.keys(DIRECTION);
  const unknown = names.find((name) => !known.includes(name));
  if (names.length === 0 || unknown !== undefined)
    throw new InputError(`the objectives must be among ${known.join(', ')}, got ${show(unknown ?? names)}`);
  return names as CompressionMetric[];
}
