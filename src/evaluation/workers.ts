import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { checkWhole } from '../checks.js';
import { InputError, messageOf, RunError, show } from '../errors.js';
import type { Problem } from '../problem.js';
import { outcomeOf } from './attempts.js';
import type { EvaluationSetting, Evaluator, OpenEvaluator, Outcome, Settle, Task } from './evaluator.js';
import { agreementOf, moduleAddress } from './load-problem.js';
import { type Attempt, hasTimedMetrics, withTimes } from './measure.js';
import type { Measure, Prepare, Reply } from './worker.js';
import { type Gone, type WorkerProcess, workerProcess } from './worker-process.js';

/** What worker processes load, and how many there are. */
export interface WorkersOptions {
  /**
   * The module that every worker loads, a path or a file URL. Its default export is the problem, an object with a `problem`, or a
   * function `(options, { threads })` that returns either, at once or as a promise.
   */
  readonly module: string | URL;
  /** Handed to that function: anything that can be cloned. */
  readonly options?: unknown;
  /** Worker processes. Default: one a core. */
  readonly count?: number;
  /** Threads that an evaluation may use. Default: as many as give every core one, `cores / count` rounded down, at least 1. */
  readonly threads?: number;
  /** Options of Node for the workers, such as `--max-old-space-size=4096`. Default: those of this process. */
  readonly execArgv?: readonly string[];
}

const MOST_WORKERS = 256;
/** How often a worker is started again before the run is given up: a machine without memory starts none. */
const STARTS = 3;

/** The threads of each of `count` processes that share the cores, at least one. */
export const threadsEach = (count: number): number => Math.max(1, Math.floor(availableParallelism() / count));

/**
 * Evaluates in worker processes on this machine, several decision vectors at once. The batch that the search asks for is handed out
 * in its order, and told to the search in its order whatever arrives first: the run is that of one worker, bit for bit. A
 * worker that ends (exit, out of memory) or runs past the timeout is replaced, and its evaluation tried once more by default.
 *
 * Metrics declared `timed` are measured alone: `count` vectors are evaluated for their other metrics at once; when all of these are
 * over and every worker waits, each is timed, one after the other, in the first worker, while the search waits too; then
 * come the next. So nothing that the run itself does disturbs a time.
 *
 * Every worker makes its own problem, whose declaration must be that of the run. Once the run is aborted, what is running ends and is
 * kept; nothing more is begun.
 */
export function workers(options: WorkersOptions): Evaluator {
  if (typeof options !== 'object' || options === null)
    throw new InputError(`workers takes an object of options with a module, got ${show(options)}`);
  const { module, count = availableParallelism(), execArgv = process.execArgv } = options;
  const { threads = threadsEach(count) } = options;
  checkWhole('the number of workers', count, 1, MOST_WORKERS);
  checkWhole('the threads of a worker', threads, 1, MOST_WORKERS);
  const address = checkModule(module);
  checkClonable(options.options);
  return {
    name: 'workers',
    open: async (problem, setting) => {
      const prepare: Prepare = {
        kind: 'prepare',
        module: address,
        options: options.options,
        threads,
        files: {},
        run: agreementOf(problem),
      };
      const processes = Array.from({ length: count }, () => workerProcess(execArgv));
      const close = async () => {
        await Promise.all(processes.map((worker) => worker.stop()));
      };
      try {
        await Promise.all(processes.map((worker) => ready(worker, prepare, setting.signal)));
      } catch (error) {
        await close();
        throw error;
      }
      return { evaluate: evaluatorOn(problem, setting, processes, prepare), close };
    },
  };
}

/** Makes sure that a worker runs and has its problem. */
async function ready(worker: WorkerProcess, prepare: Prepare, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    const reply = await worker.prepare(prepare, signal);
    signal.throwIfAborted();
    if ('refused' in reply && reply.refused === null) return;
    if ('refused' in reply) throw new InputError(reply.refused!);
    if (tries === STARTS)
      throw new RunError(
        `a worker could not be started: ${(reply as Gone).error.replace('evaluation', 'start')}`,
      );
  }
}

function evaluatorOn(
  problem: Problem,
  { seed, timeout, retries, signal }: EvaluationSetting,
  processes: readonly WorkerProcess[],
  prepare: Prepare,
): OpenEvaluator['evaluate'] {
  const apart = processes.length > 1 && hasTimedMetrics(problem);

  const attempt = async (
    worker: WorkerProcess,
    { x }: Task,
    measure: Measure['measure'],
  ): Promise<Attempt> => {
    await ready(worker, prepare, NEVER);
    return figures(await worker.ask({ kind: 'measure', x: [...x], seed, measure }, timeout));
  };
  const outcome = (worker: WorkerProcess, task: Task, measure: Measure['measure']) =>
    outcomeOf(() => attempt(worker, task, measure), retries ?? 1, signal);

  /** Each worker takes the next task until there is none; where one throws, the others end what they have. */
  const spread = async (
    tasks: readonly Task[],
    done: (task: Task, outcome: Outcome) => Promise<void> | void,
  ) => {
    const queue = [...tasks];
    const failures: unknown[] = [];
    const work = async (worker: WorkerProcess) => {
      while (queue.length > 0 && failures.length === 0 && !signal.aborted) {
        const task = queue.shift()!;
        try {
          await done(task, await outcome(worker, task, apart ? 'untimed' : 'all'));
        } catch (error) {
          if (!signal.aborted || error instanceof RunError) failures.push(error);
        }
      }
    };
    await Promise.all(processes.map(work));
    if (failures.length > 0) throw failures[0];
  };

  return async (tasks: readonly Task[], settle: Settle) => {
    if (!apart) return spread(tasks, settle);
    for (let first = 0; first < tasks.length && !signal.aborted; first += processes.length) {
      const untimed = new Map<Task, Outcome>();
      const wave = tasks.slice(first, first + processes.length);
      await spread(wave, (task, arrived) => {
        untimed.set(task, arrived);
      });
      for (const task of wave) {
        const others = untimed.get(task);
        if (others === undefined) continue;
        await settle(
          task,
          others.failed ? others : together(problem, others, await outcome(processes[0], task, 'timed')),
        );
      }
    }
  };
}

const NEVER = new AbortController().signal;

function figures(reply: Reply | Gone): Attempt {
  if (!('refused' in reply)) return reply;
  throw new RunError(`a worker must measure what it is asked to, and did not (${show(reply.refused)})`);
}

/** An evaluation whose times were measured after the rest. */
function together(problem: Problem, others: Outcome, times: Outcome): Outcome {
  const paid = {
    seconds: others.seconds + times.seconds,
    attempts: Math.max(others.attempts, times.attempts),
  };
  if (others.failed) return others;
  if (times.failed) return { ...times, ...paid };
  return { failed: false, ...withTimes(problem, others, times), ...paid };
}

function checkModule(module: unknown): string {
  if (typeof module !== 'string' && !(module instanceof URL))
    throw new InputError(`the module of workers must be a path or a file URL, got ${show(module)}`);
  const address = moduleAddress(module);
  if (address.startsWith('file:') && !existsSync(fileURLToPath(address)))
    throw new InputError(`the module of workers must be an existing file, got ${show(String(module))}`);
  return address;
}

function checkClonable(options: unknown): void {
  try {
    structuredClone(options);
  } catch (error) {
    throw new InputError(`the options of workers must be of a kind that can be cloned: ${messageOf(error)}`);
  }
}
