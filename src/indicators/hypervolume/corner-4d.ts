import { type Arena, floats, integers } from './arena.js';
import { clear, insertAfter } from './linked-rows.js';
import { addStair, clearStairs, createSweep4, type Sweep4, sweepUp } from './sweep-4d.js';
import { orderByTies } from './ties.js';

/** What {@link cornerVolume4} works in, for at most `count` rows. */
export interface Corner4 {
  readonly sweep: Sweep4;
  /** Rows not above the corner, by coordinate. */
  readonly ties: Int32Array;
  /** The coordinates, those with most ties last. */
  readonly axes: Int32Array;
  /** Where the rows begin that matter. */
  readonly near: Int32Array;
  /** By row, a bit for each coordinate in which it is not above the corner; 16 for the row to be passed over. */
  readonly masks: Int32Array;
  /** By coordinate, where the free part ends. */
  readonly limits: Float64Array;
  readonly aboveZ: Ascending;
  readonly aboveW: Ascending;
}

/** Rows (where they begin) in ascending order of their keys. */
interface Ascending {
  readonly rows: Int32Array;
  readonly keys: Float64Array;
}

export const createCorner4 = (arena: Arena, count: number): Corner4 => ({
  sweep: createSweep4(arena, count),
  ties: integers(arena, 4),
  axes: integers(arena, 4),
  near: integers(arena, count + 1),
  masks: integers(arena, count),
  limits: floats(arena, 4),
  aboveZ: { rows: integers(arena, count), keys: floats(arena, count) },
  aboveW: { rows: integers(arena, count), keys: floats(arena, count) },
});

/**
 * The volume in the first four of the coordinates that the given `size` rows of `points` (five coordinates each) dominate
 * between a corner and the reference. Row `except` is passed over. -1 where a row dominates the corner.
 *
 * Cut to the corner, most rows tie with it in some coordinates. With the axes turned so that the two with most ties come last,
 * rows at the bottom of both are a staircase in the other two, and only the others need to be sorted: rows at the
 * bottom of the last coordinate end a three-dimensional sweep, rows above are swept as in {@link volume4}.
 */
export function cornerVolume4(
  corner4: Corner4,
  points: Float64Array,
  rows: Int32Array,
  size: number,
  except: number,
  corner: Float64Array,
  reference: Float64Array,
): number {
  const { sweep, axes, near, limits, aboveZ, aboveW } = corner4;
  const neighbourCount = neighbours(corner4, points, rows, size, except, corner, reference);
  if (neighbourCount < 0) return -1;
  const a = axes[0];
  const b = axes[1];
  const c = axes[2];
  const d = axes[3];
  for (let j = 0; j < 4; j++) sweep.reference[j] = limits[axes[j]];
  const px = corner[a];
  const py = corner[b];
  const pz = corner[c];
  const pw = corner[d];
  clearStairs(sweep);
  clear(sweep.links);
  let area = 0;
  let higherZ = 0;
  let higherW = 0;
  for (let k = 0; k < neighbourCount; k++) {
    const row = near[k];
    if (points[row + d] > pw) {
      insertSorted(aboveW, higherW++, row, points[row + d]);
    } else if (points[row + c] > pz) {
      insertSorted(aboveZ, higherZ++, row, points[row + c]);
    } else area += addStair(sweep, Math.max(points[row + a], px), Math.max(points[row + b], py));
  }

  const to = sweep.points;
  let count = 0;
  for (; count < sweep.stairs - 2; count++) {
    put(to, count, sweep.stairX[count + 1], sweep.stairY[count + 1], pz, pw);
    insertAfter(sweep.links, count - 1, count);
  }
  let slice = 0;
  let height = pz;
  for (let k = 0; k < higherZ; k++) {
    const row = aboveZ.rows[k];
    const x = Math.max(points[row + a], px);
    const y = Math.max(points[row + b], py);
    const added = addStair(sweep, x, y);
    if (added === 0) continue;
    const z = points[row + c];
    slice += area * (z - height);
    height = z;
    area += added;
    put(to, count, x, y, z, pw);
    insertAfter(sweep.links, count - 1, count);
    count++;
  }
  slice += area * (sweep.reference[2] - height);

  const bottom = count;
  for (let k = 0; k < higherW; k++) {
    const row = aboveW.rows[k];
    put(
      to,
      count++,
      Math.max(points[row + a], px),
      Math.max(points[row + b], py),
      Math.max(points[row + c], pz),
      points[row + d],
    );
  }
  let box = 1;
  let free = 1;
  for (let j = 0; j < 4; j++) {
    box *= reference[j] - corner[j];
    free *= limits[j] - corner[j];
  }
  return box - free + sweepUp(sweep, bottom, count, slice, pw);
}

