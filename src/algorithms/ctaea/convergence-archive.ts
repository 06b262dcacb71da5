import { copyRows, type Population } from '../../population.js';
import { associate, type Scale, tchebycheff } from '../../ranking/association.js';
import { nondominatedSort } from '../../ranking/nondominated-sort.js';
import type { ReferenceDirections } from '../../ranking/reference-directions.js';
import { type ArchiveScratch, createArchiveScratch, groupByRegion, removeMember } from './scratch.js';

/**
 * Update of the convergence archive (Li et al. 2019, Algorithm 2): of the candidates `h` (archive and offspring) chooses at
 * most `ca.capacity` for convergence and feasibility first, and writes them to `ca`.
 *
 * - More feasible candidates than places: whole fronts of the non-dominated sort until the places are filled; then, from
 *   the most crowded subregion, the worse by Tchebycheff of the two closest solutions goes, again and again.
 * - Fewer: all feasible ones, and the infeasible ones by non-dominated sort on the two objectives (constraint violation,
 *   Tchebycheff value); the last front that fits only partly gives its smallest violations.
 *
 * Ties: of equally crowded subregions that of the closest pair (the first would thin one side of a front that leaves subregions
 * empty), the first closest pair, the first of equal values. `asPublished` thins the first crowded subregion, and takes the worst of all
 * solutions that are as close. O(n^2 m) for n candidates.
 */
export function updateConvergenceArchive(
  h: Population,
  directions: ReferenceDirections,
  unit: ReferenceDirections,
  scale: Scale,
  ca: Population,
  scratch: ArchiveScratch = createArchiveScratch(h.size, directions.count),
  asPublished = false,
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
    trimByCrowding(h, count, places, directions, scale, scratch, asPublished);
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
  asPublished: boolean,
): void {
  const { feasible: rows, region, value, groups, closest, chosen, rank: removed } = scratch;
  groupByRegion(rows, count, region, groups);
  for (let i = 0; i < count; i++) {
    removed[rows[i]] = 0;
    value[rows[i]] = tchebycheff(h.f, rows[i], scale, directions, region[rows[i]]);
  }
  closest.distance.fill(UNKNOWN);
  for (let left = count; left > places; left--) {
    const crowded = mostCrowded(h, scale, scratch, asPublished);
    removed[removeMember(groups, crowded, closest.worst[crowded])] = 1;
    closest.distance[crowded] = UNKNOWN;
  }
  let kept = 0;
  for (let i = 0; i < count; i++) if (removed[rows[i]] === 0) chosen[kept++] = rows[i];
}

/** In place of a distance: it has to be found. */
const UNKNOWN = -1;

/** The subregion of most members, of several that of the closest pair or, as published, the first; its closest members are known then. */
function mostCrowded(h: Population, scale: Scale, scratch: ArchiveScratch, asPublished: boolean): number {
  const { closest, groups } = scratch;
  const { size } = groups;
  let most = 0;
  for (let d = 0; d < size.length; d++) if (size[d] > most) most = size[d];
  let crowded = -1;
  for (let d = 0; d < size.length; d++) {
    if (size[d] < most) continue;
    if (closest.distance[d] === UNKNOWN) findClosest(h, d, scale, scratch, asPublished);
    if (crowded < 0 || closest.distance[d] < closest.distance[crowded]) crowded = d;
    if (asPublished) break;
  }
  return crowded;
}

/**
 * Notes how near to each other the closest members of subregion `d` are, squared, and the position of the worse by Tchebycheff
 * value of the first two that are, or, as published, of the worst of all that are.
 */
function findClosest(
  { f, objectives: m }: Population,
  d: number,
  { width }: Scale,
  { groups, closest, value }: ArchiveScratch,
  asPublished: boolean,
): void {
  const { members } = groups;
  const from = groups.start[d];
  const end = from + groups.size[d];
  let worst = end - from > 1 ? worseOf(value, members, from, from + 1) : from;
  let smallest = Number.POSITIVE_INFINITY;
  for (let a = from; a < end; a++)
    for (let b = a + 1; b < end; b++) {
      let sum = 0;
      for (let k = 0; k < m; k++) {
        const difference = (f[members[a] * m + k] - f[members[b] * m + k]) / width[k];
        sum += difference * difference;
      }
      if (!(sum < smallest || (asPublished && sum === smallest))) continue;
      const worse = worseOf(value, members, a, b);
      worst = sum < smallest ? worse : worseOf(value, members, worst, worse);
      smallest = sum;
    }
  closest.worst[d] = worst - from;
  closest.distance[d] = smallest;
}

/** Of two places in `members` that of the larger value, of equal ones `b`. */
function worseOf(value: Float64Array, members: Int32Array, a: number, b: number): number {
  return value[members[b]] >= value[members[a]] ? b : a;
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
