import type { Population } from '../../population.js';

/** How the search for a first feasible solution goes. */
export interface Approach {
  /** Whether nothing is feasible and the last generation has brought the smallest violation no lower. */
  stalled: boolean;
  /** The smallest violation of the convergence archive. */
  least: number;
}

/** That of a new archive: nothing is known, and nothing stalls. */
export function createApproach(): Approach {
  return { stalled: false, least: Number.POSITIVE_INFINITY };
}

/**
 * Follows, once a generation, the smallest violation of the convergence archive `ca`. Archives that have lost what a variable needs
 * (MW1: thirteen of fourteen at their best, the last on its plateau in every member) do not get it back from one another, nor by
 * steps of mutation; a stalled generation is the sign. O(n); an empty archive stalls.
 */
export function followApproach(approach: Approach, { cv, size }: Population): void {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < size; i++) if (cv[i] < least) least = cv[i];
  approach.stalled = least > 0 && !(least < approach.least);
  approach.least = least;
}
