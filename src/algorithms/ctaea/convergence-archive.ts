import { copyRows, type Population } from '../../population.js';
import { associate, type Scale, tchebycheff, widthOf } from '../../ranking/association.js';
import { nondominatedSort } from '../../ranking/nondominated-sort.js';
import type { ReferenceDirections } from '../../ranking/reference-directions.js';

/**
 * Update of the convergence archive (Li et al. 2019, Algorithm 2): of the candidates `h` (archive and offspring) chooses at
 * most `ca.capacity` for convergence and feasibility first, and writes them to `ca`.
 *
 * - More feasible candidates than places: whole fronts of the non-dominated sort until the places are filled; then, from
 *   the most crowded subregion, the worse by Tchebycheff of the two closest solutions goes, again and again.
 * - Fewer: all feasible ones, and the infeasible ones by non-dominated sort on the two objectives (constraint violation,
 *   Tchebycheff value); the last front that fits only partly gives its smallest violations.
 *
 * Ties: the first crowded subregion, the first closest pair, the first of equal values. O(n^2 m) for n candidates.
 */
export function updateConvergenceArchive(
  h: Population,
  directions: ReferenceDirections,
  unit: ReferenceDirections,
  scale: Scale,
  ca: Population,
): void {
  const feasible: number[] = [];
  const infeasible: number[] = [];
  for (let i = 0; i < h.size; i++) (h.cv[i] <= 0 ? feasible : infeasible).push(i);
  const region = new Int32Array(h.size);
  associate(h.f, h.size, scale, unit, region);
  const places = Math.min(ca.capacity, h.size);
  const chosen =
    feasible.length >= places
      ? trimByCrowding(h, wholeFronts(h.f, h.objectives, feasible, places), places, region, directions, scale)
      : [...feasible, ...leastInfeasible(h, infeasible, places - feasible.length, region, directions, scale)];
  copyRows(h, chosen, chosen.length, ca);
}

/** Front after front until at least `places` rows are in. */
function wholeFronts(f: Float64Array, m: number, rows: readonly number[], places: number): number[] {
  if (rows.length <= places) return rows.slice();
  const rank = new Int32Array(rows.length);
  nondominatedSort(f, m, rows, rows.length, rank);
  const sizes = new Int32Array(rows.length);
  for (const r of rank) sizes[r]++;
  let fronts = 0;
  for (let filled = 0; filled < places; fronts++) filled += sizes[fronts];
  return rows.filter((_, i) => rank[i] < fronts);
}

function trimByCrowding(
  h: Population,
  rows: number[],
  places: number,
  region: Int32Array,
  directions: ReferenceDirections,
  scale: Scale,
): number[] {
  const members: number[][] = Array.from({ length: directions.count }, () => []);
  for (const row of rows) members[region[row]].push(row);
  for (let left = rows.length; left > places; left--) {
    let crowded = 0;
    for (let d = 1; d < members.length; d++) if (members[d].length > members[crowded].length) crowded = d;
    const crowd = members[crowded];
    crowd.splice(worstOfClosest(h, crowd, directions, crowded, scale), 1);
  }
  return members.flat().sort((a, b) => a - b);
}

/** Position in `crowd` of the worse, by Tchebycheff value, of the two members closest to each other. */
function worstOfClosest(
  h: Population,
  crowd: readonly number[],
  directions: ReferenceDirections,
  d: number,
  scale: Scale,
): number {
  if (crowd.length === 1) return 0;
  let first = 0;
  let second = 1;
  let smallest = Number.POSITIVE_INFINITY;
  for (let a = 0; a < crowd.length; a++)
    for (let b = a + 1; b < crowd.length; b++) {
      const distance = squaredDistance(h, crowd[a], crowd[b], scale);
      if (distance < smallest) {
        smallest = distance;
        first = a;
        second = b;
      }
    }
  const valueOfFirst = tchebycheff(h.f, crowd[first], scale, directions, d);
  return tchebycheff(h.f, crowd[second], scale, directions, d) >= valueOfFirst ? second : first;
}

function squaredDistance({ f, objectives: m }: Population, i: number, j: number, scale: Scale): number {
  let sum = 0;
  for (let k = 0; k < m; k++) {
    const difference = (f[i * m + k] - f[j * m + k]) / widthOf(scale, k);
    sum += difference * difference;
  }
  return sum;
}

function leastInfeasible(
  h: Population,
  rows: readonly number[],
  places: number,
  region: Int32Array,
  directions: ReferenceDirections,
  scale: Scale,
): number[] {
  if (rows.length <= places) return rows.slice();
  const values = new Float64Array(rows.length * 2);
  rows.forEach((row, i) => {
    values[2 * i] = h.cv[row];
    values[2 * i + 1] = tchebycheff(h.f, row, scale, directions, region[row]);
  });
  const positions = rows.map((_, i) => i);
  const rank = new Int32Array(rows.length);
  nondominatedSort(values, 2, positions, rows.length, rank);
  return positions
    .sort((a, b) => rank[a] - rank[b] || values[2 * a] - values[2 * b] || a - b)
    .slice(0, places)
    .map((i) => rows[i])
    .sort((a, b) => a - b);
}
