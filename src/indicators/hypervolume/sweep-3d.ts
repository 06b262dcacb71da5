import { type Arena, floats, integers } from './arena.js';
import { ascendingOrder, sortBuffers } from './order.js';
import { add, below, createRankSet, remove } from './rank-set.js';

/**
 * The volume that the points `(x[i], y[i], z[i])`, i = 0 .. count - 1, minimised, dominate below the reference (three
 * entries), all of them better than it in every coordinate. O(n log n).
 *
 * Beume, Fonseca, Lopez-Ibanez, Paquete and Vahrenhold, IEEE TEVC 13(5), 2009: a sweep upwards in z that keeps the area
 * under the staircase in x and y. Here the stairs are linked to their right neighbour, and the left neighbour of a
 * new one is found by its rank in x.
 */
export function volume3(
  x: Float64Array,
  y: Float64Array,
  z: Float64Array,
  count: number,
  reference: ArrayLike<number>,
  arena: Arena,
): number {
  const byX = integers(arena, count);
  const byZ = integers(arena, count);
  const right = integers(arena, count + 2);
  const sx = floats(arena, count + 2);
  const sy = floats(arena, count + 2);
  const sz = floats(arena, count);
  const ranks = createRankSet(arena, count + 2);
  const sorting = sortBuffers(arena, count);
  // Points by rank in x, from 1: stairs 0 and count + 1 close the staircase at its ends.
  ascendingOrder(x, count, byX, sorting);
  for (let k = 0; k < count; k++) {
    const i = byX[k];
    sx[k + 1] = x[i];
    sy[k + 1] = y[i];
    sz[k] = z[i];
  }
  ascendingOrder(sz, count, byZ, sorting);
  sx[0] = Number.NEGATIVE_INFINITY;
  sy[0] = reference[1];
  sx[count + 1] = reference[0];
  sy[count + 1] = Number.NEGATIVE_INFINITY;
  right[0] = count + 1;
  add(ranks, 0);

  let volume = 0;
  let area = 0;
  let height = 0;
  for (let k = 0; k < count; k++) {
    const p = byZ[k] + 1;
    const px = sx[p];
    const py = sy[p];
    volume += area * (sz[p - 1] - height);
    height = sz[p - 1];
    const left = below(ranks, p);
    if (sy[left] <= py) continue;
    // The new area in strips, from the left neighbour over the stairs that the new one takes the place of.
    let from = px;
    let top = sy[left];
    let stair = right[left];
    for (;;) {
      area += (sx[stair] - from) * (top - py);
      if (sy[stair] < py) break;
      from = sx[stair];
      top = sy[stair];
      remove(ranks, stair);
      stair = right[stair];
    }
    right[left] = p;
    right[p] = stair;
    add(ranks, p);
  }
  return volume + area * (reference[2] - height);
}
