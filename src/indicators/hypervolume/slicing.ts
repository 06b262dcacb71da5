import { type Arena, floats, integers } from './arena.js';
import { ascendingOrder, type SortBuffers, sortBuffers } from './order.js';
import { createSweep5, roomForSweep5, type Sweep5, volume5 } from './sweep-5d.js';
import { orderByTies } from './ties.js';

/*
 * Hypervolume above five objectives by slicing along the last one: upwards, each point adds to the volume of the slice
 * below the next point what it alone dominates there. That is its box less the volume of the slice's other points cut to
 * its corner, one dimension down; down to five.
 *
 * Cutting to the corner is the idea of WFG (While, Bradstreet and Barone, IEEE TEVC 16(1), 2012); the slice keeps its
 * non-dominated points alone. Most points that are cut to a corner tie with it in some coordinates, all at the bottom of the
 * volume: the cut turns the axes so that the one with most ties comes last, where ties make one slice, a problem of
 * one dimension less; and so on down. Nothing is allocated in the recursion.
 */
export interface Level {
  /** Number of coordinates, from 6. */
  readonly d: number;
  /** Rows of `d`, ascending in the last coordinate. */
  readonly points: Float64Array;
  /** Of their coordinates but the last, equal for equal ones. */
  readonly ranks: Int32Array;
  /** In the order of the coordinates of `points`. */
  readonly reference: Float64Array;
  /** Rows of the present slice, of which none dominates another in all coordinates but the last. */
  readonly members: Int32Array;
  readonly corner: Float64Array;
  readonly cornerRanks: Int32Array;
  /** What members are cut into. */
  readonly lower: Level | Sweep5;
  readonly scratch: Scratch;
}

/** What is used between two steps of the recursion alone, and shared by the levels. */
interface Scratch {
  /** How many rows are not above the corner, by coordinate. */
  readonly ties: Int32Array;
  /** The coordinates, those with most ties last. */
  readonly axes: Int32Array;
  readonly above: Int32Array;
  readonly keys: Float64Array;
  readonly order: Int32Array;
  readonly sorting: SortBuffers;
}

/** Levels from dimension `d` >= 6 down to 5, for at most `count` rows, not filled. */
export function createLevels(arena: Arena, d: number, count: number): Level {
  const scratch = {
    ties: integers(arena, d),
    axes: integers(arena, d),
    above: integers(arena, count),
    keys: floats(arena, count),
    order: integers(arena, count),
    sorting: sortBuffers(arena, count),
  };
  let lower: Level | Sweep5 = createSweep5(arena, count);
  for (let k = 6; ; k++) {
    const level: Level = {
      d: k,
      points: floats(arena, count * k),
      ranks: integers(arena, count * k),
      reference: floats(arena, k),
      members: integers(arena, count),
      corner: floats(arena, k),
      cornerRanks: integers(arena, k),
      lower,
      scratch,
    };
    if (k === d) return level;
    lower = level;
  }
}

/** Numbers of 64 bits that {@link createLevels} asks for, about. */
export const roomForLevels = (d: number, count: number): number =>
  roomForSweep5(count) + (6 + (3 * (d + 7) * (d - 5)) / 4) * (count + 4) + 8 * d;

/** The volume that the first `count` >= 1 rows dominate below the reference, all of them better than it in every coordinate. */
export function slicedVolume(level: Level, count: number): number {
  const { d, points, reference } = level;
  let first = 1;
  while (first < count && points[first * d + d - 1] === points[d - 1]) first++;
  let size = 0;
  for (let i = 0; i < first; i++) size = enter(level, size, i);
  let volume = 0;
  let height = points[d - 1];
  let slice = sliceVolume(level, size);
  for (let i = first; i < count; i++) {
    const added = exclusiveVolume(level, size, i);
    if (added === 0) continue;
    const last = points[i * d + d - 1];
    volume += slice * (last - height);
    height = last;
    slice += added;
    size = enter(level, size, i);
  }
  return volume + slice * (reference[d - 1] - height);
}

