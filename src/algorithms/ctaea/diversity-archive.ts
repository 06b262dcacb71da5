import { copyRows, type Population } from '../../population.js';
import { associate, type Scale, tchebycheff } from '../../ranking/association.js';
import { nondominated } from '../../ranking/nondominated-sort.js';
import type { ReferenceDirections } from '../../ranking/reference-directions.js';

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
): void {
  const members = membersOf(h, directions.count, scale, unit);
  const held = membersOf(ca, directions.count, scale, unit).map((rows) => rows.length);
  const places = Math.min(da.capacity, h.size);
  const chosen: number[] = [];
  for (let round = 1; chosen.length < places; round++)
    for (let d = 0; d < directions.count && chosen.length < places; d++)
      for (let free = round - held[d]; free > 0 && members[d].length > 0 && chosen.length < places; free--) {
        const [best] = members[d].splice(bestNondominated(h, members[d], directions, d, scale), 1);
        chosen.push(best);
        held[d]++;
      }
  copyRows(h, chosen, chosen.length, da);
}

function membersOf(
  population: Population,
  count: number,
  scale: Scale,
  unit: ReferenceDirections,
): number[][] {
  const region = new Int32Array(population.size);
  associate(population.f, population.size, scale, unit, region);
  const members: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < population.size; i++) members[region[i]].push(i);
  return members;
}

/** Position in `rows` of the smallest Tchebycheff value among those that no other of them dominates. */
function bestNondominated(
  h: Population,
  rows: readonly number[],
  directions: ReferenceDirections,
  d: number,
  scale: Scale,
): number {
  let best = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const position of nondominated(h.f, h.objectives, rows, rows.length)) {
    const value = tchebycheff(h.f, rows[position], scale, directions, d);
    if (value < smallest) {
      smallest = value;
      best = position;
    }
  }
  return best;
}
