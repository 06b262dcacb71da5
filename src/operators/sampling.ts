import { checkRandom, checkWhole } from '../checks.js';
import type { Random } from '../math/random.js';
import { REAL, type Space } from '../space.js';

/** Draws `count` decision vectors of a space (count x variables, row-major). */
export type Sampling = (space: Space, count: number, random: Random) => Float64Array;

/** The value at fraction `u` of [0, 1) of variable `v`: whole numbers and choices get shares of equal width. */
export function valueAt(space: Space, v: number, u: number): number {
  const { lower, upper, kind } = space;
  if (kind[v] === REAL) return lower[v] + u * (upper[v] - lower[v]);
  return lower[v] + Math.min(Math.floor(u * (upper[v] - lower[v] + 1)), upper[v] - lower[v]);
}

/** Points of the unit cube [0, 1)^n (rows x variables) as decision vectors, in place: see {@link valueAt}. */
export function fromUnitCube(space: Space, points: Float64Array): Float64Array {
  for (let i = 0; i < points.length; i++) points[i] = valueAt(space, i % space.length, points[i]);
  return points;
}

/** `count` decision vectors, every variable uniform on its domain and independent. Throws an InputError unless `count` is a whole number from 0. */
export function uniformSample(space: Space, count: number, random: Random): Float64Array {
  checkWhole('the number of vectors', count, 0);
  checkRandom(random);
  const n = space.length;
  const x = new Float64Array(count * n);
  for (let i = 0; i < count; i++) uniformRow(space, x, i, random);
  return x;
}

/** Writes one vector of {@link uniformSample} to row `row` of `x`. */
export function uniformRow(space: Space, x: Float64Array, row: number, random: Random): void {
  const n = space.length;
  for (let v = 0; v < n; v++) x[row * n + v] = valueAt(space, v, random.uniform());
}

/**
 * Latin hypercube sampling (McKay, Beckman and Conover, Technometrics 21(2), 1979): every variable's domain is cut into
 * `count` strata and each is drawn from once, in random order. A whole number or choice of c values takes each value
 * floor(count / c) or ceil(count / c) times: there the strata share one offset, which spaces their points evenly. Throws an InputError unless `count` is a whole number from 0.
 */
export function latinHypercube(space: Space, count: number, random: Random): Float64Array {
  checkWhole('the number of vectors', count, 0);
  checkRandom(random);
  const n = space.length;
  const x = new Float64Array(count * n);
  const strata = new Int32Array(count);
  for (let v = 0; v < n; v++) {
    for (let i = 0; i < count; i++) strata[i] = i;
    random.shuffle(strata);
    const shared = random.uniform();
    for (let i = 0; i < count; i++) {
      const offset = space.kind[v] === REAL ? random.uniform() : shared;
      x[i * n + v] = valueAt(space, v, (strata[i] + offset) / count);
    }
  }
  return x;
}
