import { lowestBit } from '../../math/bits.js';
import { type Arena, integers } from './arena.js';
import { ascendingOrder, type SortBuffers } from './order.js';

/** For each of some rows, and each of their first four coordinates, the set of rows that are not above it there. */
export interface OrderSets {
  /** Of 32 rows each, in a set. */
  words: number;
  /** Bit i of word w of the set of row r in coordinate j, at `(r * words + w) * 4 + j`, stands for row 32 w + i. */
  atMost: Int32Array;
  /** Ranks that a row has: a set; no row between calls. */
  readonly taken: Int32Array;
  /** By rank, the last row that has it; by row, the one before of the same rank, or -1. */
  readonly last: Int32Array;
  readonly before: Int32Array;
  readonly running: Int32Array;
  /** Of row r among the rows, ascending in coordinate j, at `4 r + j`; and the row at position p of them, at `4 p + j`. */
  readonly position: Int32Array;
  readonly sorted: Int32Array;
}

/** For at most `count` rows and ranks; `usual` rows need no more room. */
export const createOrderSets = (arena: Arena, count: number, usual: number): OrderSets => ({
  words: 0,
  atMost: integers(arena, 4 * wordsOf(usual) * usual),
  taken: integers(arena, wordsOf(count)).fill(0),
  last: integers(arena, count),
  before: integers(arena, count),
  running: integers(arena, wordsOf(count)),
  position: integers(arena, 4 * count),
  sorted: integers(arena, 4 * count),
});

export const wordsOf = (count: number): number => (count + 31) >>> 5;

/** Writes the rank of each of the `keys`, equal for equal ones, to `ranks`, at places from `at` on, `stride` apart. */
export function rank(
  keys: Float64Array,
  count: number,
  order: Int32Array,
  sorting: SortBuffers,
  ranks: Int32Array,
  at: number,
  stride: number,
): void {
  ascendingOrder(keys, count, order, sorting);
  for (let k = 0, current = 0; k < count; k++) {
    if (k > 0 && keys[order[k]] !== keys[order[k - 1]]) current = k;
    ranks[at + order[k] * stride] = current;
  }
}

/** Fills the sets of `count` rows. The ranks of row r begin at `5 * rows[r]` in `ranks`. O(n^2 / 8). */
export function relate(sets: OrderSets, ranks: Int32Array, rows: Int32Array, count: number): void {
  const words = wordsOf(count);
  sets.words = words;
  if (4 * words * count > sets.atMost.length) sets.atMost = new Int32Array(5 * words * count);
  const { atMost, taken, last, before, running, position, sorted } = sets;
  for (let j = 0; j < 4; j++) {
    let highest = 0;
    for (let r = 0; r < count; r++) {
      const own = ranks[5 * rows[r] + j];
      const bit = 1 << (own & 31);
      before[r] = (taken[own >>> 5] & bit) === 0 ? -1 : last[own];
      taken[own >>> 5] |= bit;
      last[own] = r;
      if (own > highest) highest = own;
    }
    running.fill(0, 0, words);
    let to = j;
    for (let t = 0; t <= highest >>> 5; t++) {
      for (let left = taken[t]; left !== 0; left &= left - 1) {
        const first = last[32 * t + lowestBit(left)];
        for (let r = first; r >= 0; r = before[r], to += 4) {
          running[r >>> 5] |= 1 << (r & 31);
          position[4 * r + j] = to >>> 2;
          sorted[to] = r;
        }
        for (let r = first; r >= 0; r = before[r])
          for (let w = 0, at = 4 * words * r + j; w < words; w++, at += 4) atMost[at] = running[w];
      }
      taken[t] = 0;
    }
  }
}
