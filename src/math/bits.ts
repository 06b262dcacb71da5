/** The place of the lowest set bit of a word of 32 bits, from 0 on; -1 where none is set. */
export const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);

/** How many bits of a word of 32 are set. */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
