import { type Evaluation, failed, measured, type Origin } from '../archive.js';
import { messageOf, show } from '../errors.js';
import type { EvaluationContext, NamedEvaluation, NumericEvaluation, Problem } from '../problem.js';
import { decode } from '../space.js';

/** What is known of an evaluation before it runs. */
export interface Proposal {
  readonly origin: Origin;
  readonly round: number;
}

/**
 * Evaluates one decision vector in this process. An evaluation that throws, leaves a metric out, or gives an objective or a
 * bounded metric that is not finite becomes a failed {@link Evaluation}; this function rejects only when the signal is aborted.
 */
export async function evaluateInProcess(
  problem: Problem,
  x: Float64Array,
  proposal: Proposal,
  context: EvaluationContext,
): Promise<Evaluation> {
  const started = performance.now();
  const facts = () => ({ ...proposal, seconds: (performance.now() - started) / 1000 });
  try {
    const { metrics, g } = await evaluateOne(problem, x, context);
    const flaw = flawOf(problem, metrics, g);
    if (flaw !== null) return failed(problem, x, flaw, facts());
    return measured(problem, x, metrics, g, facts());
  } catch (error) {
    if (context.signal.aborted) throw error;
    return failed(problem, x, messageOf(error), facts());
  }
}

interface Outcome {
  readonly metrics: Float64Array;
  readonly g: Float64Array | null;
}

function evaluateOne(
  problem: Problem,
  x: Float64Array,
  context: EvaluationContext,
): Outcome | Promise<Outcome> {
  const { evaluation } = problem;
  return evaluation.form === 'numeric'
    ? evaluateNumeric(problem, evaluation, x)
    : evaluateNamed(problem, evaluation, x, context);
}

function evaluateNumeric(problem: Problem, evaluation: NumericEvaluation, x: Float64Array): Outcome {
  const metrics = new Float64Array(problem.metricNames.length).fill(Number.NaN);
  const g = new Float64Array(problem.constraints.length).fill(Number.NaN);
  const returned: unknown = evaluation.evaluateBatch(x.slice(), 1, metrics, g);
  if (returned instanceof Promise) {
    returned.catch(() => {}); // it is refused whatever becomes of it
    throw new Error('evaluateBatch must write its results before it returns, got a promise');
  }
  return { metrics, g };
}

async function evaluateNamed(
  problem: Problem,
  evaluation: NamedEvaluation,
  x: Float64Array,
  context: EvaluationContext,
): Promise<Outcome> {
  const values = decode(problem.variables, x) as never;
  const returned: Readonly<Record<string, unknown>> = await evaluation.evaluate(values, context);
  const metrics = Float64Array.from(problem.metricNames, (name) => {
    const value = returned?.[name];
    if (typeof value !== 'number') throw new Error(`the metric ${name} must be a number, got ${show(value)}`);
    return value;
  });
  return { metrics, g: null };
}

/** Why the figures cannot be used, or null: objectives, bounded metrics and constraints must be finite. */
function flawOf(problem: Problem, metrics: Float64Array, g: Float64Array | null): string | null {
  const infinite = (metric: number) => !Number.isFinite(metrics[metric]);
  const metric =
    problem.objectives.find((objective) => infinite(objective.metric))?.metric ??
    problem.constraints.find(({ bound }) => bound !== null && infinite(bound.metric))?.bound?.metric;
  if (metric !== undefined)
    return `the metric ${problem.metricNames[metric]} must be finite, got ${metrics[metric]}`;
  const constraint = g?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  return constraint < 0 || g === null
    ? null
    : `the constraint ${problem.constraints[constraint].name} must be finite, got ${g[constraint]}`;
}
