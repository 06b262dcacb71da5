import type { Problem } from '../problem.js';
import { outcomeOf } from './attempts.js';
import type { EvaluationSetting, Evaluator, OpenEvaluator } from './evaluator.js';
import { type Attempt, measure } from './measure.js';

/**
 * Evaluates in this process, one decision vector after the other: what `optimize` does unless told otherwise. An evaluation
 * that runs into the timeout is asked to stop through its signal and left behind; one that never gives the event loop a turn
 * cannot be left, and one that ends the process ends the run: see {@link workers}. No retries by default.
 */
export function inProcess(): Evaluator {
  return { name: 'in-process', open: async (problem, setting) => openInProcess(problem, setting) };
}

function openInProcess(problem: Problem, setting: EvaluationSetting): OpenEvaluator {
  const { signal, retries } = setting;
  return {
    async evaluate(tasks, settle) {
      for (const task of tasks) {
        await turn();
        if (signal.aborted) return;
        const outcome = await outcomeOf(() => attemptInTime(problem, task.x, setting), retries ?? 0, signal);
        await settle(task, outcome);
      }
    },
    async close() {},
  };
}

/** Lets timers, signals and other work of the process have their turn: an evaluation may never wait for anything. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function attemptInTime(
  problem: Problem,
  x: Float64Array,
  { seed, signal, timeout }: EvaluationSetting,
): Promise<Attempt> {
  if (timeout === null) return measure(problem, x, { seed, signal, measure: 'all' });
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<Attempt>((resolve) => {
    timer = setTimeout(() => {
      resolve({ error: `the evaluation must end within ${timeout} ms, and did not`, fault: 'timeout' });
      late.abort();
    }, timeout);
  });
  try {
    const either = AbortSignal.any([signal, late.signal]);
    const measured = measure(problem, x, { seed, signal: either, measure: 'all' });
    measured.catch(() => {}); // where it rejects after it was left behind
    return await Promise.race([measured, expired]);
  } finally {
    clearTimeout(timer);
  }
}
