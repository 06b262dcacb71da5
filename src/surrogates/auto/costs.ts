import type { Evaluation } from '../../archive.js';

/** What evaluations cost, as the model of the cost learns it. */
export interface Costs {
  /** The logarithm of the cost of each evaluation. */
  readonly logarithms: Float64Array;
  /** What to doubt of them; absent where nothing is. */
  readonly warning?: string;
}

/**
 * The logarithms of the values of a metric, by its index. A cost that is 0 or less, or no number, stands with the least of the others (1 where
 * there is none), an infinite one with the largest, and a warning tells of the first of these.
 */
export function costsOf(evaluations: readonly Evaluation[], metric: number): Costs {
  const costs = evaluations.map(({ metrics }) => metrics[metric]);
  const isCost = (cost: number) => cost > 0 && cost < Number.POSITIVE_INFINITY;
  const right = costs.filter(isCost);
  const [least, most] = right.length > 0 ? [Math.min(...right), Math.max(...right)] : [1, 1];
  const logarithms = Float64Array.from(costs, (cost) => Math.log(cost > 0 ? Math.min(cost, most) : least));
  const wrong = costs.find((cost) => !isCost(cost));
  if (wrong === undefined) return { logarithms };
  const warning = `a cost must be finite and above 0, got ${wrong}: such a one is taken for the nearest that is`;
  return { logarithms, warning };
}
