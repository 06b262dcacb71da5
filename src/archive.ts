import { violation } from './population.js';
import { constraintsOf, objectivesOf, type Problem } from './problem.js';
import { nondominated } from './ranking/nondominated-sort.js';

/** Where a decision vector came from. */
export type Origin = 'initial' | 'infill' | 'offspring';

/**
 * Why an evaluation failed: it `threw`; its figures were `unusable` (a metric missing or not finite); it ran into the
 * `timeout`; or its worker was `lost` with it (process exit, out of memory).
 */
export type Fault = 'threw' | 'unusable' | 'timeout' | 'lost';

/** One evaluation as it was paid for. */
export interface Evaluation {
  readonly x: Float64Array;
  /** In the order of the declaration, in the declared directions; empty when the evaluation failed. */
  readonly metrics: Float64Array;
  /** Minimised; NaN when the evaluation failed. */
  readonly f: Float64Array;
  /** Feasible when `g <= 0`; NaN when the evaluation failed. */
  readonly g: Float64Array;
  readonly violation: number;
  readonly feasible: boolean;
  /** Wall-clock time of all its attempts. */
  readonly seconds: number;
  readonly origin: Origin;
  /** Round of the search, 0 for the initial sample. */
  readonly round: number;
  /** Why the evaluation failed, in words, else null. */
  readonly error: string | null;
  readonly fault: Fault | null;
  /** How often it was tried, 1 or more. */
  readonly attempts: number;
}

/** What is known of an evaluation before it runs. */
export type Proposal = Pick<Evaluation, 'origin' | 'round'>;

/** What an evaluation is known by beside its figures. */
export type EvaluationFacts = Pick<Evaluation, 'seconds' | 'origin' | 'round'> & {
  /** Default 1. */
  readonly attempts?: number;
};

/** A measured evaluation as an {@link Evaluation}. `g` holds what `evaluateBatch` computed, if it did. */
export function measured(
  problem: Problem,
  x: Float64Array,
  metrics: Float64Array,
  given: Float64Array | null,
  facts: EvaluationFacts,
): Evaluation {
  const f = new Float64Array(problem.objectives.length);
  const g = given ?? new Float64Array(problem.constraints.length);
  objectivesOf(problem, metrics, f);
  constraintsOf(problem, metrics, g);
  const cv = violation(g, 0, g.length);
  return {
    x,
    metrics,
    f,
    g,
    violation: cv,
    feasible: cv <= 0,
    error: null,
    fault: null,
    attempts: 1,
    ...facts,
  };
}

/** A failed evaluation: kept and reported, never taken for a solution. */
export function failed(
  problem: Problem,
  x: Float64Array,
  error: string,
  facts: EvaluationFacts,
  fault: Fault = 'threw',
): Evaluation {
  return {
    x,
    metrics: new Float64Array(0),
    f: new Float64Array(problem.objectives.length).fill(Number.NaN),
    g: new Float64Array(problem.constraints.length).fill(Number.NaN),
    violation: Number.NaN,
    feasible: false,
    error,
    fault,
    attempts: 1,
    ...facts,
  };
}

/** Indices of the feasible evaluations that no feasible one dominates, in the order of evaluation. Equal ones all stay. */
export function frontOf(evaluations: readonly Evaluation[]): number[] {
  const feasible = evaluations.flatMap((evaluation, i) => (evaluation.feasible ? [i] : []));
  if (feasible.length === 0) return [];
  const m = evaluations[0].f.length;
  const f = Float64Array.from(feasible.flatMap((i) => [...evaluations[i].f]));
  const rows = Int32Array.from(feasible, (_, position) => position);
  return nondominated(f, m, rows, feasible.length).map((position) => feasible[position]);
}

/** Indices of the measured evaluations with the smallest constraint violation: what to look at when none is feasible. */
export function closestOf(evaluations: readonly Evaluation[]): number[] {
  let smallest = Number.POSITIVE_INFINITY;
  for (const { violation: cv } of evaluations) if (cv < smallest) smallest = cv;
  return evaluations.flatMap((evaluation, i) => (evaluation.violation === smallest ? [i] : []));
}
