import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import { InputError, messageOf, RunError } from '../../errors.js';
import { plainText } from '../../journal/line.js';
import { outcomeOf } from '../attempts.js';
import type { EvaluationSetting, Evaluator, Settle, Task } from '../evaluator.js';
import { agreementOf } from '../load-problem.js';
import type { Attempt } from '../measure.js';
import { connect, loadBullmq, queueName } from './connect.js';
import { sendFiles } from './files.js';
import { arrivedAttempt, type EvaluationJob, type JobResult, jobId } from './job.js';

/** Which queue evaluations are sent to, and what goes with them. */
export interface BullmqOptions {
  /** `redis://HOST:PORT`. */
  readonly redis: string;
  /** Workers serve the queue of their own name. Default `evaluations`. */
  readonly queue?: string;
  /** Handed to the function that the workers' module exports: anything that JSON can hold. */
  readonly options?: unknown;
  /** Files that evaluations need, paths by name: sent once, by the hash of their content; workers get their own paths. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Milliseconds between two looks at the jobs under way, at first and at most. */
const LOOKS = { first: 20, most: 500 };
/** Errors of the server in a row after which the run is given up: some four seconds. */
const MOST_ERRORS = 20;

/**
 * Evaluates on any machine that serves a queue on Redis: `fronteira worker --redis URL --problem MODULE`. The whole batch is
 * sent at once, and told to the search in its order whatever is answered first.
 *
 * Delivery is idempotent: a job is named by what it measures, so a run that is resumed collects what was answered since; one that
 * the server loses (it was started again without its memory) is sent again; one whose worker was lost fails, and is tried
 * again, by default once. A server that is away is waited for. Once the run is aborted, jobs that no worker has
 * begun are taken back and the others waited for.
 *
 * Throws an InputError within seconds where Redis cannot be reached, and where a worker has another version or problem.
 */
export function bullmq({ redis, queue = 'evaluations', options, files = {} }: BullmqOptions): Evaluator {
  const name = queueName(queue);
  const plainOptions = plain(options);
  return {
    name: 'bullmq',
    open: async (problem, setting) => {
      const connection = await connect(redis);
      const { Queue } = await loadBullmq();
      const jobs = new Queue(name, { connection });
      jobs.on('error', () => {}); // it reconnects by itself
      const close = async () => {
        await jobs.close();
        connection.disconnect();
      };
      try {
        const hashes = await sendFiles(connection, files);
        const send = async () => {
          await sendFiles(connection, files);
        };
        const form = {
          seed: setting.seed,
          timeout: setting.timeout,
          run: agreementOf(problem),
          options: plainOptions,
        };
        return { evaluate: evaluatorOn(jobs, setting, { ...form, files: hashes }, send), close };
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}

function evaluatorOn(
  jobs: Queue,
  { retries, signal }: EvaluationSetting,
  form: Omit<EvaluationJob, 'x' | 'measure'>,
  sendFilesAgain: () => Promise<void>,
) {
  /** Sends an attempt and waits for its answer. What the server refuses while it starts is asked again. */
  const attempt = async (job: EvaluationJob, id: string): Promise<Attempt> => {
    let pause = LOOKS.first;
    let errors = 0;
    for (;;) {
      try {
        const found = await jobs.getJob(id);
        if (found === undefined) await jobs.add('evaluate', job, { jobId: id });
        else if (found.finishedOn !== undefined) {
          const answer = await answerOf(found);
          if (answer) return answer;
        } else if (signal.aborted && (await takenBack(found))) signal.throwIfAborted();
        errors = 0;
      } catch (error) {
        if (signal.aborted || error instanceof InputError) throw error;
        if (++errors === MOST_ERRORS)
          throw new RunError(`Redis must answer, and did not: ${messageOf(error)}`);
      }
      await sleep(pause);
      pause = Math.min(LOOKS.most, 1.3 * pause);
    }
  };

  /** What came of a job that has ended, or null where it must be sent again. */
  const answerOf = async (job: Job): Promise<Attempt | null> => {
    if (job.failedReason)
      return { error: `the evaluation lost its worker (${job.failedReason})`, fault: 'lost' };
    const result = job.returnvalue as JobResult;
    if (result.kind === 'attempt') return arrivedAttempt(result.attempt);
    await job.remove();
    if (result.kind === 'refused') throw new InputError(result.reason);
    await sendFilesAgain();
    return null;
  };

  const evaluateOne = async (task: Task, settle: Settle) => {
    const job: EvaluationJob = { ...form, x: JSON.parse(plainText(task.x)), measure: 'all' };
    const ids: string[] = [];
    const outcome = await outcomeOf(
      () => {
        ids.push(jobId(job, ids.length));
        return attempt(job, ids[ids.length - 1]);
      },
      retries ?? 1,
      signal,
    );
    await settle(task, outcome);
    // Only now: until the outcome is in the journal, the server keeps it.
    for (const id of ids) await jobs.getJob(id).then((found) => found?.remove());
  };

  return async (tasks: readonly Task[], settle: Settle): Promise<void> => {
    const results = await Promise.allSettled(tasks.map((task) => evaluateOne(task, settle)));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    const serious = failures.find((reason) => reason !== signal.reason);
    if (serious !== undefined) throw serious;
  };
}

/** Whether a job could be removed: one that a worker has begun cannot, and is waited for. */
function takenBack(job: Job): Promise<boolean> {
  return job.remove().then(
    () => true,
    () => false,
  );
}

function plain(options: unknown): unknown {
  try {
    return options === undefined ? null : JSON.parse(JSON.stringify(options));
  } catch (error) {
    throw new InputError(`the options of a distributed evaluation must be JSON, got ${messageOf(error)}`);
  }
}
