import { copyRows, type Population } from '../../population.js';
import { associate, type Scale, tchebycheff } from '../../ranking/association.js';
import { dominates } from '../../ranking/dominance.js';
import type { ReferenceDirections } from '../../ranking/reference-directions.js';
import { type ArchiveScratch, createArchiveScratch, groupByRegion, removeMember } from './scratch.js';

/**
 * Update of the diversity archive (Li et al. 2019, Algorithm 3): of the candidates `h` (archive and offspring) chooses at
 * most `da.capacity`, whatever their feasibility, to explore the subregions that the convergence archive `ca` leaves
 * empty. In round r every subregion gives solutions until it has r, those of the convergence archive counted; each time the
 * best by Tchebycheff value among its non-dominated ones.
 *
 * Ties: the first of equal values. O(n^2 m / directions) for evenly spread candidates, O(n^2 m) at worst a pick.
 */
export function updateDiversityArchive(
  h: Population,
  ca: Population,
  directions: ReferenceDirections,
  unit: ReferenceDirections,
  scale: Scale,
  da: Population,
  scratch: ArchiveScratch = createArchiveScratch(Math.max(h.size, ca.size), directions.count),
): void {
  const { region, value, chosen, order: rows, groups, held } = scratch;
  held.fill(0);
  associate(ca.f, ca.size, scale, unit, region);
  for (let i = 0; i < ca.size; i++) held[region[i]]++;
  associate(h.f, h.size, scale, unit, region);
  for (let i = 0; i < h.size; i++) {
    rows[i] = i;
    value[i] = tchebycheff(h.f, i, scale, directions, region[i]);
  }
  groupByRegion(rows, h.size, region, groups);
  const places = Math.min(da.capacity, h.size);
  let count = 0;
  for (let round = 1; count < places; round++)
    for (let d = 0; d < directions.count && count < places; d++)
      for (let free = round - held[d]; free > 0 && groups.size[d] > 0 && count < places; free--) {
        chosen[count++] = removeMember(groups, d, bestNondominated(h, d, scratch));
        held[d]++;
      }
  copyRows(h, chosen, places, da);
}

/** Position in subregion `d` of the smallest Tchebycheff value among those members that no other of them dominates. */
function bestNondominated(h: Population, d: number, { groups, value }: ArchiveScratch): number {
  const { members } = groups;
  const from = groups.start[d];
  const end = from + groups.size[d];
  let best = from;
  let smallest = Number.POSITIVE_INFINITY;
  for (let p = from; p < end; p++)
    if (value[members[p]] < smallest && !isDominated(h, members, from, end, members[p])) {
      smallest = value[members[p]];
      best = p;
    }
  return best - from;
}

function isDominated(h: Population, members: Int32Array, from: number, end: number, row: number): boolean {
  for (let p = from; p < end; p++) if (dominates(h.f, members[p], row, h.objectives)) return true;
  return false;
}
