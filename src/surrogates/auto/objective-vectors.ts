import type { Evaluation } from '../../archive.js';
import type { Population } from '../../population.js';
import type { Problem } from '../../problem.js';
import { encodingOf } from '../encoding.js';
import type { Outlook } from './outlook.js';

/**
 * The objectives of what was measured; noise is taken out by putting the means of their models in the place of noisy ones. The
 * feasible are those whose measured constraints say so.
 */
export function measuredObjectives(
  problem: Problem,
  evaluations: readonly Evaluation[],
  objectives: readonly Outlook[],
): { readonly all: Float64Array[]; readonly feasible: Float64Array[] } {
  const encoding = encodingOf(problem.space);
  const point = new Float64Array(encoding.width);
  const all: Float64Array[] = [];
  const feasible: Float64Array[] = [];
  for (const { x, f, error, feasible: isFeasible } of evaluations) {
    if (error !== null) continue;
    encoding.encode(x, 1, point);
    const values = f.map((value, j) => {
      const { metric } = problem.objectives[j];
      const outlook = objectives[j];
      return problem.metrics[problem.metricNames[metric]].noisy
        ? outlook.warping.unwarp(outlook.mean(point))
        : value;
    });
    all.push(values);
    if (isFeasible) feasible.push(values);
  }
  return { all, feasible };
}

/** What is expected at the vectors of `solved` that are expected to be feasible. */
export function feasibleObjectives({ f, cv, size, objectives: m }: Population): Float64Array[] {
  const vectors: Float64Array[] = [];
  for (let i = 0; i < size; i++) if (cv[i] <= 0) vectors.push(f.slice(i * m, (i + 1) * m));
  return vectors;
}

/**
 * What may be relied on at the vectors of `solved` that are expected to be feasible: of each objective the mean and a standard deviation more,
 * so that a gain which is but the error of a model is none. Vectors where that is beyond all doubles are left out.
 */
export function reliableObjectives(
  problem: Problem,
  { x, cv, size, variables: n }: Population,
  objectives: readonly Outlook[],
): Float64Array[] {
  const encoding = encodingOf(problem.space);
  const point = new Float64Array(encoding.width);
  const deviation = new Float64Array(1);
  const vectors: Float64Array[] = [];
  for (let i = 0; i < size; i++) {
    if (!(cv[i] <= 0)) continue;
    encoding.encode(x.subarray(i * n, (i + 1) * n), 1, point);
    const vector = Float64Array.from(objectives, (outlook) => {
      const mean = outlook.moments(point, deviation);
      return outlook.warping.unwarp(mean + deviation[0]);
    });
    if (vector.every(Number.isFinite)) vectors.push(vector);
  }
  return vectors;
}
