import { type Arena, integers } from './arena.js';
import { ascendingOrder, sortBuffers } from './order.js';

/**
 * The area that the points `(x[i], y[i])`, i = 0 .. count - 1, minimised, dominate below and left of the reference, all
 * of them better than the reference in both. A sweep to the right along the staircase: O(n log n).
 */
export function area(
  x: Float64Array,
  y: Float64Array,
  count: number,
  referenceX: number,
  referenceY: number,
  arena: Arena,
): number {
  const order = orderByX(x, count, arena);
  let sum = 0;
  let top = referenceY;
  for (let k = 0; k < count; k++) {
    const i = order[k];
    if (y[i] >= top) continue;
    sum += (referenceX - x[i]) * (top - y[i]);
    top = y[i];
  }
  return sum;
}

/**
 * Writes to `out[i]` the area that only point i dominates; 0 for dominated and repeated points. What a point has to
 * itself ends at its neighbours on the staircase and at the points that it alone dominates. O(n log n).
 */
export function exclusiveAreas(
  x: Float64Array,
  y: Float64Array,
  count: number,
  referenceX: number,
  referenceY: number,
  out: Float64Array,
  arena: Arena,
): void {
  const order = orderByX(x, count, arena);
  out.fill(0, 0, count);
  let owner = -1; // the stair that the sweep is on
  let ceiling = referenceY; // above it another point than the owner dominates
  for (let k = 0; k <= count; k++) {
    const right = k < count ? x[order[k]] : referenceX;
    if (owner >= 0) out[owner] += (right - x[order[k - 1]]) * (ceiling - y[owner]);
    if (k === count) break;
    const i = order[k];
    if (owner < 0 || y[i] < y[owner]) {
      ceiling = owner < 0 ? referenceY : y[owner];
      owner = i;
    } else if (y[i] < ceiling) ceiling = y[i];
  }
}

function orderByX(x: Float64Array, count: number, arena: Arena): Int32Array {
  const order = integers(arena, count);
  ascendingOrder(x, count, order, sortBuffers(arena, count));
  return order;
}
