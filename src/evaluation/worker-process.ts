import { type Task, type TaskQueue, Tinypool } from 'tinypool';
import type { Measure, Prepare, Reply, Request } from './worker.js';

/** One child process that evaluates, replaced when it is lost. */
export interface WorkerProcess {
  /** The answer, or what became of the process: it ended, or was ended after so many milliseconds. */
  ask(request: Measure, timeout: number | null): Promise<Reply | Gone>;
  /** Loads the problem where that was not done in the present process. */
  prepare(request: Prepare, signal: AbortSignal): Promise<Reply | Gone>;
  /** Ends the process; resolves when it is over. */
  stop(): Promise<void>;
}

export interface Gone {
  readonly fault: 'timeout' | 'lost';
  readonly error: string;
}

/**
 * A child process rather than a worker thread: a thread cannot be ended while native code runs in it, and with ONNX Runtime the
 * attempt aborts the whole process; memory that native code takes is freed with its process alone. Each is a tinypool of one,
 * which starts it, carries the messages and ends it (SIGTERM, after a second SIGKILL): a lost one is replaced as a whole.
 */
export function workerProcess(execArgv: readonly string[]): WorkerProcess {
  let current: Running | undefined;

  const ask = async (
    request: Request,
    timeout: number | null,
    signal?: AbortSignal,
  ): Promise<Reply | Gone> => {
    current ??= start(execArgv);
    const { pool, ended } = current;
    const late = new AbortController();
    const timer = timeout === null ? undefined : setTimeout(() => late.abort(), timeout);
    try {
      return await pool.run(request, {
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      });
    } catch {
      current = undefined;
      await pool.destroy();
      const how = await ended;
      return late.signal.aborted
        ? { fault: 'timeout', error: `the evaluation must end within ${timeout} ms, and did not` }
        : { fault: 'lost', error: `the evaluation ended its worker process (${how})` };
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    ask: (request, timeout) => ask(request, timeout),
    async prepare(request, signal) {
      if (current?.prepared && !current.dead) return { refused: null };
      if (current?.dead) {
        await current.pool.destroy();
        current = undefined;
      }
      const reply = await ask(request, null, signal);
      if (current) current.prepared = true;
      return reply;
    },
    async stop() {
      const stopped = current;
      current = undefined;
      await stopped?.pool.destroy();
    },
  };
}

interface Running {
  readonly pool: Tinypool;
  /** How the process ended, once it has. */
  readonly ended: Promise<string>;
  prepared: boolean;
  /** It ended while it had nothing to do. */
  dead: boolean;
}

function start(execArgv: readonly string[]): Running {
  const pool = new Tinypool({
    filename: new URL('./worker.js', import.meta.url).href,
    runtime: 'child_process',
    minThreads: 1,
    maxThreads: 1,
    // Not by default: a child without an environment, and one queue that all pools of a process share.
    env: process.env as Record<string, string>,
    taskQueue: emptyQueue(),
    execArgv: [...execArgv],
    serialization: 'advanced',
  });
  const ended = new Promise<string>((resolve) => {
    pool.threads[0].once('exit', (code: number | null, signal: string | null) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  });
  const running: Running = { pool, ended, prepared: false, dead: false };
  pool.on('error', () => {
    running.dead = true;
  });
  return running;
}

function emptyQueue(): TaskQueue {
  const tasks: Task[] = [];
  return {
    get size() {
      return tasks.length;
    },
    shift: () => tasks.shift() ?? null,
    push: (task) => {
      tasks.push(task);
    },
    remove: (task) => {
      tasks.splice(tasks.indexOf(task), 1);
    },
    cancel: () => {
      for (const task of tasks.splice(0)) task.cancel();
    },
  };
}
