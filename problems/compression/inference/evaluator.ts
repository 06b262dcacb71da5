import { InputError, RunError, show } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { prepareBatches } from './batches.js';
import { type EvaluateOptions, type InferenceResult, measure, type Opened } from './measure.js';
import { batchFormOf, checkLabels, classesOf } from './model-fit.js';
import { defaultThreads, describeRuntime, type RuntimeReport } from './runtime.js';
import { openSession } from './session.js';

export type { EvaluateOptions, InferenceResult } from './measure.js';

/** A data set and an uncompressed model, ready to measure candidates that take the same input. */
export interface Inference {
  readonly classes: number;
  /** Samples a run; the model's own where it fixes one. Dynamic quantization may answer differently with another. */
  readonly batchSize: number;
  /** Whether the models take any number of samples a run, so that one alone can be timed. */
  readonly freeBatch: boolean;
  /** Of one sample, without the batch axis. */
  readonly sampleShape: readonly number[];
  readonly labels: Int32Array;
  readonly runtime: RuntimeReport;
  /** The classes that the baseline predicts, as `predictions` below. Computed at the first call. */
  baselinePredictions(signal?: AbortSignal): Promise<Int32Array>;
  /**
   * Runs a model on the whole data set. The signal is heard between batches: its reason is thrown. Evaluations may
   * overlap, but then their times mean nothing. Throws a RunError when the model can't be loaded or run or has other
   * classes than the baseline.
   */
  evaluate(bytes: Uint8Array, options?: EvaluateOptions): Promise<InferenceResult>;
  /** Frees the baseline's memory; nothing can be evaluated afterwards. Not while an evaluation runs. */
  close(): Promise<void>;
}

/** What the models are measured with and against. */
export interface InferenceOptions {
  /** The uncompressed model, an ONNX file's bytes without external data. */
  readonly baseline: Uint8Array;
  readonly dataset: Dataset;
  /** Default 32, fewer when samples are large (at most 4 MiB a batch, but at least 8 samples). */
  readonly batchSize?: number;
  /** At most 256. Default one a core, at most 8. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** Each thread takes memory of its own: a slip of the pen must not end in a runtime that can't be created. */
const MOST_THREADS = 256;

/**
 * Loads the baseline, checks that it fits the data by running one batch, and keeps the data ready as batches.
 *
 * Throws an InputError when the baseline is no model that the runtime can load, has other than one input, does not
 * fit the samples, gives no [batch, classes] scores, when a label is none of its classes, and on an unusable option;
 * a RunError where onnxruntime-node is absent; the signal's reason when it is aborted.
 */
export async function openInference(options: InferenceOptions): Promise<Inference> {
  const { baseline, dataset, signal } = options;
  const threads = wholeFromOne('threads', options.threads ?? defaultThreads());
  if (threads > MOST_THREADS)
    throw new InputError(`the threads of inference must be at most ${MOST_THREADS}, got ${threads}`);
  const wanted = wholeFromOne('batch size', options.batchSize ?? defaultBatchSize(dataset.sampleShape));
  wholeFromOne('number of samples', dataset.count);
  signal?.throwIfAborted();
  let session = await openSession(baseline, { threads });
  try {
    const form = batchFormOf(session, dataset, Math.min(wanted, Math.max(2, dataset.count)));
    const used = form.size === 1 ? 1 : threads;
    if (used !== threads) {
      await session.release();
      session = await openSession(baseline, { threads: used });
    }
    const batches = await prepareBatches(dataset, form, { signal });
    const first = await batches.at(0);
    const classes = classesOf(await session.run(session.batch(first.data, first.dims)), first.dims[0]);
    checkLabels(dataset, classes);
    return inference(
      { session, dataset, batches, classes, threads: used, free: !form.fixed },
      await describeRuntime(used),
    );
  } catch (error) {
    await session.release();
    throw error;
  }
}

function inference(opened: Opened, runtime: RuntimeReport): Inference {
  let closed = false;
  let baseline: Int32Array | undefined;
  const checkOpen = () => {
    if (closed) throw new RunError('nothing can be evaluated after close');
  };
  return {
    classes: opened.classes,
    batchSize: opened.batches.size,
    freeBatch: opened.free,
    sampleShape: opened.dataset.sampleShape,
    labels: opened.dataset.labels,
    runtime,
    async baselinePredictions(signal) {
      checkOpen();
      baseline ??= (await measure(opened, opened.session, { signal })).predictions;
      return baseline;
    },
    async evaluate(bytes, options = {}) {
      checkOpen();
      const { time = false, single = false, signal } = options;
      if (time && single && !opened.free)
        throw new InputError(
          `a single sample can be timed where a model takes any batch, got one that takes ${opened.batches.size}`,
        );
      signal?.throwIfAborted();
      const start = performance.now();
      const session = await candidate(() => openSession(bytes, { threads: opened.threads }));
      try {
        const measured = await candidate(() => measure(opened, session, options));
        await session.release();
        const { run, ...result } = measured;
        return {
          ...result,
          milliseconds: { create: session.created, run, total: performance.now() - start },
        };
      } finally {
        await session.release();
      }
    },
    async close() {
      closed = true;
      await opened.session.release();
    },
  };
}

/** The user vouches for the baseline; a candidate that fails is the run's own failure. */
async function candidate<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new RunError(`a candidate could not be evaluated: ${error.message}`, { cause: error });
  }
}

function defaultBatchSize(sampleShape: readonly number[]): number {
  const bytes = 4 * sampleShape.reduce((product, side) => product * side, 1);
  return Math.max(8, Math.min(32, Math.floor((4 * 2 ** 20) / bytes)));
}

function wholeFromOne(what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InputError(`the ${what} of inference must be a whole number from 1, got ${show(value)}`);
  return value;
}
