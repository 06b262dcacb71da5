/** Rows grouped by rank: front r is `rows[end[r - 1] .. end[r])`, the first from 0. */
export interface Fronts {
  readonly rows: Int32Array;
  readonly end: Int32Array;
}

/**
 * Groups the positions `0 .. count - 1` by their `rank` (from 0 to `frontCount - 1`), ascending within a front. `fronts` must
 * have room for `count` rows and `frontCount` ends. O(count + frontCount), nothing allocated.
 */
export function frontsOf(
  rank: ArrayLike<number>,
  count: number,
  frontCount: number,
  { rows, end }: Fronts,
): void {
  for (let r = 0; r < frontCount; r++) end[r] = 0;
  for (let i = 0; i < count; i++) end[rank[i]]++;
  for (let r = 0, start = 0; r < frontCount; r++) {
    const size = end[r];
    end[r] = start;
    start += size;
  }
  for (let i = 0; i < count; i++) rows[end[rank[i]]++] = i;
}
