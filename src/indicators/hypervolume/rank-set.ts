import { type Arena, integers } from './arena.js';

/**
 * A set of ranks 0 .. size - 1 that finds the greatest member below a rank: a tree of 32-bit words, where a word of one
 * level says which words below it are not empty. `add`, `remove` and `below` read at most log32(size) words each,
 * which is four for a million ranks.
 */
export interface RankSet {
  readonly words: Int32Array;
  /** Where each level begins in `words`, the ranks themselves first. */
  readonly levels: readonly number[];
}

export function createRankSet(arena: Arena, size: number): RankSet {
  const levels: number[] = [];
  let total = 0;
  for (let width = size; ; ) {
    width = Math.max(1, Math.ceil(width / 32));
    levels.push(total);
    total += width;
    if (width === 1) break;
  }
  return { words: integers(arena, total).fill(0), levels };
}

export function add({ words, levels }: RankSet, rank: number): void {
  for (let level = 0; level < levels.length; level++) {
    const word = levels[level] + (rank >>> 5);
    const before = words[word];
    words[word] = before | (1 << (rank & 31));
    if (before !== 0) return;
    rank >>>= 5;
  }
}

export function remove({ words, levels }: RankSet, rank: number): void {
  for (let level = 0; level < levels.length; level++) {
    const word = levels[level] + (rank >>> 5);
    words[word] &= ~(1 << (rank & 31));
    if (words[word] !== 0) return;
    rank >>>= 5;
  }
}

/** The greatest member below `rank`, or -1. */
export function below({ words, levels }: RankSet, rank: number): number {
  for (let level = 0; level < levels.length; level++) {
    const word = rank >>> 5;
    const bits = words[levels[level] + word] & ((1 << (rank & 31)) - 1);
    if (bits !== 0) {
      let found = (word << 5) | (31 - Math.clz32(bits));
      while (level > 0) found = (found << 5) | (31 - Math.clz32(words[levels[--level] + found]));
      return found;
    }
    rank = word;
  }
  return -1;
}
