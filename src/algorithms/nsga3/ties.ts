import type { Random } from '../../math/random.js';

/** What breaks ties: whole numbers drawn uniformly. */
export type Ties = Pick<Random, 'integer'>;

/**
 * The numbers of a seed: the MurmurHash3 mixing steps on a counter. There is one such stream, begun anew by every call, so that a
 * selection can have random numbers of its own without making a generator.
 */
export function tiesOf(seed: number): Ties {
  counter = seed | 0;
  return ties;
}

let counter = 0;

const ties: Ties = {
  integer(n: number): number {
    counter = (counter + 0x9e3779b9) | 0;
    let h = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return Math.floor((((h ^ (h >>> 16)) >>> 0) / 2 ** 32) * n);
  },
};
