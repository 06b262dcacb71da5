import { InputError, RunError, show } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { type Batch, type Batches, prepareBatches } from './batches.js';
import { batchFormOf, checkLabels, classesOf } from './model-fit.js';
import { defaultThreads, describeRuntime, type RuntimeReport, type RuntimeTensor } from './runtime.js';
import { countBatch, emptyTally, macroF1 } from './scores.js';
import { openSession, type Session } from './session.js';
import { pairsFor, type Timing, timingOf, WARM_UP_PAIRS } from './timing.js';

/** A data set and an uncompressed model, ready to measure candidates that take the same input. */
export interface Inference {
  readonly classes: number;
  /** Samples a run; the model's own where it fixes one. Dynamic quantization may answer differently with another. */
  readonly batchSize: number;
  readonly runtime: RuntimeReport;
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

/** What to measure of one model. */
export interface EvaluateOptions {
  /** Also time the model against the baseline; `only`: on the batches that this needs alone, so that no other figure counts. */
  readonly time?: boolean | 'only';
  readonly signal?: AbortSignal;
}

/** The scores of one model on the whole data set. */
export interface InferenceResult {
  /** Correct answers / samples: the highest score wins, the first of equal ones; a sample with a NaN score is wrong. */
  readonly accuracy: number;
  /** Share of samples whose class is among the five best, ties in the order of the classes. */
  readonly top5: number;
  /** Mean F1 of the classes that occur among labels or predictions. */
  readonly macroF1: number;
  readonly correct: number;
  readonly count: number;
  /** Median milliseconds a batch / the baseline's; only when asked for. */
  readonly time?: number;
  readonly timing?: Timing;
  readonly milliseconds: {
    /** Creating the session. */
    readonly create: number;
    /** Inside the runtime's run, the timed baseline included. */
    readonly run: number;
    readonly total: number;
  };
  /** The class predicted for each sample, -1 where a score is NaN. */
  readonly predictions: Int32Array;
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
    return inference({ session, dataset, batches, classes, threads: used }, await describeRuntime(used));
  } catch (error) {
    await session.release();
    throw error;
  }
}

interface Opened {
  readonly session: Session;
  readonly dataset: Dataset;
  readonly batches: Batches;
  readonly classes: number;
  readonly threads: number;
}

function inference(opened: Opened, runtime: RuntimeReport): Inference {
  let closed = false;
  return {
    classes: opened.classes,
    batchSize: opened.batches.size,
    runtime,
    async evaluate(bytes, { time = false, signal } = {}) {
      if (closed) throw new RunError('nothing can be evaluated after close');
      signal?.throwIfAborted();
      const start = performance.now();
      const session = await candidate(() => openSession(bytes, { threads: opened.threads }));
      try {
        const measured = await candidate(() => measure(opened, session, time, signal));
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

/**
 * Every batch through the candidate; when timing, the first pairs also through the baseline, right before or after it.
 * Pairs run on full batches alone; where there are more pairs than full batches, these come round again for their time.
 */
async function measure(
  { session: baseline, dataset, batches, classes }: Opened,
  session: Session,
  time: boolean | 'only',
  signal: AbortSignal | undefined,
): Promise<Omit<InferenceResult, 'milliseconds'> & { readonly run: number }> {
  const { count, labels } = dataset;
  const { type } = batchFormOf(session, dataset, batches.size);
  if (type !== baseline.inputs[0].type)
    throw new InputError(
      `the model's input must be ${baseline.inputs[0].type} as the baseline's, got ${type}`,
    );
  const tally = emptyTally(count);
  const times = { candidate: [] as number[], baseline: [] as number[] };
  const pairs = time ? WARM_UP_PAIRS + pairsFor(batches.count) : 0;
  let run = 0;
  const timed = async (which: Session, batch: RuntimeTensor) => {
    const start = performance.now();
    const scores = await which.run(batch);
    const milliseconds = performance.now() - start;
    run += milliseconds;
    return { scores, milliseconds };
  };
  const scoresOf = async ({ data, dims }: Batch, paired: boolean) => {
    signal?.throwIfAborted();
    const batch = session.batch(data, dims);
    if (!paired) return (await timed(session, batch)).scores;
    // The two take turns in going first, so that neither gains from its place.
    const candidateFirst = times.candidate.length % 2 === 1;
    const early = candidateFirst ? await timed(session, batch) : undefined;
    const reference = await timed(baseline, batch);
    const own = early ?? (await timed(session, batch));
    times.baseline.push(reference.milliseconds);
    times.candidate.push(own.milliseconds);
    return own.scores;
  };
  const paired = Math.min(pairs, batches.timed);
  for (let index = 0; index < (time === 'only' ? paired : batches.count); index++) {
    const batch = await batches.at(index);
    const scores = await scoresOf(batch, index < paired);
    if (classesOf(scores, batch.dims[0]) !== classes)
      throw new InputError(`the model must score ${classes} classes as the baseline, got ${scores.dims[1]}`);
    countBatch(tally, scores.data, classes, batch.valid, labels, batch.first);
  }
  for (let pair = batches.timed; pair < pairs; pair++)
    await scoresOf(await batches.at(pair % batches.timed), true);
  const timing = time
    ? timingOf(times.candidate.slice(WARM_UP_PAIRS), times.baseline.slice(WARM_UP_PAIRS), batches.size)
    : undefined;
  return {
    accuracy: tally.correct / count,
    top5: tally.withinFive / count,
    macroF1: macroF1(labels, tally.predictions, classes),
    correct: tally.correct,
    count,
    ...(timing && { time: timing.ratio, timing }),
    predictions: tally.predictions,
    run,
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
