import type { Population } from '../../population.js';
import {
  type ConstrainedSortScratch,
  constrainedSort,
  createConstrainedSortScratch,
} from '../../ranking/constrained-sort.js';
import { crowdingDistance } from '../../ranking/crowding-distance.js';
import {
  createThinningScratch,
  type ThinningScratch,
  thinByCrowding,
} from '../../ranking/crowding-thinning.js';
import { type Fronts, frontsOf } from '../../ranking/fronts.js';

/** The survivors of a selection and what the next tournament compares them by, all indexed by candidate. */
export interface Survivors {
  /** Candidates chosen, front by front; the first `count` of it. */
  readonly chosen: Int32Array;
  readonly rank: Int32Array;
  /** Crowding distance within the front, among those chosen; defined for these alone. */
  readonly distance: Float64Array;
  readonly fronts: Fronts;
  /** The front that is looked at. */
  readonly front: Int32Array;
  readonly thinning: ThinningScratch;
  readonly sort: ConstrainedSortScratch;
}

/** Room for a selection among up to `capacity` candidates of so many `objectives`. */
export function createSurvivors(capacity: number, objectives: number): Survivors {
  return {
    chosen: new Int32Array(capacity),
    rank: new Int32Array(capacity),
    distance: new Float64Array(capacity),
    fronts: { rows: new Int32Array(capacity), end: new Int32Array(capacity) },
    front: new Int32Array(capacity),
    thinning: createThinningScratch(capacity, objectives),
    sort: createConstrainedSortScratch(capacity),
  };
}

/**
 * Environmental selection of NSGA-II (Deb et al. 2002, Section III-C): fronts by constrained domination, taken whole while
 * they fit into `places`; the first that does not is thinned by crowding distance, one by one where the paper takes the largest
 * of the whole front (see `crowding-thinning`). Fills `survivors` and returns the number chosen: `places`, or all candidates
 * where there are fewer. O(m n log n) for two objectives.
 */
export function selectSurvivors(
  candidates: Population,
  places: number,
  survivors: Survivors,
  thin = thinByCrowding,
): number {
  constrainedSort(candidates, survivors.rank, survivors.sort);
  return chooseByRank(candidates, places, survivors, thin);
}

/** The same for candidates whose `survivors.rank` is known: any whole numbers, from 0 for the best, without a gap. */
export function chooseByRank(
  { f, objectives: m, size }: Population,
  places: number,
  { chosen, rank, distance, fronts, front, thinning }: Survivors,
  thin = thinByCrowding,
): number {
  const count = Math.min(places, size);
  let frontCount = 0;
  for (let i = 0; i < size; i++) if (rank[i] >= frontCount) frontCount = rank[i] + 1;
  frontsOf(rank, size, frontCount, fronts);
  let filled = 0;
  for (let r = 0, start = 0; filled < count; start = fronts.end[r], r++) {
    const members = fronts.end[r] - start;
    const taken = Math.min(members, count - filled);
    for (let i = 0; i < members; i++) front[i] = fronts.rows[start + i];
    if (taken < members) thin(f, m, front, members, taken, distance, thinning);
    else crowdingDistance(f, m, front, members, distance, thinning.crowding);
    for (let i = 0; i < taken; i++) chosen[filled++] = front[i];
  }
  return count;
}
