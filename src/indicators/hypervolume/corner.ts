import { bitCount, lowestBit } from '../../math/bits.js';
import { type Arena, integers } from './arena.js';
import { createOrderSets, type OrderSets, wordsOf } from './order-sets.js';
import { orderByTies } from './ties.js';

/*
 * Which points matter to the volume between a corner and the reference, in four coordinates, found with sets of rows as bits, 32
 * at a time. Cut to the corner, a row is hidden where another one ties with the corner or is lower in each coordinate. Few
 * remain, most of them tied with the corner in two coordinates.
 */
export interface Corner {
  /** Rows of five, of which four coordinates are read. */
  readonly points: Float64Array;
  /** The rows that are at hand. The sets are of places in this list. */
  readonly rows: Int32Array;
  readonly sets: OrderSets;
  /** The rows that have a volume: a set of places. */
  readonly members: Int32Array;
  /** By coordinate, the place that the corner has it from. */
  readonly places: Int32Array;
  /** The places that are not above the corner: word w of coordinate j is at 4 w + j. */
  readonly tied: Int32Array;
  /** The members that are above the corner in one coordinate alone: they bound what is free of the others. */
  readonly bounds: Int32Array;
  /** By coordinate, the place of the lowest bound, or -1. */
  readonly lowest: Int32Array;
  /** The members that are not hidden. */
  readonly near: Int32Array;
  /** How many of those that are no bounds are not above the corner, by coordinate. */
  readonly ties: Int32Array;
  /** The coordinates, those with most ties last. */
  readonly axes: Int32Array;
  /**
   * Where those rows begin: first the rows that tie in both of the last two axes, then those that tie in the third axis
   * alone of the two, then the others.
   */
  readonly list: Int32Array;
  /** Where each of the three parts of the list ends. */
  readonly ends: Int32Array;
}

/** For at most `count` rows of `points`; `usual` rows at hand need no more room. */
export const createCorner = (arena: Arena, points: Float64Array, count: number, usual: number): Corner => ({
  points,
  rows: integers(arena, count),
  sets: createOrderSets(arena, count, usual),
  members: integers(arena, wordsOf(count)),
  places: integers(arena, 4),
  tied: integers(arena, 4 * wordsOf(count)),
  bounds: integers(arena, wordsOf(count)),
  lowest: integers(arena, 4),
  near: integers(arena, wordsOf(count)),
  ties: integers(arena, 4),
  axes: integers(arena, 4),
  list: integers(arena, count),
  ends: integers(arena, 3),
});

/**
 * Fills the list with the members before place `size` that are neither hidden nor bounds. Returns their number, or -1 where a
 * member dominates the corner. Two that are equal in a coordinate in which they are above the corner hide not one another.
 */
export function listNear(corner: Corner, size: number): number {
  const words = wordsOf(size);
  if (tie(corner, words)) return -1;
  bound(corner, words);
  hide(corner, words);
  countTies(corner, words);
  orderByTies(corner.ties, 4, corner.axes);
  return list(corner, words);
}

/** Finds which places tie with the corner. Returns whether a member does in all four coordinates. */
function tie({ sets, members, places, tied }: Corner, words: number): boolean {
  const { atMost } = sets;
  const stride = 4 * sets.words;
  const a = places[0] * stride;
  const b = places[1] * stride + 1;
  const c = places[2] * stride + 2;
  const d = places[3] * stride + 3;
  let covered = 0;
  for (let w = 0; w < words; w++) {
    const at = 4 * w;
    tied[at] = atMost[a + at];
    tied[at + 1] = atMost[b + at];
    tied[at + 2] = atMost[c + at];
    tied[at + 3] = atMost[d + at];
    covered |= members[w] & tied[at] & tied[at + 1] & tied[at + 2] & tied[at + 3];
  }
  return covered !== 0;
}

