import type { Problem } from '../../src/index.js';

/** Metrics (in declared directions) and constraints of a numeric problem at one decision vector. */
export function evaluateAt(problem: Problem, x: readonly number[]): { f: number[]; g: number[] } {
  if (problem.evaluation.form !== 'numeric') throw new Error(`${problem.name} is not a numeric problem`);
  const f = new Float64Array(problem.metricNames.length).fill(Number.NaN);
  const g = new Float64Array(problem.constraints.length).fill(Number.NaN);
  problem.evaluation.evaluateBatch(Float64Array.from(x), 1, f, g);
  return { f: [...f], g: [...g] };
}

/** Expects every entry of `actual` within `tolerance` (relative to values above 1) of `expected`. */
export function closeTo(actual: readonly number[], expected: readonly number[], tolerance = 1e-12): boolean {
  return (
    actual.length === expected.length &&
    expected.every((value, i) => Math.abs(actual[i] - value) <= tolerance * Math.max(1, Math.abs(value)))
  );
}
