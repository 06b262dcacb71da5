import type { Population } from '../population.js';
import { createSortScratch, nondominatedSort, type SortScratch } from './nondominated-sort.js';

/** Working memory of {@link constrainedSort} for up to `capacity` rows. */
export interface ConstrainedSortScratch {
  readonly rows: Int32Array;
  readonly rank: Int32Array;
  readonly violation: Float64Array;
  readonly sort: SortScratch;
}

export function createConstrainedSortScratch(capacity: number): ConstrainedSortScratch {
  return {
    rows: new Int32Array(capacity),
    rank: new Int32Array(capacity),
    violation: new Float64Array(capacity),
    sort: createSortScratch(capacity),
  };
}

/**
 * Sorts a population into fronts by constrained domination (Deb et al. 2002, Definition 1): the feasible rows by the
 * non-dominated sort, then the infeasible ones, a front for each value of the constraint violation, ascending; a NaN
 * counts as infinity. `rank[i]` receives the rank of row `i`. Returns the number of fronts.
 *
 * O(n log n) for two objectives, O(m n^2) at worst above.
 */
export function constrainedSort(
  { f, cv, objectives: m, size }: Population,
  rank: Int32Array,
  scratch: ConstrainedSortScratch = createConstrainedSortScratch(size),
): number {
  const { rows, rank: partRank, violation, sort } = scratch;
  let feasible = 0;
  for (let i = 0; i < size; i++) if (cv[i] <= 0) rows[feasible++] = i;
  const fronts = nondominatedSort(f, m, rows, feasible, partRank, sort);
  for (let i = 0; i < feasible; i++) rank[rows[i]] = partRank[i];
  if (feasible === size) return fronts;
  let infeasible = 0;
  for (let i = 0; i < size; i++) {
    violation[i] = Number.isNaN(cv[i]) ? Number.POSITIVE_INFINITY : cv[i];
    if (!(cv[i] <= 0)) rows[infeasible++] = i;
  }
  // The fronts of a single objective are its distinct values.
  const levels = nondominatedSort(violation, 1, rows, infeasible, partRank, sort);
  for (let i = 0; i < infeasible; i++) rank[rows[i]] = fronts + partRank[i];
  return fronts + levels;
}