/** Finds the bounds, and leaves in `near` the members that are not beyond the lowest. */
function bound(corner: Corner, words: number): void {
  const { sets, members, tied, near, bounds, lowest } = corner;
  const { atMost } = sets;
  for (let j = 0; j < 4; j++) lowest[j] = -1;
  for (let w = 0; w < words; w++) {
    const m = members[w];
    const t0 = tied[4 * w];
    const t1 = tied[4 * w + 1];
    const t2 = tied[4 * w + 2];
    const t3 = tied[4 * w + 3];
    near[w] = m;
    const b0 = m & ~t0 & t1 & t2 & t3;
    const b1 = m & t0 & ~t1 & t2 & t3;
    const b2 = m & t0 & t1 & ~t2 & t3;
    const b3 = m & t0 & t1 & t2 & ~t3;
    bounds[w] = b0 | b1 | b2 | b3;
    findLowest(corner, 0, w, b0);
    findLowest(corner, 1, w, b1);
    findLowest(corner, 2, w, b2);
    findLowest(corner, 3, w, b3);
  }
  for (let j = 0; j < 4; j++) {
    if (lowest[j] < 0) continue;
    const set = 4 * sets.words * lowest[j] + j;
    for (let w = 0; w < words; w++) near[w] &= tied[4 * w + j] | atMost[set + 4 * w];
  }
}

function findLowest({ points, rows, lowest }: Corner, j: number, w: number, word: number): void {
  for (let left = word; left !== 0; left &= left - 1) {
    const place = 32 * w + lowestBit(left);
    if (lowest[j] < 0 || points[5 * rows[place] + j] < points[5 * rows[lowest[j]] + j]) lowest[j] = place;
  }
}

/** Takes from `near` the members that one of them hides: which is lower or ties with the corner in every coordinate. */
function hide({ sets, tied, near, bounds }: Corner, words: number): void {
  const { atMost } = sets;
  const stride = 4 * sets.words;
  for (let w = words - 1; w >= 0; w--)
    for (let seen = bounds[w]; (near[w] & ~seen) !== 0; ) {
      const lead = Math.clz32(near[w] & ~seen);
      const bit = 31 - lead;
      seen |= 1 << bit;
      const set = stride * (32 * w + bit);
      // All ones in a coordinate in which the row ties.
      const t0 = (tied[4 * w] << lead) >> 31;
      const t1 = (tied[4 * w + 1] << lead) >> 31;
      const t2 = (tied[4 * w + 2] << lead) >> 31;
      const t3 = (tied[4 * w + 3] << lead) >> 31;
      for (let v = 0, at = set; v < words; v++, at += 4)
        near[v] &= ~(
          (t0 | ~atMost[at]) &
          (t1 | ~atMost[at + 1]) &
          (t2 | ~atMost[at + 2]) &
          (t3 | ~atMost[at + 3])
        );
    }
}

/** Leaves the bounds out of `near`, and counts the ties of the others. */
function countTies({ tied, near, bounds, ties }: Corner, words: number): void {
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  for (let w = 0; w < words; w++) {
    const left = near[w] & ~bounds[w];
    near[w] = left;
    t0 += bitCount(left & tied[4 * w]);
    t1 += bitCount(left & tied[4 * w + 1]);
    t2 += bitCount(left & tied[4 * w + 2]);
    t3 += bitCount(left & tied[4 * w + 3]);
  }
  ties[0] = t0;
  ties[1] = t1;
  ties[2] = t2;
  ties[3] = t3;
}

function list({ rows, tied, near, axes, list, ends }: Corner, words: number): number {
  const c = axes[2];
  const d = axes[3];
  let count = 0;
  for (let part = 0; part < 3; part++) {
    for (let w = 0; w < words; w++) {
      const inC = tied[4 * w + c];
      const inD = tied[4 * w + d];
      let left = near[w] & (part === 0 ? inC & inD : part === 1 ? inC & ~inD : ~inC);
      for (; left !== 0; left &= left - 1) list[count++] = 5 * rows[32 * w + lowestBit(left)];
    }
    ends[part] = count;
  }
  return count;
}
