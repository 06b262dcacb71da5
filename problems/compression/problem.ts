import {
  atLeast,
  defineProblem,
  type EvaluationContext,
  encode,
  InputError,
  type Problem,
  show,
} from '../../src/index.js';
import { openClassicSpace } from './classic-space.js';
import { setApart } from './data/calibration.js';
import type { Dataset } from './data/dataset.js';
import { checkDisjoint, type Purpose } from './data/disjoint.js';
import { type DesignSpace, layerRates } from './design-space.js';
import { fingerprintOf } from './fingerprint.js';
import type { FullPlan } from './full/full-plan.js';
import { openFullSpace } from './full/full-space.js';
import { type Inference, openInference } from './inference/evaluator.js';
import { defaultThreads } from './inference/runtime.js';
import {
  asBaseline,
  type CompressionMetric,
  type CompressionMetrics,
  checkObjectives,
  declareMetrics,
  extrasAmong,
  flooredBy,
  type MeasuredMetrics,
  measureMetrics,
} from './metrics.js';
import { constantsOf } from './onnx/constants.js';
import { loadModel } from './onnx/load.js';
import type { Model } from './onnx/model.js';
import type { Applied, Plan } from './plan.js';
import { openReport, type Report } from './report-data.js';

/** Labelled samples, or how to load them for the shape of one sample that the model asks for. */
export type DataSource = Dataset | ((sampleShape: readonly number[] | undefined) => Promise<Dataset>);

/** How far plans go: the seven variables, or everything that `applyFullPlan` does. */
export type SpaceName = 'classic' | 'full';

/** What the compression problem is made from. */
export interface CompressionProblemOptions {
  /** Path of the .onnx file; data files are looked for beside it. */
  readonly model: string;
  readonly dataset: DataSource;
  /** Default `classic`. */
  readonly space?: SpaceName;
  /**
   * Samples for recovery and calibration in the `full` space; no labels are read. Default: the last eighth of `dataset` (512 at most), which then
   * measures nothing.
   */
  readonly calibration?: DataSource;
  /** Labelled samples that solutions are measured on once more when the search is over. */
  readonly report?: DataSource;
  /**
   * Smallest accuracy of a solution, a fraction in [0, 1]; its lower bound must reach it where `accuracyLow` is an objective. Without it
   * there is no constraint.
   */
  readonly minAccuracy?: number;
  /** Metrics to optimise; the others are recorded. Default accuracy and nonZeroRate; in the `full` space accuracy, size and, unless it is `untimed`, time. */
  readonly objectives?: readonly string[];
  /**
   * Leave out the metrics that a clock measures. They are about half the cost of an evaluation, and keep networks from being measured
   * beside each other.
   */
  readonly untimed?: boolean;
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
  /** Decision vectors to begin a search with. */
  readonly seeds: readonly Float64Array[];
  /** Measures networks on the samples for the report, or null where there are none. */
  readonly report: Report | null;
  /** The compressed network of a decision vector. Throws an InputError when it lies outside the domain. */
  candidate(
    x: ArrayLike<number>,
    signal?: AbortSignal,
  ): Promise<{ readonly plan: Plan | FullPlan } & Applied>;
  /** Measures one decision vector. Throws an InputError when it lies outside the domain. */
  measure(x: ArrayLike<number>, signal?: AbortSignal): Promise<Measured>;
  /**
   * What the plan of a decision vector leaves of every layer: elements that are not zero of all, by layer. Undefined where only the
   * making of the network tells: see the `tensors` of `candidate`.
   */
  layerRates(x: ArrayLike<number>): Readonly<Record<string, number>> | undefined;
  /** Hashes of the model and of the data: another run with these measures the same. */
  fingerprint(): ReturnType<typeof fingerprintOf>;
  /** Releases the runtime's memory. */
  close(): Promise<void>;
}

/** One compressed network, measured by real inference. */
export interface Measured extends Omit<Applied, 'bytes'>, MeasuredMetrics {
  readonly plan: Plan | FullPlan;
}

/** What is optimised where nothing is said. */
const OBJECTIVES: Readonly<Record<SpaceName, readonly CompressionMetric[]>> = {
  classic: ['accuracy', 'nonZeroRate'],
  full: ['accuracy', 'size', 'time'],
};

/**
 * The compression problem of one network and one labelled data set: decision vectors decoded into plans (seven variables, see
 * `design-vector`; or whole plans, see `full/design-space`), measured by real inference, under a floor on accuracy.
 *
 *     const { problem, candidate, close } = await compressionProblem({ model: 'net.onnx', dataset, minAccuracy: 0.85 });
 *     const run = await optimize(problem, { surrogate: 'mape' });
 *
 * Throws an InputError for a file that is no usable model, a model that does not fit the data, and a floor above the
 * accuracy of the uncompressed network.
 */
