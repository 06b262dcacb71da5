import { type Arena, floats, integers } from './arena.js';

/** A sweep upwards in the last of four coordinates. */
export interface Sweep4 {
  /** Rows of four, minimised. */
  readonly points: Float64Array;
  /** Better than which all of them are in every coordinate. */
  readonly reference: Float64Array;
  /** Where the rows of the present slice that no other dominates in three coordinates begin, ascending in the third. */
  readonly slice: Int32Array;
  /** How many they are. */
  size: number;
  /** The x and y of rows that may be stairs. */
  readonly near: Float64Array;
  /**
   * A staircase in the first two coordinates, from a corner to limits: x and y of each stair, x ascending, y descending, between
   * two that close it: the corner's x with the limit in y, and the limit in x, at `last`, with the corner's y.
   */
  readonly stairs: Float64Array;
  last: number;
}

/** For at most `count` rows, not filled. */
export const createSweep4 = (arena: Arena, count: number): Sweep4 => ({
  points: floats(arena, 4 * count),
  reference: floats(arena, 4),
  slice: integers(arena, count + 1),
  size: 0,
  near: floats(arena, 2 * count),
  stairs: floats(arena, 2 * count + 8),
  last: 0,
});

/**
 * The volume that rows `0 .. count - 1`, ascending in the last coordinate, dominate below the reference.
 *
 * HV4D of Guerreiro, Fonseca and Emmerich (CCCG 2012): each point adds to the volume of the three-dimensional slice what it
 * alone dominates there, found in one pass over the slice's non-dominated points. O(n^2) while the staircases of the
 * slice are short, as they are but in contrived sets.
 */
export function volume4(sweep: Sweep4, count: number): number {
  const { points, reference } = sweep;
  sweep.size = 0;
  let volume = 0;
  let slice = 0;
  let height = 0;
  for (let row = 0; row < 4 * count; row += 4) {
    const w = points[row + 3];
    volume += slice * (w - height);
    height = w;
    slice += enter(sweep, row);
  }
  return volume + slice * (reference[3] - height);
}

/**
 * What a row alone dominates in three coordinates, beside the slice, no row of which dominates another there. The row enters
 * the slice and those that it dominates leave, unless it is dominated itself.
 *
 * The rows of the slice, cut to the row's corner, make a staircase in the first two coordinates: first those below the row in
 * the third, the nearest first, since they hide most others; then upwards from there, summing the area left free. A row
 * that is not above the corner in one of the two coordinates lowers the limit in the other: few are stairs. Conditions that are
 * as good as random are joined as numbers, to branch once. One function, for its arrays are found anew in each that it calls.
 */
function enter(sweep: Sweep4, row: number): number {
  const { points, reference, slice, size, near, stairs } = sweep;
  const px = points[row];
  const py = points[row + 1];
  const pz = points[row + 2];
  const entry = entryOf(sweep, pz);

  let right = reference[0];
  let top = reference[1];
  let count = 0;
  for (let k = entry - 1; k >= 0; k--) {
    const other = slice[k];
    const x = points[other];
    const y = points[other + 1];
    if (+(x >= right) | +(y >= top)) continue;
    if (x <= px) {
      if (y <= py) return 0;
      top = y;
    } else if (y <= py) right = x;
    else {
      near[count] = x;
      near[count + 1] = y;
      count += 2;
    }
  }

  let first = 2;
  sweep.last = first;
  stairs[first - 2] = px;
  stairs[first - 1] = top;
  stairs[first] = right;
  stairs[first + 1] = py;
  let free = (right - px) * (top - py);
  for (let k = 0; k < count; k += 2) {
    const x = near[k];
    const y = near[k + 1];
    if (+(x < right) & +(y < top)) free -= addStair(sweep, first, x, y);
  }

  let volume = 0;
  let height = pz;
  let k = entry;
  let place = entry;
  let held = row; // goes to the next place of the slice
  for (; k < size; k++) {
    const other = slice[k];
    const x = points[other];
    const y = points[other + 1];
    if (+(x < right) & +(y < top)) {
      const z = points[other + 2];
      volume += free * (z - height);
      height = z;
      if (x <= px) {
        if (y <= py) {
          free = 0;
          if (x === px && y === py) k++;
          break;
        }
        let from = px;
        for (; stairs[first + 1] >= y; first += 2) {
          free -= (stairs[first] - from) * (top - y);
          from = stairs[first];
          top = stairs[first + 1];
        }
        free -= (stairs[first] - from) * (top - y);
        top = y;
        stairs[first - 2] = px;
        stairs[first - 1] = y;
      } else if (y <= py) {
        let last = sweep.last;
        for (; stairs[last - 2] >= x; last -= 2) {
          free -= (right - stairs[last - 2]) * (stairs[last - 1] - py);
          right = stairs[last - 2];
        }
        free -= (right - x) * (stairs[last - 1] - py);
        right = x;
        stairs[last] = x;
        stairs[last + 1] = py;
        sweep.last = last;
      } else free -= addStair(sweep, first, x, y);
    }
    if (+(x >= px) & +(y >= py)) continue;
    slice[place++] = held;
    held = other;
  }
  closeUp(sweep, place, held, k);
  return volume + free * (reference[2] - height);
}

/** How many rows of the slice are not above `z` in the third coordinate. */
function entryOf({ points, slice, size }: Sweep4, z: number): number {
  let from = 0;
  for (let to = size; from < to; ) {
    const middle = (from + to) >>> 1;
    if (points[slice[middle] + 2] <= z) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Puts the row at `place` of the slice, and behind it those from `rest` on. */
function closeUp(sweep: Sweep4, place: number, row: number, rest: number): void {
  const { slice, size } = sweep;
  let end = size;
  if (place === rest) for (let k = end++; k > rest; k--) slice[k] = slice[k - 1];
  slice[place] = row;
  if (place + 1 < rest) {
    end = place + 1;
    for (let k = rest; k < size; k++) slice[end++] = slice[k];
  }
  sweep.size = end;
}

/**
 * Puts the stair (x, y) in the place of those that it dominates, unless one dominates it. Returns the area that the stair
 * takes from the free one: 0 where it is dominated.
 */
function addStair(sweep: Sweep4, first: number, x: number, y: number): number {
  const { stairs, last } = sweep;
  let from = first;
  while (stairs[from] <= x) from += 2;
  const top = stairs[from - 1];
  if (top <= y) return 0;
  let area = (stairs[from] - x) * (top - y);
  let to = from;
  for (; stairs[to + 1] >= y; to += 2) area += (stairs[to + 2] - stairs[to]) * (stairs[to + 1] - y);
  if (to === from) {
    for (let k = last + 1; k >= to; k--) stairs[k + 2] = stairs[k];
    sweep.last = last + 2;
  } else if (to > from + 2) {
    let k = from + 2;
    for (; to <= last + 1; k++, to++) stairs[k] = stairs[to];
    sweep.last = k - 2;
  }
  stairs[from] = x;
  stairs[from + 1] = y;
  return area;
}
