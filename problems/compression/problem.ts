import {
  atLeast,
  defineProblem,
  type EvaluationContext,
  InputError,
  type Problem,
  show,
} from '../../src/index.js';
import type { Dataset } from './data/dataset.js';
import { compressionVariables, decodeVector, variableWords } from './design-vector.js';
import { fingerprintOf } from './fingerprint.js';
import { type Inference, openInference } from './inference/evaluator.js';
import {
  type CompressionMetrics,
  checkObjectives,
  declareMetrics,
  type MeasuredMetrics,
  measureMetrics,
} from './metrics.js';
import { constantsOf } from './onnx/constants.js';
import { loadModel } from './onnx/load.js';
import type { Model } from './onnx/model.js';
import { type Applied, applyPlan, type Plan, planCounts, prepare, type TensorCount } from './plan.js';
import { quantizable } from './quantization/dynamic-int8.js';

/** What the compression problem is made from. */
export interface CompressionProblemOptions {
  /** Path of the .onnx file; data files are looked for beside it. */
  readonly model: string;
  /** Labelled samples, or how to load them for the shape of one sample that the model asks for. */
  readonly dataset: Dataset | ((sampleShape: readonly number[] | undefined) => Promise<Dataset>);
  /** Smallest accuracy of a solution, a fraction in [0, 1]. Without it there is no constraint. */
  readonly minAccuracy?: number;
  /** Metrics to optimise; the others are recorded. Default accuracy and nonZeroRate. */
  readonly objectives?: readonly string[];
  /** Draws the random subsets of layers. Default 1. */
  readonly seed?: number;
  /** Threads of an inference. Default: all cores. */
  readonly threads?: number;
}

/** The problem, with what belongs to its network. */
export interface CompressionProblem {
  readonly problem: Problem;
  /** The metrics of the uncompressed network: its own file as it is run here, `time` and rates 1 by definition. */
  readonly baseline: CompressionMetrics;
  /** What is left as it is in the graph, and why. */
  readonly notes: readonly string[];
  /** What the metrics are measured on; the answers of a dynamically quantized network may depend on the batch size. */
  readonly measuredOn: { readonly data: string; readonly images: number; readonly batchSize: number };
  /** The runtime that measures, by its parts. */
  readonly runtime: Inference['runtime'];
  /** What the problem was made from, for a run record. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The compressed network of a decision vector. */
  candidate(x: ArrayLike<number>): { readonly plan: Plan } & Applied;
  /** Measures one decision vector. Throws an InputError when it lies outside the domain. */
  measure(x: ArrayLike<number>, signal?: AbortSignal): Promise<Measured>;
  /** What the plan of a decision vector leaves of every layer: elements that are not zero of all, by layer. */
  layerRates(x: ArrayLike<number>): Readonly<Record<string, number>>;
  /** Hashes of the model and of the data: another run with these measures the same. */
  fingerprint(): Promise<{ readonly model: string; readonly data: string }>;
  /** Releases the runtime's memory. */
  close(): Promise<void>;
}

/** One compressed network, measured by real inference. */
export interface Measured extends Omit<Applied, 'bytes'>, MeasuredMetrics {
  readonly plan: Plan;
}

/**
 * The compression problem of one network and one labelled data set: seven variables (see `design-vector`) decoded into
 * pruning and quantization, measured by real inference, under a floor on accuracy.
 *
 *     const { problem, candidate, close } = await compressionProblem({ model: 'net.onnx', dataset, minAccuracy: 0.85 });
 *     const run = await optimize(problem, { surrogate: 'mape' });
 *
 * Throws an InputError for a file that is no usable model, a model that does not fit the data, and a floor above the
 * accuracy of the uncompressed network.
 */
