import type { Dataset } from '../data/dataset.js';
import { prepareBatches } from './batches.js';
import { batchFormOf } from './model-fit.js';
import { openSession, type Scores } from './session.js';

/** Which samples to run a model on, and how. */
export interface Sampling {
  /** The first so many. */
  readonly count: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a model on samples and shows the named values of each batch: its first output where no names are given. `valid` rows
 * of a batch are samples, what follows only fills it up. Throws an InputError when the model does not fit the samples.
 */
export async function runSamples(
  bytes: Uint8Array,
  dataset: Dataset,
  { count, threads, signal }: Sampling,
  names: readonly string[] | undefined,
  visit: (values: readonly Scores[], valid: number) => void,
): Promise<void> {
  const samples = { ...dataset, count: Math.min(count, dataset.count) };
  const session = await openSession(bytes, { threads });
  try {
    const batches = await prepareBatches(samples, batchFormOf(session, samples, 32), { signal });
    const asked = names ?? [session.outputs[0].name];
    for (let index = 0; index < batches.count; index++) {
      signal?.throwIfAborted();
      const { data, dims, valid } = await batches.at(index);
      visit(await session.values(session.batch(data, dims), asked), valid);
    }
  } finally {
    await session.release();
  }
}
