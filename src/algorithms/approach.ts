import type { VariationOptions } from '../operators/variation.js';
import type { Population } from '../population.js';

/** How the search for a first feasible solution goes, and the settings of variation that follow from it. */
export interface Approach {
  /** Whether nothing is feasible and the last generation has brought the smallest violation no lower. */
  stalled: boolean;
  /** The smallest violation of the survivors. */
  least: number;
  readonly usual: VariationOptions;
  /** The same with mutants that lie anywhere between the bounds. */
  readonly bold: VariationOptions;
}

/** That of a new run: nothing is known, and nothing stalls. */
export function createApproach(usual: VariationOptions): Approach {
  return {
    stalled: false,
    least: Number.POSITIVE_INFINITY,
    usual,
    bold: { ...usual, mutationEta: 0 },
  };
}

/**
 * Follows, once a generation, the smallest violation of the survivors. A population that has lost what a variable needs
 * (MW1: thirteen of fourteen at their best, the last on its plateau in every member) does not get it back by crossing, nor by
 * steps of mutation; a stalled generation is the sign. O(n); an empty population stalls.
 */
export function followApproach(approach: Approach, { cv, size }: Population): void {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < size; i++) if (cv[i] < least) least = cv[i];
  approach.stalled = least > 0 && !(least < approach.least);
  approach.least = least;
}

/** The settings for the mating of that number in its generation: of every second one the bold ones while the search is stalled. */
export function settingsFor({ stalled, usual, bold }: Approach, mating: number): VariationOptions {
  return stalled && mating % 2 === 0 ? bold : usual;
}