export async function compressionProblem(options: CompressionProblemOptions): Promise<CompressionProblem> {
  const { minAccuracy, seed = 1, threads } = options;
  const objectives = checkObjectives(options.objectives ?? ['accuracy', 'nonZeroRate']);
  if (minAccuracy !== undefined && !(minAccuracy >= 0 && minAccuracy <= 1))
    throw new InputError(`the accuracy floor must lie in [0, 1], got ${show(minAccuracy)}`);
  const model = loadModel(options.model);
  const dataset =
    typeof options.dataset === 'function' ? await options.dataset(sampleShapeOf(model)) : options.dataset;
  const prepared = prepare(model);
  if (prepared.layers.length === 0)
    throw new InputError(
      `a model must have Conv, ConvTranspose, Gemm or MatMul layers with constant weights, got none in ${show(options.model)}${because(prepared.notes)}`,
    );
  const able = quantizable(model);
  const notes = able.ok ? prepared.notes : [...prepared.notes, `x7 has no effect: ${able.reason}`];
  const inference = await openInference({ baseline: prepared.bytes, dataset, threads });
  const planOf = (x: ArrayLike<number>): Plan => {
    const decoded = decodeVector(x, prepared.layers, seed);
    return able.ok ? decoded : { ...decoded, quantization: 'none' };
  };
  const candidate = (x: ArrayLike<number>) => {
    const plan = planOf(x);
    return { plan, ...applyPlan(prepared, plan) };
  };
  const measure = async (
    x: ArrayLike<number>,
    signal?: AbortSignal,
    wanted: EvaluationContext['measure'] = 'all',
  ): Promise<Measured> => {
    const { bytes, ...applied } = candidate(x);
    return { ...applied, ...(await measureMetrics(inference, bytes, applied, wanted, signal)) };
  };
  try {
    const untouched = { nonZero: sumNonZero(prepared.tensors), total: prepared.total };
    const { metrics: measured } = await measureMetrics(inference, prepared.bytes, untouched, 'untimed');
    const baseline = { ...measured, time: 1 };
    const measuredOn = { data: dataset.name, images: dataset.count, batchSize: inference.batchSize };
    checkFloor(minAccuracy, baseline.accuracy);
    return {
      problem: defineProblem({
        name: 'compression',
        variables: compressionVariables,
        metrics: declareMetrics(objectives, baseline, minAccuracy ?? 0),
        constraints: minAccuracy === undefined ? [] : [atLeast('accuracy', minAccuracy)],
        evaluate: async (values, { signal, measure: wanted }) =>
          (await measure(Object.values(values), signal, wanted)).metrics,
      }),
      baseline,
      notes,
      measuredOn,
      runtime: inference.runtime,
      facts: {
        model: options.model,
        ...measuredOn,
        classes: dataset.classNames,
        minAccuracy,
        baseline,
        variables: variableWords,
        layers: prepared.layers.map(({ name, kind }) => ({ name, kind })),
        notes,
      },
      candidate,
      layerRates: (x) => ratesOf(planCounts(prepared, planOf(x))),
      measure: (x, signal) => measure(x, signal),
      fingerprint: () => fingerprintOf(prepared.bytes, dataset),
      close: () => inference.close(),
    };
  } catch (error) {
    await inference.close();
    throw error;
  }
}

function because(notes: readonly string[]): string {
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`;
}

/** The shape of one sample that a model asks for, -1 where any size fits; undefined when the model does not say. */
export function sampleShapeOf({ graph }: Model): number[] | undefined {
  const constants = constantsOf(graph);
  const input = graph.inputs.find(({ name }) => !constants.has(name));
  return input?.type?.tensor?.shape?.dims.slice(1).map(({ value }) => value ?? -1);
}

/** In the order of the layers; one whose tensors all belong to an earlier layer has no rate of its own. */
function ratesOf(tensors: readonly TensorCount[]): Record<string, number> {
  const counts = new Map<string, { nonZero: number; total: number }>();
  for (const { layer, nonZero, total } of tensors) {
    const sum = counts.get(layer) ?? { nonZero: 0, total: 0 };
    counts.set(layer, { nonZero: sum.nonZero + nonZero, total: sum.total + total });
  }
  return Object.fromEntries([...counts].map(([layer, { nonZero, total }]) => [layer, nonZero / total]));
}

function checkFloor(floor: number | undefined, accuracy: number): void {
  if (floor !== undefined && floor > accuracy)
    throw new InputError(
      `the accuracy floor must not be above the accuracy of the uncompressed model, ${accuracy} on these images, got ${floor}`,
    );
}

function sumNonZero(tensors: readonly { readonly nonZero: number }[]): number {
  return tensors.reduce((sum, { nonZero }) => sum + nonZero, 0);
}
