import { InputError, show } from '../errors.js';
import { lowestBit } from '../math/bits.js';
import type { Random } from '../math/random.js';
import type { Space } from '../space.js';
import { JOE_KUO } from './joe-kuo.js';
import { fromUnitCube } from './sampling.js';

const LARGEST_DIMENSION = JOE_KUO.length + 1;
const BITS = 32;

/**
 * The first `count` Sobol points (count x dimensions, row-major, in [0, 1), multiples of 2^-32), in the order of the Gray code with
 * the direction numbers of Joe and Kuo (2008). A power of two of them is a digital net: in every dimension each of `count`
 * equal intervals holds one point. Without `random` the published sequence, which begins at the origin; with it the points
 * are scrambled: every point is then uniform by itself, and the net is still a net of the same quality.
 *
 * Scrambled as Owen has it ("Randomly permuted (t, m, s)-nets", 1995): whether a bit flips is drawn anew for each value of the
 * bits before it, here by a hash of those bits and a key of the dimension. O(count x dimensions), times 32 when scrambled.
 *
 * Throws an InputError unless `dimensions` is a whole number from 1 to 128 and `count` one from 0 to 2^32 - 1.
 */
export function sobolPoints(dimensions: number, count: number, random?: Random): Float64Array {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > LARGEST_DIMENSION)
    throw new InputError(
      `Sobol points have from 1 to ${LARGEST_DIMENSION} dimensions, got ${show(dimensions)}`,
    );
  if (!Number.isInteger(count) || count < 0 || count >= 2 ** BITS)
    throw new InputError(`the number of points must be a whole number from 0 below 2^32, got ${show(count)}`);
  const points = new Float64Array(count * dimensions);
  for (let d = 0; d < dimensions; d++) {
    const directions = directionsOf(d);
    const key = random?.integer(2 ** BITS) ?? 0;
    const secondKey = random?.integer(2 ** BITS) ?? 0;
    let bits = 0;
    for (let i = 0; i < count; i++) {
      if (i > 0) bits ^= directions[lowestBit(i)];
      const value = random ? scrambled(bits, key, secondKey) : bits;
      points[i * dimensions + d] = (value >>> 0) / 2 ** BITS;
    }
  }
  return points;
}

/**
 * Scrambled Sobol points as decision vectors: real variables in proportion, whole numbers and choices in shares of equal width. Best with a power of
 * two of points. Throws an InputError for a space of more than 128 variables.
 */
export function sobol(space: Space, count: number, random: Random): Float64Array {
  return fromUnitCube(space, sobolPoints(space.length, count, random));
}

/** The direction numbers `v_1 .. v_32` of dimension `d` (from 0), as binary fractions of 32 bits. */
function directionsOf(d: number): Int32Array {
  const v = new Int32Array(BITS);
  if (d === 0) {
    for (let i = 0; i < BITS; i++) v[i] = 1 << (BITS - 1 - i);
    return v;
  }
  const [a, ...m] = JOE_KUO[d - 1].split(' ').map(Number);
  const s = m.length;
  for (let i = 0; i < BITS; i++) {
    if (i < s) {
      v[i] = m[i] << (BITS - 1 - i);
      continue;
    }
    v[i] = v[i - s] ^ (v[i - s] >>> s);
    for (let k = 1; k < s; k++) if ((a >>> (s - 1 - k)) & 1) v[i] ^= v[i - k];
  }
  return v;
}

/** Flips each bit by what the bits before it say. */
function scrambled(bits: number, key: number, secondKey: number): number {
  let flips = 0;
  for (let j = 0; j < BITS; j++) {
    // The node of a binary tree that the j leading bits lead to, numbered from 1.
    const node = j === 0 ? 1 : (1 << j) | (bits >>> (BITS - j));
    flips = (flips << 1) | (mixed(mixed(node ^ key) ^ secondKey) & 1);
  }
  return bits ^ flips;
}

/** The last steps of MurmurHash3: every bit of the input has a say in every bit of the output. */
function mixed(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
