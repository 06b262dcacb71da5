import { clear, END, insertAfter, unlink } from './linked-rows.js';
import { ascendingOrder } from './order.js';

/**
 * The volume that rows `0 .. count - 1` of `points` (count x 4, row-major, minimised, ascending in the last coordinate)
 * dominate below the reference, all of them better than it in every coordinate. `links` is overwritten.
 *
 * HV4D of Guerreiro, Fonseca and Emmerich (CCCG 2012): a sweep upwards in the last coordinate, where each point adds to
 * the volume of the three-dimensional slice what it alone dominates there, found in one pass over the slice's
 * non-dominated points. O(n^2) while the staircases of the slice are short, as they are but in contrived sets.
 */
export function volume4(
  points: Float64Array,
  count: number,
  reference: ArrayLike<number>,
  links: Int32Array,
): number {
  clear(links);
  let first = 1;
  while (first < count && points[4 * first + 3] === points[3]) first++;
  let volume = 0;
  let slice = firstSlice(points, first, reference, links);
  let height = points[3];
  for (let i = first; i < count; i++) {
    const w = points[4 * i + 3];
    volume += slice * (w - height);
    height = w;
    slice += exclusiveVolume3(points, i, reference, links, true);
  }
  return volume + slice * (reference[3] - height);
}

/**
 * The three-dimensional volume of the rows that share the lowest last coordinate, by one sweep; `links` receives those that
 * no row below hides. Where slicing cuts rows to a corner, these are most rows.
 */
function firstSlice(
  points: Float64Array,
  count: number,
  reference: ArrayLike<number>,
  links: Int32Array,
): number {
  for (let s = 0; s < count; s++) keys[s] = points[4 * s + 2];
  ascendingOrder(keys, count, order);
  clearStairs(reference);
  let last = END;
  let volume = 0;
  let area = 0;
  let height = 0;
  for (let k = 0; k < count; k++) {
    const s = order[k];
    const added = addStair(stairX, stairY, points[4 * s], points[4 * s + 1]);
    if (added === 0) continue;
    const z = points[4 * s + 2];
    volume += area * (z - height);
    height = z;
    area += added;
    insertAfter(links, last, s);
    last = s;
  }
  return volume + area * (reference[2] - height);
}

let keys = new Float64Array(0);
let order = new Int32Array(0);
let stairX = new Float64Array(0);
let stairY = new Float64Array(0);
let stairs = 0;

/** To be called before the functions of this file with at most `count` rows. */
export function reserveStairs(count: number): void {
  if (stairX.length >= count + 3) return;
  stairX = new Float64Array(count + 3);
  stairY = new Float64Array(count + 3);
  keys = new Float64Array(count);
  order = new Int32Array(count);
}

/** Leaves the stairs that close the staircase at its ends. */
function clearStairs(reference: ArrayLike<number>): void {
  stairs = 2;
  stairX[0] = Number.NEGATIVE_INFINITY;
  stairY[0] = reference[1];
  stairX[1] = reference[0];
  stairY[1] = Number.NEGATIVE_INFINITY;
}

/**
 * What row i alone dominates in the first three coordinates of `points` (rows x 4), beside the rows of the list `links`,
 * which ascends in the third; row i itself is passed over where the list holds it. With `keep`, a list of rows that don't
 * dominate one another stays one: row i enters and the rows that it dominates leave, unless it is dominated itself.
 *
 * The other rows, cut to the row's corner, make a staircase in the first two coordinates: first those below the row in
 * the third, the nearest first, since they hide most others; then upwards from there, summing the area left free.
 */
export function exclusiveVolume3(
  points: Float64Array,
  i: number,
  reference: ArrayLike<number>,
  links: Int32Array,
  keep: boolean,
): number {
  const px = points[4 * i];
  const py = points[4 * i + 1];
  const pz = points[4 * i + 2];
  const sx = stairX;
  const sy = stairY;
  let entry = END;
  let above = links[0];
  while (above !== END && points[4 * above + 2] <= pz) {
    entry = above;
    above = links[2 * above + 2];
  }
  clearStairs(reference);
  // Rows beyond a limit change nothing: they lie outside what is free.
  let limitX = reference[0];
  let limitY = reference[1];
  let free = (limitX - px) * (limitY - py);
  for (let s = entry; s !== END; s = links[2 * s + 3]) {
    const x = points[4 * s];
    const y = points[4 * s + 1];
    if (x >= limitX || y >= limitY || s === i) continue;
    if (x <= px) {
      if (y <= py) return 0;
      limitY = y;
    } else if (y <= py) limitX = x;
    free -= addStair(sx, sy, Math.max(x, px), Math.max(y, py));
  }
  let volume = 0;
  let height = pz;
  for (let s = above; s !== END; s = links[2 * s + 2]) {
    const x = points[4 * s];
    const y = points[4 * s + 1];
    if (x < limitX && y < limitY && s !== i) {
      const z = points[4 * s + 2];
      volume += free * (z - height);
      height = z;
      if (x <= px) {
        if (y <= py) {
          free = 0;
          break;
        }
        limitY = y;
      } else if (y <= py) limitX = x;
      free -= addStair(sx, sy, Math.max(x, px), Math.max(y, py));
    }
    if (keep && x >= px && y >= py) unlink(links, s);
  }
  if (keep) insertAfter(links, entry, i);
  return volume + free * (reference[2] - height);
}

/**
 * Puts the stair (x, y) in the place of those that it dominates, unless one dominates it. Stairs ascend in x and descend
 * strictly in y; of two at the same x, the higher has no width. Returns the area that the stair takes from the free one.
 */
function addStair(sx: Float64Array, sy: Float64Array, x: number, y: number): number {
  let from = 1;
  while (sx[from] <= x) from++;
  let top = sy[from - 1];
  if (top <= y) return 0;
  let to = from;
  let area = (sx[from] - x) * (top - y);
  while (true) {
    top = sy[to];
    if (top < y) break;
    area += (sx[to + 1] - sx[to]) * (top - y);
    to++;
  }
  const size = stairs;
  if (to === from)
    for (let k = size; k > to; k--) {
      sx[k] = sx[k - 1];
      sy[k] = sy[k - 1];
    }
  else if (to > from + 1)
    for (let k = to, shifted = from + 1; k < size; k++, shifted++) {
      sx[shifted] = sx[k];
      sy[shifted] = sy[k];
    }
  sx[from] = x;
  sy[from] = y;
  stairs = size + from + 1 - to;
  return area;
}
