import { InputError } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import type { Batches } from './batches.js';
import { batchFormOf, classesOf } from './model-fit.js';
import { type PairedRuns, pairedRuns } from './paired-runs.js';
import { countBatch, emptyTally, macroF1 } from './scores.js';
import type { Session } from './session.js';
import {
  pairsFor,
  SINGLE_WARM_UP_PAIRS,
  singlePairsFor,
  type Timing,
  timingOf,
  WARM_UP_PAIRS,
} from './timing.js';

/** What to measure of one model. */
export interface EvaluateOptions {
  /** Also time the model against the baseline; `only`: on the batches that this needs alone, so that no other figure counts. */
  readonly time?: boolean | 'only';
  /** With `time`: also on single samples. */
  readonly single?: boolean;
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
  /** Milliseconds a batch / the baseline's, median of pairs (`timing.ratio`); only when asked for. */
  readonly time?: number;
  readonly timing?: Timing;
  /** On single samples; only when asked for. */
  readonly singleTiming?: Timing;
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

/** A baseline and its data, ready for candidates. */
export interface Opened {
  readonly session: Session;
  readonly dataset: Dataset;
  readonly batches: Batches;
  readonly classes: number;
  readonly threads: number;
  /** Whether models take any number of samples a run. */
  readonly free: boolean;
}

/**
 * Every batch through the candidate; when timing, the first pairs also through the baseline, right before or after it.
 * Pairs run on full batches alone; where there are more pairs than full batches, these come round again for their time.
 */
export async function measure(
  { session: baseline, dataset, batches, classes, threads }: Opened,
  session: Session,
  { time, single, signal }: EvaluateOptions,
): Promise<Omit<InferenceResult, 'milliseconds'> & { readonly run: number }> {
  const { count, labels } = dataset;
  const { type } = batchFormOf(session, dataset, batches.size);
  if (type !== baseline.inputs[0].type)
    throw new InputError(
      `the model's input must be ${baseline.inputs[0].type} as the baseline's, got ${type}`,
    );
  const tally = emptyTally(count);
  const pairs = time ? WARM_UP_PAIRS + pairsFor(batches.count) : 0;
  const runs = pairedRuns(session, baseline, threads);
  const run = async (index: number, paired: boolean) => {
    const { data, dims, valid, first } = await batches.at(index);
    signal?.throwIfAborted();
    const batch = session.batch(data, dims);
    const scores = await (paired ? runs.run(batch) : runs.runAlone(batch));
    if (classesOf(scores, dims[0]) !== classes)
      throw new InputError(`the model must score ${classes} classes as the baseline, got ${scores.dims[1]}`);
    return () => countBatch(tally, scores.data, classes, valid, labels, first);
  };
  const paired = Math.min(pairs, batches.timed);
  for (let index = 0; index < (time === 'only' ? paired : batches.count); index++)
    (await run(index, index < paired))();
  for (let pair = batches.timed; pair < pairs; pair++) await run(pair % batches.timed, true);
  const timing = time ? timingOf(runs, WARM_UP_PAIRS, batches.size) : undefined;
  const alone = time && single ? await singleRuns(session, baseline, batches, threads, signal) : undefined;
  return {
    accuracy: tally.correct / count,
    top5: tally.withinFive / count,
    macroF1: macroF1(labels, tally.predictions, classes),
    correct: tally.correct,
    count,
    ...(timing && { time: timing.ratio, timing }),
    ...(alone && { singleTiming: timingOf(alone, SINGLE_WARM_UP_PAIRS, 1) }),
    predictions: tally.predictions,
    run: runs.total() + (alone?.total() ?? 0),
  };
}

/** The samples of the first batch, one by one and round again. */
async function singleRuns(
  session: Session,
  baseline: Session,
  batches: Batches,
  threads: number,
  signal: AbortSignal | undefined,
): Promise<PairedRuns> {
  const { data, dims } = await batches.at(0);
  const size = data.length / dims[0];
  const runs = pairedRuns(session, baseline, threads);
  const pairs = SINGLE_WARM_UP_PAIRS + singlePairsFor(batches.count * batches.size);
  for (let pair = 0; pair < pairs; pair++) {
    signal?.throwIfAborted();
    const first = (pair % dims[0]) * size;
    await runs.run(session.batch(data.subarray(first, first + size), [1, ...dims.slice(1)]));
  }
  return runs;
}
