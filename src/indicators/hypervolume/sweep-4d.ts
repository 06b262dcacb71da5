import { type Arena, floats } from './arena.js';
import { clear, END, insertAfter, linksFor, unlink } from './linked-rows.js';

/** A sweep upwards in the last of four coordinates. */
export interface Sweep4 {
  /** Rows of four, minimised. */
  readonly points: Float64Array;
  /** Better than which all of them are in every coordinate. */
  readonly reference: Float64Array;
  /** The rows of the present slice that no other dominates in three coordinates, ascending in the third. */
  readonly links: Int32Array;
  /** A staircase in the first two coordinates: x ascends, y descends strictly; of two at one x, the higher has no width. */
  readonly stairX: Float64Array;
  readonly stairY: Float64Array;
  /** Number of stairs, with those that close the staircase at its ends. */
  stairs: number;
}

/** For at most `count` rows, not filled. */
export const createSweep4 = (arena: Arena, count: number): Sweep4 => ({
  points: floats(arena, 4 * count),
  reference: floats(arena, 4),
  links: linksFor(arena, count),
  stairX: floats(arena, count + 3),
  stairY: floats(arena, count + 3),
  stairs: 0,
});

/**
 * The volume that rows `0 .. count - 1`, ascending in the last coordinate, dominate below the reference.
 *
 * HV4D of Guerreiro, Fonseca and Emmerich (CCCG 2012): each point adds to the volume of the three-dimensional slice what it
 * alone dominates there, found in one pass over the slice's non-dominated points. O(n^2) while the staircases of the
 * slice are short, as they are but in contrived sets.
 */
export function volume4(sweep: Sweep4, count: number): number {
  const { points, reference, links } = sweep;
  clear(links);
  let volume = 0;
  let slice = 0;
  let height = 0;
  for (let i = 0; i < count; i++) {
    const w = points[4 * i + 3];
    volume += slice * (w - height);
    height = w;
    slice += enter(sweep, i);
  }
  return volume + slice * (reference[3] - height);
}

/**
 * What row i alone dominates in three coordinates, beside the rows of the list, none of which dominates another there. Row i
 * enters the list and the rows that it dominates leave, unless it is dominated itself.
 *
 * The other rows, cut to the row's corner, make a staircase in the first two coordinates: first those below the row in
 * the third, the nearest first, since they hide most others; then upwards from there, summing the area left free.
 * Conditions that are as good as random are joined as numbers, to branch once.
 */
function enter(sweep: Sweep4, i: number): number {
  const { points, reference, links } = sweep;
  const px = points[4 * i];
  const py = points[4 * i + 1];
  const pz = points[4 * i + 2];
  let entry = END;
  let above = links[0];
  while (above !== END && points[4 * above + 2] <= pz) {
    if (+(points[4 * above] <= px) & +(points[4 * above + 1] <= py)) return 0;
    entry = above;
    above = links[2 * above + 2];
  }
  clearStairs(sweep);
  // Rows beyond a limit change nothing: they lie outside what is free.
  let limitX = reference[0];
  let limitY = reference[1];
  let free = (limitX - px) * (limitY - py);
  for (let s = entry; s !== END; s = links[2 * s + 3]) {
    const x = points[4 * s];
    const y = points[4 * s + 1];
    if (+(x >= limitX) | +(y >= limitY)) continue;
    if (x <= px) limitY = y;
    else if (y <= py) limitX = x;
    free -= addStair(sweep, x > px ? x : px, y > py ? y : py);
  }
  let volume = 0;
  let height = pz;
  for (let s = above; s !== END; s = links[2 * s + 2]) {
    const x = points[4 * s];
    const y = points[4 * s + 1];
    if (+(x < limitX) & +(y < limitY)) {
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
      free -= addStair(sweep, x > px ? x : px, y > py ? y : py);
    }
    if (+(x >= px) & +(y >= py)) unlink(links, s);
  }
  insertAfter(links, entry, i);
  return volume + free * (reference[2] - height);
}

/** Leaves the stairs that close the staircase at its ends. */
function clearStairs(sweep: Sweep4): void {
  const { stairX, stairY, reference } = sweep;
  sweep.stairs = 2;
  stairX[0] = Number.NEGATIVE_INFINITY;
  stairY[0] = reference[1];
  stairX[1] = reference[0];
  stairY[1] = Number.NEGATIVE_INFINITY;
}

/**
 * Puts the stair (x, y) in the place of those that it dominates, unless one dominates it. Returns the area that the stair
 * takes from the free one: 0 where it is dominated.
 */
function addStair(sweep: Sweep4, x: number, y: number): number {
  const sx = sweep.stairX;
  const sy = sweep.stairY;
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
  const size = sweep.stairs;
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
  sweep.stairs = size + from + 1 - to;
  return area;
}
