import { type Evaluation, failed, measured, type Proposal } from '../archive.js';
import { RunError } from '../errors.js';
import type { Entry } from '../journal/entry.js';
import type { Journal } from '../journal/journal.js';
import type { Problem } from '../problem.js';
import { canonicalRow } from '../space.js';
import type { OpenEvaluator, Outcome, Task } from './evaluator.js';

/** The evaluations of a run, in the order in which the search asked for them. */
export interface Ledger {
  readonly evaluations: readonly Evaluation[];
  /**
   * Pays for the first `count` rows of `x` until nothing is left of the budget, and returns their evaluations in the order of
   * the rows; a vector that was paid for, in this process or before it, or another that means the same, is not paid for again. Outcomes may arrive in any
   * order: they enter the journal as they arrive and `evaluations` in the order of the rows.
   */
  evaluate(x: Float64Array, count: number, proposal: Proposal): Promise<Evaluation[]>;
  /**
   * Seconds that the run has taken, without the time between an interruption and its resumption. While evaluations of an earlier
   * process are still being read, the time at which the last of them arrived.
   */
  elapsed(): number;
}

export interface LedgerSetting {
  readonly evaluator: OpenEvaluator;
  readonly journal: Journal | null;
  /** Evaluations that may still be paid for. */
  readonly left: () => number;
  readonly onFailure: 'throw' | 'skip';
  readonly signal: AbortSignal;
  /** Told of every evaluation as it takes its place. */
  readonly onEvaluation: (evaluation: Evaluation) => void;
}

export function openLedger(problem: Problem, setting: LedgerSetting): Ledger {
  const { evaluator, journal, left, onFailure, signal, onEvaluation } = setting;
  const evaluations: Evaluation[] = [];
  const paid = new Map<string, Evaluation>();
  const early = new Map<number, Evaluation>();
  let spent = 0;
  let since = performance.now();
  const elapsed = () =>
    journal?.entry(evaluations.length) ? spent : spent + (performance.now() - since) / 1000;

  const enter = (index: number, evaluation: Evaluation) => {
    early.set(index, evaluation);
    for (let next = early.get(evaluations.length); next; next = early.get(evaluations.length)) {
      early.delete(evaluations.length);
      paid.set(next.x.join(), next);
      evaluations.push(next);
      onEvaluation(next);
    }
    if (evaluation.error !== null && onFailure === 'throw')
      throw new RunError(`evaluation ${index} failed: ${evaluation.error}`);
  };

  const replay = ({ index, x }: Task, proposal: Proposal, entry: Entry) => {
    if (!x.every((value, i) => Object.is(value, entry.x[i]))) throw diverged(index, x, entry);
    if (entry.elapsed > spent) [spent, since] = [entry.elapsed, performance.now()];
    enter(index, evaluationOf(problem, x, entry.outcome, proposal));
  };

  const evaluate: Ledger['evaluate'] = async (x, count, proposal) => {
    const { keys, tasks } = unpaid(problem, x, count, paid, evaluations.length, left());
    await turn();
    if (tasks.length > 0) signal.throwIfAborted();
    const missing: Task[] = [];
    for (const task of tasks) {
      const entry = journal?.entry(task.index);
      if (entry) replay(task, proposal, entry);
      else missing.push(task);
    }
    if (missing.length > 0)
      await evaluator.evaluate(missing, async (task, outcome) => {
        await journal?.append({ ...task, ...proposal, outcome, elapsed: elapsed() });
        enter(task.index, evaluationOf(problem, task.x, outcome, proposal));
      });
    if (tasks.length > 0 && evaluations.length <= tasks[tasks.length - 1].index) {
      signal.throwIfAborted();
      throw new RunError('an evaluator must settle every task that it is given, and did not');
    }
    return keys.map((key) => paid.get(key)!);
  };

  return { evaluations, evaluate, elapsed };
}

/** Lets timers, signals and other work of the process have their turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The rows that are to be paid for, each vector once and at most `room` of them, and the keys of all rows up to there. */
function unpaid(
  { space }: Problem,
  x: Float64Array,
  count: number,
  paid: ReadonlyMap<string, Evaluation>,
  first: number,
  room: number,
): { readonly keys: string[]; readonly tasks: Task[] } {
  const n = space.length;
  const keys: string[] = [];
  const tasks: Task[] = [];
  const taken = new Set<string>();
  for (let i = 0; i < count && tasks.length < room; i++) {
    const row = canonicalRow(space, x.slice(i * n, (i + 1) * n));
    const key = row.join();
    keys.push(key);
    if (paid.has(key) || taken.has(key)) continue;
    taken.add(key);
    tasks.push({ index: first + tasks.length, x: row });
  }
  return { keys, tasks };
}

function evaluationOf(problem: Problem, x: Float64Array, outcome: Outcome, proposal: Proposal): Evaluation {
  const { seconds, attempts } = outcome;
  const facts = { ...proposal, seconds, attempts };
  return outcome.failed
    ? failed(problem, x, outcome.error, facts, outcome.fault)
    : measured(problem, x, outcome.metrics, outcome.g, facts);
}

function diverged(index: number, x: Float64Array, entry: Entry): RunError {
  return new RunError(
    `evaluation ${index} of the journal must be of the vector that the search asks for, [${x.join(', ')}], got [${entry.x.join(', ')}]: the journal was written by a version that searches otherwise`,
  );
}
