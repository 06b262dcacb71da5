import { minimise } from '../../math/quasi-newton.js';
import type { densityOf, HyperParameters } from './density.js';

export interface Fitted {
  readonly theta: HyperParameters;
  /** The negative logarithm of the posterior density there, but for constants; +Infinity when there is none. */
  readonly value: number;
}

export interface Search {
  /** How many of the best starts are followed. */
  readonly followed: number;
  /** Steps from each at most, O(n^3 / 2 + n^2 d) each. */
  readonly iterations: number;
  /** A step that lowers the value by less is the last. */
  readonly tolerance: number;
}

/** The most probable hyper-parameters: BFGS from the best of the starts, ties to the first, and of its ends the best. */
export function mostProbable(
  density: ReturnType<typeof densityOf>,
  starts: readonly HyperParameters[],
  { followed, iterations, tolerance }: Search,
): Fitted {
  const ranked =
    starts.length > followed
      ? starts
          .map((theta) => ({ theta, value: density(theta) }))
          .sort((a, b) => a.value - b.value)
          .map(({ theta }) => theta)
      : starts;
  let best: Fitted = { theta: ranked[0], value: Number.POSITIVE_INFINITY };
  for (const start of ranked.slice(0, followed)) {
    const { x: theta, value } = minimise(density, start, { iterations, tolerance, reach: 2 });
    if (value < best.value) best = { theta, value };
  }
  return best;
}