export async function compressionProblem(options: CompressionProblemOptions): Promise<CompressionProblem> {
  const { minAccuracy, space: name = 'classic', untimed = false, threads } = options;
  if (!Object.hasOwn(OBJECTIVES, name))
    throw new InputError(`the space must be one of ${Object.keys(OBJECTIVES).join(', ')}, got ${show(name)}`);
  const usual = untimed ? OBJECTIVES[name].filter((objective) => objective !== 'time') : OBJECTIVES[name];
  const objectives = checkObjectives(options.objectives ?? usual, untimed);
  const extras = extrasAmong(objectives);
  if (minAccuracy !== undefined && !(minAccuracy >= 0 && minAccuracy <= 1))
    throw new InputError(`the accuracy floor must lie in [0, 1], got ${show(minAccuracy)}`);
  const model = loadModel(options.model);
  const { dataset, calibration, report, shared } = await loadSamples(model, name, options);
  const space = await openSpace(model, objectives, calibration, options);
  const notes = [...space.notes, ...shared];
  const inference = await openInference({ baseline: space.baseline.bytes, dataset, threads });
  const make = async (x: ArrayLike<number>, signal?: AbortSignal) => {
    const plan = space.planOf(x);
    return { plan, ...(await space.make(plan, signal)) };
  };
  const measure = async (
    x: ArrayLike<number>,
    signal?: AbortSignal,
    wanted: EvaluationContext['measure'] = 'all',
  ): Promise<Measured> => {
    const { bytes, ...applied } = await make(x, signal);
    return { ...applied, ...(await measureMetrics(inference, bytes, applied, wanted, signal, extras)) };
  };
  try {
    const { bytes, ...untouched } = space.baseline;
    const { metrics } = await measureMetrics(inference, bytes, untouched, 'untimed', undefined, extras);
    const baseline = asBaseline(metrics);
    const measuredOn = { data: dataset.name, images: dataset.count, batchSize: inference.batchSize };
    const floored = flooredBy(objectives);
    checkFloor(minAccuracy, baseline[floored]);
    const reporting = report ? openReport(bytes, report, threads) : null;
    return {
      problem: defineProblem({
        name: 'compression',
        variables: space.variables,
        canonical: (values) => space.canonical(values) as never,
        metrics: declareMetrics(objectives, baseline, minAccuracy ?? 0, untimed),
        constraints: minAccuracy === undefined ? [] : [atLeast(floored, minAccuracy)],
        evaluate: async (values, { signal, measure: asked }) => {
          const x = encode(space.variables, values as never);
          const { metrics } = await measure(x, signal, untimed ? 'untimed' : asked);
          return metrics;
        },
      }),
      baseline,
      notes,
      measuredOn,
      runtime: inference.runtime,
      facts: {
        model: options.model,
        space: name,
        ...measuredOn,
        ...(calibration && { calibration: calibration.name, calibrationImages: calibration.count }),
        ...(report && { report: report.name, reportImages: report.count }),
        classes: dataset.classNames,
        minAccuracy,
        baseline,
        variables: space.words,
        layers: space.layers.map(({ name, kind }) => ({ name, kind })),
        notes,
      },
      seeds: space.seeds,
      report: reporting,
      candidate: make,
      layerRates: (x) => {
        const counts = space.counts(space.planOf(x));
        return counts && layerRates(counts);
      },
      measure: (x, signal) => measure(x, signal),
      fingerprint: () => fingerprintOf(bytes, dataset, calibration),
      close: async () => {
        await reporting?.close();
        await inference.close();
      },
    };
  } catch (error) {
    await inference.close();
    throw error;
  }
}

/** The samples of a search, by what they are for, and what they share by chance. */
interface Samples {
  readonly dataset: Dataset;
  readonly calibration?: Dataset;
  readonly report?: Dataset;
  readonly shared: readonly string[];
}

async function loadSamples(
  model: Model,
  space: SpaceName,
  sources: CompressionProblemOptions,
): Promise<Samples> {
  if (space === 'classic' && sources.calibration !== undefined)
    throw new InputError('calibration images are for the space "full", got them for "classic"');
  const loaded = await loadFrom(sources.dataset, model);
  const given = sources.calibration && (await loadFrom(sources.calibration, model));
  const report = sources.report && (await loadFrom(sources.report, model));
  const sets: Purpose[] = [{ data: loaded, purpose: 'measure' }];
  if (given) sets.push({ data: given, purpose: 'calibrate' });
  if (report) sets.push({ data: report, purpose: 'are for the report' });
  const shared = await checkDisjoint(sets);
  const apart = space === 'full' && !given ? setApart(loaded) : { dataset: loaded, calibration: given };
  return { ...apart, report, shared };
}

async function openSpace(
  model: Model,
  objectives: readonly CompressionMetric[],
  calibration: Dataset | undefined,
  { model: name, seed = 1, threads }: CompressionProblemOptions,
): Promise<DesignSpace<Plan | FullPlan>> {
  const opened = calibration
    ? await openFullSpace(model, { name, calibration, objectives, threads: threads ?? defaultThreads() })
    : openClassicSpace(model, name, seed);
  return opened as DesignSpace<Plan | FullPlan>;
}

const loadFrom = async (source: DataSource, model: Model): Promise<Dataset> =>
  typeof source === 'function' ? source(sampleShapeOf(model)) : source;

/** The shape of one sample that a model asks for, -1 where any size fits; undefined when the model does not say. */
export function sampleShapeOf({ graph }: Model): number[] | undefined {
  const constants = constantsOf(graph);
  const input = graph.inputs.find(({ name }) => !constants.has(name));
  return input?.type?.tensor?.shape?.dims.slice(1).map(({ value }) => value ?? -1);
}

function checkFloor(floor: number | undefined, accuracy: number): void {
  if (floor !== undefined && floor > accuracy)
    throw new InputError(
      `the accuracy floor must not be above the accuracy of the uncompressed model, ${accuracy} on these images, got ${floor}`,
    );
}
