import type { Fault } from '../archive.js';
import type { Problem } from '../problem.js';

/** A decision vector to be evaluated, and its place among the evaluations of the run, from 0. */
export interface Task {
  readonly index: number;
  readonly x: Float64Array;
}

/** What came of a task, as a value: a fault is reported, never thrown. */
export type Outcome = MeasuredOutcome | FailedOutcome;

/** An evaluation that gave its figures. */
export interface MeasuredOutcome {
  readonly failed: false;
  /** In the order of the declaration, in the declared directions. */
  readonly metrics: Float64Array;
  /** What `evaluateBatch` computed, or null where the constraints are bounds on metrics. */
  readonly g: Float64Array | null;
  /** Wall-clock time of all attempts. */
  readonly seconds: number;
  readonly attempts: number;
}

/** An evaluation whose last attempt failed. */
export interface FailedOutcome {
  readonly failed: true;
  readonly error: string;
  readonly fault: Fault;
  readonly seconds: number;
  readonly attempts: number;
}

/** What an evaluator is told of the run. */
export interface EvaluationSetting {
  readonly seed: number;
  /** Milliseconds that one attempt may take, or null for no limit. */
  readonly timeout: number | null;
  /** Further attempts after one that failed, or null for the evaluator's own default. */
  readonly retries: number | null;
  /** Aborted when the run is to end. */
  readonly signal: AbortSignal;
}

/** Where and how decision vectors are evaluated. */
export interface Evaluator {
  readonly name: string;
  /** Makes ready to evaluate a problem. Throws an InputError where that can never work. */
  open(problem: Problem, setting: EvaluationSetting): Promise<OpenEvaluator>;
}

/** An evaluator at work for one run. */
export interface OpenEvaluator {
  /**
   * Evaluates the tasks and hands over each outcome as it arrives, in any order; waits for what `settle` does with it. Once
   * the signal is aborted no further task is begun; what was not evaluated then is not settled. Rejects with what `settle`
   * rejects with, and where no task can be evaluated any more.
   */
  evaluate(tasks: readonly Task[], settle: Settle): Promise<void>;
  /** Frees what it holds. Nothing is evaluated afterwards. */
  close(): Promise<void>;
}

/** Takes an outcome: its promise is kept when the outcome is safe. */
export type Settle = (task: Task, outcome: Outcome) => Promise<void>;
