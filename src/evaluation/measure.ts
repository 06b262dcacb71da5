import type { Fault } from '../archive.js';
import { messageOf, show } from '../errors.js';
import type { EvaluationContext, NamedEvaluation, NumericEvaluation, Problem } from '../problem.js';
import { decode } from '../space.js';

/** The figures of one decision vector. NaN stands for a metric that was not asked for. */
export interface Figures {
  readonly metrics: Float64Array;
  /** What `evaluateBatch` computed, or null. */
  readonly g: Float64Array | null;
}

/** What came of one attempt. */
export type Attempt = Figures | { readonly error: string; readonly fault: Fault };

/**
 * Evaluates one decision vector here and now. An evaluation that throws, leaves a metric out, or gives an objective or a
 * bounded metric that is not finite becomes a fault; this function rejects only when the signal is aborted.
 */
export async function measure(
  problem: Problem,
  x: Float64Array,
  context: EvaluationContext,
): Promise<Attempt> {
  const { evaluation } = problem;
  try {
    const figures = await (evaluation.form === 'numeric'
      ? measureNumeric(problem, evaluation, x)
      : measureNamed(problem, evaluation, x, context));
    const error = flawOf(problem, figures, context.measure);
    return error === null ? figures : { error, fault: 'unusable' };
  } catch (error) {
    if (context.signal.aborted) throw error;
    return { error: messageOf(error), fault: error instanceof Unusable ? 'unusable' : 'threw' };
  }
}

/** Whether a problem has metrics that must be measured while nothing else runs. */
export function hasTimedMetrics(problem: Problem): boolean {
  return Object.values(problem.metrics).some(({ timed }) => timed === true);
}

/** The figures of a vector whose timed metrics were measured apart. */
export function withTimes(problem: Problem, untimed: Figures, timed: Figures): Figures {
  const metrics = problem.metricNames.map((name, i) =>
    problem.metrics[name].timed ? timed.metrics[i] : untimed.metrics[i],
  );
  return { metrics: Float64Array.from(metrics), g: untimed.g };
}

class Unusable extends Error {}

function measureNumeric(problem: Problem, evaluation: NumericEvaluation, x: Float64Array): Figures {
  const metrics = new Float64Array(problem.metricNames.length).fill(Number.NaN);
  const g = new Float64Array(problem.constraints.length).fill(Number.NaN);
  const returned: unknown = evaluation.evaluateBatch(x.slice(), 1, metrics, g);
  if (returned instanceof Promise) {
    returned.catch(() => {}); // it is refused whatever becomes of it
    throw new Unusable('evaluateBatch must write its results before it returns, got a promise');
  }
  return { metrics, g };
}

async function measureNamed(
  problem: Problem,
  evaluation: NamedEvaluation,
  x: Float64Array,
  context: EvaluationContext,
): Promise<Figures> {
  const values = decode(problem.variables, x) as never;
  const returned: Readonly<Record<string, unknown>> = await evaluation.evaluate(values, context);
  const metrics = Float64Array.from(problem.metricNames, (name) => {
    const value = returned?.[name];
    if (typeof value === 'number') return value;
    if (!wanted(problem, name, context.measure)) return Number.NaN;
    throw new Unusable(`the metric ${name} must be a number, got ${show(value)}`);
  });
  return { metrics, g: null };
}

function wanted(problem: Problem, metric: string, measure: EvaluationContext['measure']): boolean {
  return measure === 'all' || (problem.metrics[metric].timed === true) === (measure === 'timed');
}

/** Why the figures cannot be used, or null: objectives, bounded metrics and constraints must be finite. */
function flawOf(
  problem: Problem,
  { metrics, g }: Figures,
  measure: EvaluationContext['measure'],
): string | null {
  const unusable = (metric: number) =>
    !Number.isFinite(metrics[metric]) && wanted(problem, problem.metricNames[metric], measure);
  const metric =
    problem.objectives.find((objective) => unusable(objective.metric))?.metric ??
    problem.constraints.find(({ bound }) => bound !== null && unusable(bound.metric))?.bound?.metric;
  if (metric !== undefined)
    return `the metric ${problem.metricNames[metric]} must be finite, got ${metrics[metric]}`;
  const constraint = g?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  return constraint < 0 || g === null
    ? null
    : `the constraint ${problem.constraints[constraint].name} must be finite, got ${g[constraint]}`;
}
