import type { Batch } from '../algorithm.js';
import type { Evaluation } from '../archive.js';
import { checkNames } from '../checks.js';
import { InputError, show } from '../errors.js';
import type { OpenEvaluator, Outcome } from '../evaluation/evaluator.js';
import type { Problem } from '../problem.js';
import { canonicalRow, checkVector, encode } from '../space.js';

/** What a run begins with, beside its sample. */
export interface StartOptions {
  /** Solutions to evaluate first: values by name, or decision vectors. They count against the budget. */
  readonly seeds?: readonly (Readonly<Record<string, unknown>> | Float64Array)[];
  /**
   * Evaluations of an earlier run of the same problem: a warm start. They become the first evaluations of this one, are not
   * paid for again, and count against its budget: an earlier run of 100 goes on to 150 with `budget: 150`.
   */
  readonly known?: readonly Evaluation[];
}

/** The rows that a run begins with: what is known, then the seeds, no vector twice. */
export interface Start extends Batch {
  /** What is known already, by the text of its vector. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/** Throws an InputError for a seed outside the space, and for a known evaluation that is not one of the problem. */
export function startOf(problem: Problem, { seeds = [], known = [] }: StartOptions): Start {
  checkList('seeds', seeds);
  checkList('known', known);
  const outcomes = new Map<string, Outcome>();
  for (const evaluation of known) {
    const { x, metrics, error } = checkKnown(problem, evaluation);
    outcomes.set(keyOf(canonicalRow(problem.space, x)), outcomeOf(problem, evaluation));
    if (error === null && metrics.length !== problem.metricNames.length)
      throw new InputError(
        `a known evaluation must have the metrics ${problem.metricNames.join(', ')}, got ${show([...metrics])}`,
      );
  }
  const rows = new Map<string, Float64Array>();
  const add = (vector: Float64Array) => {
    const x = canonicalRow(problem.space, vector);
    if (!rows.has(keyOf(x))) rows.set(keyOf(x), x);
  };
  for (const { x } of known) add(x);
  for (const seed of seeds) {
    const x =
      seed instanceof Float64Array ? seed : encode(problem.variables, namedSeed(problem, seed) as never);
    checkVector(problem.space, x);
    add(x);
  }
  const x = Float64Array.from([...rows.values()].flatMap((row) => [...row]));
  return { x, count: rows.size, outcomes };
}

/** The evaluator with a memory: what is known is handed over at once, the rest is evaluated. */
export function recalling(evaluator: OpenEvaluator, { outcomes }: Start): OpenEvaluator {
  if (outcomes.size === 0) return evaluator;
  return {
    ...evaluator,
    async evaluate(tasks, settle) {
      for (const task of tasks) {
        const outcome = outcomes.get(keyOf(task.x));
        if (outcome) await settle(task, outcome);
      }
      const unknown = tasks.filter(({ x }) => !outcomes.has(keyOf(x)));
      if (unknown.length > 0) await evaluator.evaluate(unknown, settle);
    },
  };
}

function checkList(option: string, given: unknown): void {
  if (!Array.isArray(given)) throw new InputError(`${option} must be a list, got ${show(given)}`);
}

/** A seed by name, which must name no variable that the problem has not. */
function namedSeed({ space }: Problem, seed: unknown): object {
  if (typeof seed !== 'object' || seed === null || Array.isArray(seed))
    throw new InputError(`a seed must be values by name or a Float64Array, got ${show(seed)}`);
  checkNames('a seed has the variables', seed, space.names);
  return seed;
}

function checkKnown(problem: Problem, evaluation: Evaluation): Evaluation {
  if (!((evaluation as Partial<Evaluation> | null)?.x instanceof Float64Array))
    throw new InputError(`a known evaluation must be one of run.evaluations, got ${show(evaluation)}`);
  checkVector(problem.space, evaluation.x);
  return evaluation;
}

function outcomeOf(problem: Problem, { metrics, g, error, fault, seconds, attempts }: Evaluation): Outcome {
  if (error !== null) return { failed: true, error, fault: fault ?? 'threw', seconds, attempts };
  // The constraints of a problem on named metrics are computed from these.
  const given = problem.evaluation.form === 'numeric' ? g.slice() : null;
  return { failed: false, metrics: metrics.slice(), g: given, seconds, attempts };
}

function keyOf(x: Float64Array): string {
  return x.join();
}
