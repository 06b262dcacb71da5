import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, RunError } from '../../errors.js';
import { doublesOf, plainText } from '../../journal/line.js';
import { acquireLock } from '../../journal/lock.js';
import { packageVersion } from '../../package-version.js';
import { moduleAddress } from '../load-problem.js';
import { workerProcess } from '../worker-process.js';
import { connect, loadBullmq, queueName } from './connect.js';
import { fetchFiles } from './files.js';
import { type EvaluationJob, type JobResult, sentAttempt } from './job.js';

/** Which queue is served, and with what. */
export interface ServeOptions {
  /** `redis://HOST:PORT`. */
  readonly redis: string;
  /** Default `evaluations`. */
  readonly queue?: string;
  /** As for `workers`; its function gets the run's options and `{ threads, files }`. */
  readonly module: string | URL;
  /** Threads that an evaluation may use. Default 1. */
  readonly threads?: number;
  /** Where files of runs are kept between jobs. Default `.cache/fronteira` in the home folder. */
  readonly cache?: string;
  /** Milliseconds without a sign of life after which a job counts as lost with its worker. Default 30 000. */
  readonly patience?: number;
  /** Ends the service after the evaluation that is running. */
  readonly signal?: AbortSignal;
  /** Told when the service is ready, and of every job that it has done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Serves evaluations from a queue, one at a time, in a child process: the sign of life goes on while native code computes, and a
 * candidate that takes its process down does not take the service. Problems with timed metrics take turns among all services of
 * the machine, so that nothing of theirs disturbs a time. Resolves when the signal is aborted.
 */
export async function serveEvaluations(options: ServeOptions): Promise<void> {
  const { redis, queue = 'evaluations', threads = 1, patience = 30_000, signal, onProgress } = options;
  const { cache = join(homedir(), '.cache', 'fronteira') } = options;
  const name = queueName(queue);
  const module = moduleAddress(options.module);
  const connection = await connect(redis);
  const { Worker } = await loadBullmq();
  const child = workerProcess(process.execArgv);
  let prepared = '';
  let done = 0;

  const evaluate = async (job: EvaluationJob): Promise<JobResult> => {
    const { run, files: hashes, seed, measure, timeout } = job;
    if (run.version !== packageVersion())
      return {
        kind: 'refused',
        reason: `a worker must be of the version of its run, got fronteira ${packageVersion()} in a worker and ${run.version} in the run`,
      };
    const x = doublesOf(job.x);
    if (x === null) return { kind: 'refused', reason: 'a job must hold a decision vector, got another' };
    const files = await fetchFiles(connection, hashes, cache);
    if (files === null) return { kind: 'no files' };
    const context = plainText([run, job.options, files]);
    if (context !== prepared) await child.stop();
    prepared = context;
    const request = {
      kind: 'prepare',
      module,
      options: job.options ?? undefined,
      threads,
      files,
      run,
    } as const;
    const ready = await child.prepare(request, NEVER);
    if ('refused' in ready && ready.refused !== null) return { kind: 'refused', reason: ready.refused };
    if ('fault' in ready) return sentAttempt(ready);
    const answer = await child.ask({ kind: 'measure', x: [...x], seed, measure }, timeout);
    if ('refused' in answer)
      throw new RunError('a worker process must measure what it is asked to, and did not');
    return sentAttempt(answer);
  };

  const worker = new Worker(
    name,
    async ({ data }) => {
      const job = data as EvaluationJob;
      const turn = hasTimes(job) ? await takeTurn() : undefined;
      try {
        return await evaluate(job);
      } finally {
        turn?.release();
        onProgress?.(++done);
      }
    },
    {
      connection,
      concurrency: 1,
      lockDuration: patience,
      stalledInterval: patience / 2,
      maxStalledCount: 0, // the run decides whether it tries again
    },
  );
  worker.on('error', () => {}); // it reconnects by itself
  await worker.waitUntilReady();
  onProgress?.(0);
  await new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve());
  });
  await worker.close();
  await child.stop();
  connection.disconnect();
}

const NEVER = new AbortController().signal;

function hasTimes({ run }: EvaluationJob): boolean {
  const { metrics } = JSON.parse(run.declaration) as { metrics: Record<string, { timed?: boolean }> };
  return Object.values(metrics).some(({ timed }) => timed === true);
}

/** The lock of this machine's clock, when its holder gives it back. */
async function takeTurn() {
  for (;;) {
    try {
      return acquireLock(join(tmpdir(), 'fronteira-timing.lock'));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      await sleep(20);
    }
  }
}
