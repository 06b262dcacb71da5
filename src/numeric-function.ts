import { InputError, show } from './errors.js';
import { objectivesOf, type Problem } from './problem.js';

/**
 * A numeric problem as a function on flat arrays with every objective minimised: what an algorithm evaluates.
 * Throws an InputError for a problem that was declared with `evaluate`; the function throws one for arrays without room for `count`
 * rows of the problem, as those of another shape are.
 */
export function numericFunction(
  problem: Problem,
): (x: Float64Array, count: number, f: Float64Array, g: Float64Array) => void {
  const { evaluation, objectives, constraints, metricNames, space } = problem;
  if (evaluation.form !== 'numeric')
    throw new InputError(
      `only a problem declared with evaluateBatch is a numeric function, got ${show(problem.name)}`,
    );
  const n = space.length;
  const m = objectives.length;
  const k = constraints.length;
  const asItIs = m === metricNames.length && objectives.every(({ sign }) => sign === 1);
  let metrics = new Float64Array(0);
  return (x, count, f, g) => {
    if (x.length < count * n || f.length < count * m || g.length < count * k)
      throw new InputError(
        `${count} rows of ${show(problem.name)} need ${count * n} variables, ${count * m} objectives and ${count * k} constraints, got room for ${x.length}, ${f.length} and ${g.length}`,
      );
    if (asItIs) return evaluation.evaluateBatch(x, count, f, g);
    if (metrics.length < count * metricNames.length) metrics = new Float64Array(count * metricNames.length);
    evaluation.evaluateBatch(x, count, metrics, g);
    for (let i = 0; i < count; i++) objectivesOf(problem, metrics, f, i * m, i * metricNames.length);
  };
}