/**
 * Writes to `near` where the rows begin that dominate something between the corner and the limits, and orders the axes by
 * their ties. A row that is above the corner in one coordinate alone bounds that coordinate: beyond it nothing is free, and a
 * limit takes the row's place. Returns the number of rows, or -1 where one is nowhere above the corner.
 *
 * Comparisons are added up as numbers, not branched on: how they end is as good as random, and a wrongly predicted branch
 * costs more than the rest.
 */
function neighbours(
  { ties, axes, near, masks, limits }: Corner4,
  points: Float64Array,
  rows: Int32Array,
  size: number,
  except: number,
  corner: Float64Array,
  reference: Float64Array,
): number {
  const p0 = corner[0];
  const p1 = corner[1];
  const p2 = corner[2];
  const p3 = corner[3];
  let l0 = reference[0];
  let l1 = reference[1];
  let l2 = reference[2];
  let l3 = reference[3];
  for (let k = 0; k < size; k++) {
    const row = 5 * rows[k];
    const a = points[row];
    const b = points[row + 1];
    const c = points[row + 2];
    const d = points[row + 3];
    const tied = +(a <= p0) | (+(b <= p1) << 1) | (+(c <= p2) << 2) | (+(d <= p3) << 3);
    masks[k] = tied;
    if (rows[k] === except) masks[k] = 16;
    else if (tied === 7) l3 = d < l3 ? d : l3;
    else if (tied === 11) l2 = c < l2 ? c : l2;
    else if (tied === 13) l1 = b < l1 ? b : l1;
    else if (tied === 14) l0 = a < l0 ? a : l0;
    else if (tied === 15) return -1;
  }
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  let count = 0;
  for (let k = 0; k < size; k++) {
    const row = 5 * rows[k];
    const tied = masks[k];
    const kept =
      +(points[row] < l0) &
      +(points[row + 1] < l1) &
      +(points[row + 2] < l2) &
      +(points[row + 3] < l3) &
      +(tied < 16);
    near[count] = row;
    count += kept;
    t0 += kept & tied;
    t1 += kept & (tied >> 1);
    t2 += kept & (tied >> 2);
    t3 += kept & (tied >> 3);
  }
  limits[0] = l0;
  limits[1] = l1;
  limits[2] = l2;
  limits[3] = l3;
  ties[0] = t0;
  ties[1] = t1;
  ties[2] = t2;
  ties[3] = t3;
  orderByTies(ties, 4, axes);
  return count;
}

function insertSorted({ rows, keys }: Ascending, size: number, row: number, key: number): void {
  let place = size;
  for (; place > 0 && keys[place - 1] > key; place--) {
    keys[place] = keys[place - 1];
    rows[place] = rows[place - 1];
  }
  keys[place] = key;
  rows[place] = row;
}

function put(points: Float64Array, row: number, x: number, y: number, z: number, w: number): void {
  points[4 * row] = x;
  points[4 * row + 1] = y;
  points[4 * row + 2] = z;
  points[4 * row + 3] = w;
}
