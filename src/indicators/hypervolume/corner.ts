import { bitCount, lowestBit } from '../../math/bits.js';
import { type Arena, floats, integers } from './arena.js';
import { createOrderSets, type OrderSets, wordsOf } from './order-sets.js';
import { orderByTies } from './ties.js';

/*
 * Which points matter to the volume between a corner and the reference, in four coordinates, found with sets of rows as bits, 32
 * at a time. Cut to the corner, a row is hidden where another one ties with the corner or is lower in each coordinate. Few
 * remain, most of them tied with the corner in two coordinates.
 */
export interface Corner {
  /** The rows that are at hand. The sets are of places in this list. */
  readonly rows: Int32Array;
  readonly sets: OrderSets;
  /** The four coordinates of each place. */
  readonly values: Float64Array;
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
  /** The box from the corner to the lowest bounds, or the reference. */
  readonly bottom: Float64Array;
  readonly top: Float64Array;
  readonly reference: Float64Array;
  /** The members that are not hidden. */
  readonly near: Int32Array;
  /** How many places are below the corner's, by coordinate. */
  readonly ties: Int32Array;
  /** The coordinates, those with most ties last: where most places are below, so are most near members. */
  readonly axes: Int32Array;
  /** Of those, some places in some order. */
  readonly list: Int32Array;
  readonly marks: Int32Array;
}

/** For at most `count` rows at hand, of which `usual` need no more room. */
export const createCorner = (
  arena: Arena,
  reference: Float64Array,
  count: number,
  usual: number,
): Corner => ({
  rows: integers(arena, count),
  sets: createOrderSets(arena, count, usual),
  values: floats(arena, 4 * count),
  members: integers(arena, wordsOf(count)),
  places: integers(arena, 4),
  tied: integers(arena, 4 * wordsOf(count)),
  bounds: integers(arena, wordsOf(count)),
  lowest: integers(arena, 4),
  bottom: floats(arena, 4),
  top: floats(arena, 4),
  reference,
  near: integers(arena, wordsOf(count)),
  ties: integers(arena, 4),
  axes: integers(arena, 4),
  list: integers(arena, count),
  marks: integers(arena, wordsOf(count)),
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
  setBox(corner);
  orderByTies(corner.ties, 4, corner.axes);
  return leaveBounds(corner, words);
}

/** Lists the near members that are above the corner in coordinate j, ascending in it. Returns their number. */
export function listAbove({ sets, tied, near, marks, list }: Corner, words: number, j: number): number {
  const { position, sorted } = sets;
  for (let w = 0; w < sets.words; w++) marks[w] = 0;
  for (let w = 0; w < words; w++)
    for (let left = near[w] & ~tied[4 * w + j]; left !== 0; left &= left - 1) {
      const at = position[4 * (32 * w + lowestBit(left)) + j];
      marks[at >>> 5] |= 1 << (at & 31);
    }
  let count = 0;
  for (let w = 0; w < sets.words; w++)
    for (let left = marks[w]; left !== 0; left &= left - 1)
      list[count++] = sorted[4 * (32 * w + lowestBit(left)) + j];
  return count;
}

export function listAll({ near, list }: Corner, words: number): void {
  let count = 0;
  for (let w = 0; w < words; w++)
    for (let left = near[w]; left !== 0; left &= left - 1) list[count++] = 32 * w + lowestBit(left);
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

function findLowest({ values, lowest }: Corner, j: number, w: number, word: number): void {
  let best = lowest[j];
  for (let left = word; left !== 0; left &= left - 1) {
    const place = 32 * w + lowestBit(left);
    if (best < 0 || values[4 * place + j] < values[4 * best + j]) best = place;
  }
  lowest[j] = best;
}

/** Finds the box, and how many places are below it in each coordinate. */
function setBox({ values, sets, places, lowest, ties, bottom, top, reference }: Corner): void {
  for (let j = 0; j < 4; j++) {
    ties[j] = sets.position[4 * places[j] + j];
    bottom[j] = values[4 * places[j] + j];
    top[j] = lowest[j] < 0 ? reference[j] : values[4 * lowest[j] + j];
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

/** Leaves the bounds out of `near`. Returns the number of the others. */
function leaveBounds({ near, bounds }: Corner, words: number): number {
  let count = 0;
  for (let w = 0; w < words; w++) {
    const left = near[w] & ~bounds[w];
    near[w] = left;
    count += bitCount(left);
  }
  return count;
}
