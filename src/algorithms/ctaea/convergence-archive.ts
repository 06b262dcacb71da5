import { copyRows, type Population } from '../../population.js';
import { associate, type Scale, tchebycheff } from '../../ranking/association.js';
import { nondominatedSort } from '../../ranking/nondominated-sort.js';
import type { ReferenceDirections } from '../../ranking/reference-directions.js';
import {
  type ArchiveScratch,
  type ClosestMembers,
  createArchiveScratch,
  groupByRegion,
  removeMember,
} from './scratch.js';

/**
 * Update of the convergence archive (Li et al. 2019, Algorithm 2): of the candidates `h` (archive and offspring) chooses at
 * most `ca.capacity` for convergence and feasibility first, and writes them to `ca`.
 *
 * - More feasible candidates than places: whole fronts of the non-dominated sort until the places are filled; then, from
 *   the most crowded subregion, the worst by Tchebycheff of the solutions closest to each other goes, again and again.
 * - Fewer: all feasible ones, and the infeasible ones by non-dominated sort on the two objectives (constraint violation,
 *   Tchebycheff value); the last front that fits only partly gives its smallest violations.
 *
 * Ties: of equally crowded subregions that of the closest pair (`byCloseness`; the first, `inOrder`, would thin one side of a front
 * that leaves subregions empty), of equal values the last in a subregion and else the first. O(n^2 m) for n candidates.
 */
export function updateConvergenceArchive(
  h: Population,
  directions: ReferenceDirections,
  unit: ReferenceDirections,
  scale: Scale,
  ca: Population,
  scratch: ArchiveScratch = createArchiveScratch(h.size, directions.count),
  crowdedAhead: CrowdedAhead = byCloseness,
): void {
  const { region, chosen, feasible, infeasible } = scratch;
  let feasibleCount = 0;
  let infeasibleCount = 0;
  for (let i = 0; i < h.size; i++)
    if (h.cv[i] <= 0) feasible[feasibleCount++] = i;
    else infeasible[infeasibleCount++] = i;
  associate(h.f, h.size, scale, unit, region);
  const places = Math.min(ca.capacity, h.size);
  if (feasibleCount >= places) {
    const count = keepWholeFronts(h, feasibleCount, places, scratch);
    trimByCrowding(h, count, places, directions, scale, scratch, crowdedAhead);
  } else {
    for (let i = 0; i < feasibleCount; i++) chosen[i] = feasible[i];
    addLeastInfeasible(h, infeasibleCount, feasibleCount, places, directions, scale, scratch);
  }
  copyRows(h, chosen, places, ca);
}

/** Cuts the feasible rows down to the first fronts that hold at least `places` of them; returns how many are left. */
function keepWholeFronts(h: Population, count: number, places: number, scratch: ArchiveScratch): number {
  const { feasible: rows, rank, order: sizes, sort } = scratch;
  if (count <= places) return count;
  const fronts = nondominatedSort(h.f, h.objectives, rows, count, rank, sort);
  sizes.fill(0, 0, fronts);
  for (let i = 0; i < count; i++) sizes[rank[i]]++;
  let last = 0;
  for (let filled = sizes[0]; filled < places; filled += sizes[last]) last++;
  let kept = 0;
  for (let i = 0; i < count; i++) if (rank[i] <= last) rows[kept++] = rows[i];
  return kept;
}

/** Writes to `chosen` the `places` of the `count` feasible rows that are left when the crowded subregions are thinned. */
function trimByCrowding(
  h: Population,
  count: number,
  places: number,
  directions: ReferenceDirections,
  scale: Scale,
  scratch: ArchiveScratch,
  crowdedAhead: CrowdedAhead,
): void {
  const { feasible: rows, region, value, groups, closest, chosen, rank: removed } = scratch;
  groupByRegion(rows, count, region, groups);
  for (let i = 0; i < count; i++) {
    removed[rows[i]] = 0;
    value[rows[i]] = tchebycheff(h.f, rows[i], scale, directions, region[rows[i]]);
  }
  closest.distance.fill(UNKNOWN);
  for (let left = count; left > places; left--) {
    const crowded = mostCrowded(h, scale, scratch, crowdedAhead);
    removed[removeMember(groups, crowded, closest.worst[crowded])] = 1;
    closest.distance[crowded] = UNKNOWN;
  }
  let kept = 0;
  for (let i = 0; i < count; i++) if (removed[rows[i]] === 0) chosen[kept++] = rows[i];
}

