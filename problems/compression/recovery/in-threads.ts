import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { RunError } from '../../../src/index.js';
import { type Block, blockCosts } from './block-costs.js';

/** The costs of a block, and which block it was. */
export type Take<B> = (block: B, costs: Float64Array) => void;

export interface ThreadOptions {
  /** At the most. */
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** Compiled code: where the sources themselves run, or a bundle, it is not there. */
const MODULE = new URL('./block-costs-thread.js', import.meta.url);

/**
 * The costs of blocks (see `blockCosts`), handed to `take` in no order; what they are does not depend on the number of threads.
 * One thread stays in the present one, between whose blocks the signal is heard. More are worker threads, that live until the call is over
 * and take a block each when they have nothing to do: the next is not made before, and its arrays go to them.
 *
 * Rejects with the signal's reason, or a RunError where a thread ends before it is done.
 */
export async function costsInThreads<B extends Block>(
  blocks: Iterable<B>,
  { threads, signal }: ThreadOptions,
  take: Take<B>,
): Promise<void> {
  if (threads > 1 && existsSync(fileURLToPath(MODULE))) return spread(blocks, { threads, signal }, take);
  for (const block of blocks) {
    await turn();
    signal?.throwIfAborted();
    take(block, blockCosts(block));
  }
}

async function spread<B extends Block>(
  blocks: Iterable<B>,
  { threads, signal }: ThreadOptions,
  take: Take<B>,
): Promise<void> {
  const queue = blocks[Symbol.iterator]();
  // Nothing of this process is theirs: `--input-type` would keep a worker from its module.
  const workers = Array.from({ length: threads }, () => new Worker(MODULE, { execArgv: [] }));
  const work = async (worker: Worker) => {
    const ended = endOf(worker);
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const { width, covariance, weights } = next.value;
      worker.postMessage({ width, covariance, weights }, [covariance.buffer, weights.buffer]);
      const [costs] = await Promise.race([once(worker, 'message', { signal }), ended]);
      take(next.value, costs);
    }
  };
  try {
    await Promise.all(workers.map(work));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Rejects when a worker ends: with its error where it has one. That it was ended on purpose, nobody needs to hear. */
function endOf(worker: Worker): Promise<never> {
  const ended = once(worker, 'exit').then(([code]) => {
    throw new RunError(`a thread must give its costs, and ended with code ${code}`);
  });
  ended.catch(() => {});
  return ended;
}
