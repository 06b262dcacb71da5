import { sortIndices } from '../math/index-sort.js';

/** Working memory of {@link crowdingDistance} for fronts of up to `capacity` rows. */
export interface CrowdingScratch {
  readonly order: Int32Array;
  readonly spare: Int32Array;
  readonly value: Float64Array;
}

export function createCrowdingScratch(capacity: number): CrowdingScratch {
  return {
    order: new Int32Array(capacity),
    spare: new Int32Array(capacity),
    value: new Float64Array(capacity),
  };
}

/**
 * The crowding distance (Deb et al. 2002, Section III-B) of the rows `front[0 .. count)` of `f` (rows x `m`): along each
 * objective the gap between a row's two neighbours, divided by the range of the front, summed over the objectives; the
 * two ends of each objective are infinitely far. `distance[front[i]]` receives the value of row `front[i]`.
 *
 * What the paper leaves open: rows of equal value are ordered as `front` lists them; an objective in which the whole
 * front is equal adds nothing, its ends included; a front of one or two is all ends; where the range is infinite a finite
 * gap adds nothing, an infinite one infinity. O(m n log n).
 */
export function crowdingDistance(
  f: ArrayLike<number>,
  m: number,
  front: ArrayLike<number>,
  count: number,
  distance: Float64Array,
  scratch: CrowdingScratch = createCrowdingScratch(count),
): void {
  for (let i = 0; i < count; i++) distance[front[i]] = count <= 2 ? Number.POSITIVE_INFINITY : 0;
  if (count <= 2) return;
  const { value } = scratch;
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < count; i++) value[i] = f[front[i] * m + j];
    const order = sortIndices(value, count, scratch.order, scratch.spare);
    const range = value[order[count - 1]] - value[order[0]];
    if (!(range > 0)) continue;
    distance[front[order[0]]] = Number.POSITIVE_INFINITY;
    distance[front[order[count - 1]]] = Number.POSITIVE_INFINITY;
    for (let p = 1; p < count - 1; p++) {
      distance[front[order[p]]] += shareOf(range, value[order[p + 1]] - value[order[p - 1]]);
    }
  }
}

/** The share of a range that a gap takes: of an infinite one a finite gap takes nothing, an infinite one all there is. */
export function shareOf(range: number, gap: number): number {
  if (range < Number.POSITIVE_INFINITY) return gap / range;
  return gap === Number.POSITIVE_INFINITY ? gap : 0;
}