/** In place of a distance: it has to be found. */
const UNKNOWN = -1;

/** Whether of two equally crowded subregions `a` is thinned rather than `b`, which comes before it. */
export type CrowdedAhead = (closest: ClosestMembers, a: number, b: number) => boolean;

/** The one whose closest two members are the closer. */
export const byCloseness: CrowdedAhead = ({ distance }, a, b) => distance[a] < distance[b];

/** The first. */
export const inOrder: CrowdedAhead = () => false;

/** The subregion of most members, of several the one ahead; its closest members are known then. */
function mostCrowded(
  h: Population,
  scale: Scale,
  scratch: ArchiveScratch,
  crowdedAhead: CrowdedAhead,
): number {
  const { closest, groups } = scratch;
  const { size } = groups;
  let most = 0;
  for (let d = 0; d < size.length; d++) if (size[d] > most) most = size[d];
  let crowded = -1;
  for (let d = 0; d < size.length; d++) {
    if (size[d] < most) continue;
    if (closest.distance[d] === UNKNOWN) findClosest(h, d, scale, scratch);
    if (crowded < 0 || crowdedAhead(closest, d, crowded)) crowded = d;
  }
  return crowded;
}

/**
 * Notes how near to each other the closest members of subregion `d` are, squared, and the position of the worst by Tchebycheff
 * value of all that are as near to another.
 */
function findClosest(
  { f, objectives: m }: Population,
  d: number,
  { width }: Scale,
  { groups, closest, value }: ArchiveScratch,
): void {
  const { members } = groups;
  const from = groups.start[d];
  const count = groups.size[d];
  let worst = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let a = 0; a < count; a++)
    for (let b = a + 1; b < count; b++) {
      let sum = 0;
      for (let k = 0; k < m; k++) {
        const difference = (f[members[from + a] * m + k] - f[members[from + b] * m + k]) / width[k];
        sum += difference * difference;
      }
      if (sum > smallest) continue;
      const worse = value[members[from + b]] >= value[members[from + a]] ? b : a;
      if (sum < smallest || value[members[from + worse]] >= value[members[from + worst]]) worst = worse;
      smallest = sum;
    }
  closest.worst[d] = worst;
  closest.distance[d] = smallest;
}

/** Fills `chosen[filled .. places)` with the best of the `count` infeasible rows, in ascending order. */
function addLeastInfeasible(
  h: Population,
  count: number,
  filled: number,
  places: number,
  directions: ReferenceDirections,
  scale: Scale,
  scratch: ArchiveScratch,
): void {
  const { infeasible: rows, region, chosen, pairs, rank, order, sort } = scratch;
  if (count > places - filled) {
    for (let i = 0; i < count; i++) {
      pairs[2 * i] = h.cv[rows[i]];
      pairs[2 * i + 1] = tchebycheff(h.f, rows[i], scale, directions, region[rows[i]]);
      order[i] = i;
    }
    nondominatedSort(pairs, 2, order, count, rank, sort);
    sortByRankAndViolation(order, count, rank, pairs);
    for (let i = 0; i < places - filled; i++) rank[order[i]] = -1;
    for (let i = 0, place = filled; i < count; i++) if (rank[i] < 0) chosen[place++] = rows[i];
  } else for (let i = 0; i < count; i++) chosen[filled + i] = rows[i];
}

/** Sorts the positions by rank, then violation (the first of each pair), then position: by insertion, in place. */
function sortByRankAndViolation(
  order: Int32Array,
  count: number,
  rank: Int32Array,
  pairs: Float64Array,
): void {
  for (let i = 1; i < count; i++) {
    const moved = order[i];
    let place = i;
    for (; place > 0; place--) {
      const before = order[place - 1];
      const worse = rank[before] - rank[moved] || pairs[2 * before] - pairs[2 * moved] || before - moved;
      if (!(worse > 0)) break;
      order[place] = before;
    }
    order[place] = moved;
  }
}
