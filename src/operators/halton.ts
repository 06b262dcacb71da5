import { InputError, show } from '../errors.js';
import type { Random } from '../math/random.js';
import type { Space } from '../space.js';
import { fromUnitCube } from './sampling.js';

/**
 * The first `count` Halton points (count x dimensions, row-major, in [0, 1)): coordinate d of point i is i written in the d-th
 * prime as its base, mirrored at the point (Halton, Numerische Mathematik 2, 1960). Without `random` the plain sequence,
 * which begins at the origin and whose high dimensions are strongly correlated; with it every digit of every dimension, leading zeros
 * included, is permuted at random (Owen, "A randomized Halton algorithm in R", 2017): every point is then uniform by itself.
 *
 * Any number of dimensions and points; among the first b^k points of a dimension with base b each of b^k equal intervals
 * has one. O(count x digits) a dimension. Throws an InputError unless `dimensions` is a whole number from 1 and `count` one from 0.
 */
export function haltonPoints(dimensions: number, count: number, random?: Random): Float64Array {
  if (!Number.isInteger(dimensions) || dimensions < 1)
    throw new InputError(`Halton points have 1 dimension or more, got ${show(dimensions)}`);
  if (!Number.isInteger(count) || count < 0)
    throw new InputError(`the number of points must be a whole number from 0, got ${show(count)}`);
  const points = new Float64Array(count * dimensions);
  primes(dimensions).forEach((base, d) => {
    const permutations = random ? digitPermutations(base, random) : null;
    for (let i = 0; i < count; i++)
      points[i * dimensions + d] = permutations ? permuted(i, base, permutations) : radicalInverse(i, base);
  });
  return points;
}

/**
 * Scrambled Halton points as decision vectors: real variables in proportion, whole numbers and choices in shares of equal
 * width. For spaces of many variables, and where the number of points is not known beforehand.
 */
export function halton(space: Space, count: number, random: Random): Float64Array {
  return fromUnitCube(space, haltonPoints(space.length, count, random));
}

/** The digits of `i` in `base`, mirrored at the point: 6 = 110 in base 2 is 0.011, or 3/8. */
function radicalInverse(i: number, base: number): number {
  let mirrored = 0;
  let scale = 1;
  for (let left = i; left > 0; left = Math.floor(left / base)) {
    mirrored = mirrored * base + (left % base);
    scale *= base;
  }
  return mirrored / scale;
}

/** The same after the permutation of each digit; the result is below 1. */
function permuted(i: number, base: number, permutations: readonly Int32Array[]): number {
  let value = 0;
  let unit = 1 / base;
  let left = i;
  for (const permutation of permutations) {
    value += permutation[left % base] * unit;
    left = Math.floor(left / base);
    unit /= base;
  }
  return Math.min(value, 1 - Number.EPSILON / 2);
}

/** A permutation of the digits for every place down to 2^-53. */
function digitPermutations(base: number, random: Random): Int32Array[] {
  const places = Math.ceil(53 / Math.log2(base));
  return Array.from({ length: places }, () =>
    random.shuffle(Int32Array.from({ length: base }, (_, digit) => digit)),
  );
}

/** The first `count` primes, by trial division. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++)
    if (isPrime(candidate, found)) found.push(candidate);
  return found;
}

/** Whether none of the `smaller` primes up to its root divides the candidate. */
function isPrime(candidate: number, smaller: readonly number[]): boolean {
  for (const prime of smaller) {
    if (prime * prime > candidate) return true;
    if (candidate % prime === 0) return false;
  }
  return true;
}