/** What the members dominate in all coordinates but the last. */
function sliceVolume(level: Level, size: number): number {
  const { d, points, ranks, members, corner, cornerRanks } = level;
  for (let j = 0; j < d - 1; j++) {
    let least = members[0] * d + j;
    for (let k = 1; k < size; k++) if (ranks[members[k] * d + j] < ranks[least]) least = members[k] * d + j;
    corner[j] = points[least];
    cornerRanks[j] = ranks[least];
  }
  const volume = cornerVolume(level, size, -1);
  return volume < 0 ? boxVolume(level) : volume;
}

/**
 * What row i alone dominates in all coordinates but the last, beside the first `size` members; row i itself is passed over
 * where it is one.
 */
export function exclusiveVolume(level: Level, size: number, i: number): number {
  const { d, points, ranks, corner, cornerRanks } = level;
  for (let j = 0; j < d - 1; j++) {
    corner[j] = points[i * d + j];
    cornerRanks[j] = ranks[i * d + j];
  }
  const volume = cornerVolume(level, size, i);
  return volume < 0 ? 0 : boxVolume(level) - volume;
}

function boxVolume({ d, corner, reference }: Level): number {
  let box = 1;
  for (let j = 0; j < d - 1; j++) box *= reference[j] - corner[j];
  return box;
}

/**
 * What the members without row `except` dominate between the corner and the reference, in all coordinates but the last; -1
 * where one covers the corner.
 */
function cornerVolume(level: Level, size: number, except: number): number {
  const { lower } = level;
  const count = cut(level, size, except, lower);
  if (count <= 0) return count;
  return 'sweep4' in lower ? volume5(lower, count) : slicedVolume(lower, count);
}

/** Fills `lower` with the members, cut to the corner: axes turned, rows sorted. Returns their number, or -1 as above. */
function cut(level: Level, size: number, except: number, lower: Level | Sweep5): number {
  const { d, points, reference, members, corner, scratch } = level;
  const { ties, axes, above, keys, order, sorting } = scratch;
  const m = d - 1;
  ties.fill(0);
  for (let k = 0; k < size; k++) {
    if (members[k] === except) continue;
    const row = members[k] * d;
    let tied = 0;
    for (let j = 0; j < m; j++)
      if (points[row + j] <= corner[j]) {
        ties[j]++;
        tied++;
      }
    if (tied === m) return -1;
  }
  orderByTies(ties, m, axes);
  for (let j = 0; j < m; j++) lower.reference[j] = reference[axes[j]];
  const last = axes[m - 1];
  let count = 0;
  let higher = 0;
  for (let k = 0; k < size; k++) {
    if (members[k] === except) continue;
    const row = members[k] * d;
    if (points[row + last] > corner[last]) {
      keys[higher] = points[row + last];
      above[higher++] = row;
    } else copyCut(level, row, axes, lower, count++ * m);
  }
  ascendingOrder(keys, higher, order, sorting);
  for (let k = 0; k < higher; k++) copyCut(level, above[order[k]], axes, lower, count++ * m);
  return count;
}

function copyCut(
  { d, points, ranks, corner, cornerRanks }: Level,
  row: number,
  axes: Int32Array,
  to: Level | Sweep5,
  at: number,
): void {
  for (let j = 0; j < d - 1; j++) {
    const axis = axes[j];
    to.points[at + j] = Math.max(points[row + axis], corner[axis]);
    to.ranks[at + j] = Math.max(ranks[row + axis], cornerRanks[axis]);
  }
}

/** Adds row i to the members, unless one of them dominates it, and takes those away that it dominates. Returns their number. */
function enter({ d, points, members }: Level, size: number, i: number): number {
  const row = i * d;
  let kept = 0;
  for (let k = 0; k < size; k++) {
    const other = members[k] * d;
    let better = false;
    let worse = false;
    for (let j = 0; j < d - 1 && !(better && worse); j++) {
      const value = points[row + j];
      const held = points[other + j];
      if (value < held) better = true;
      else if (value > held) worse = true;
    }
    if (!better) return size;
    if (worse) members[kept++] = members[k];
  }
  members[kept++] = i;
  return kept;
}
