import type { Random } from '../math/random.js';
import { REAL, type Space } from '../space.js';

/** The value at fraction `u` of [0, 1) of variable `v`: whole numbers and choices get shares of equal width. */
function valueAt(space: Space, v: number, u: number): number {
  const { lower, upper, kind } = space;
  if (kind[v] === REAL) return lower[v] + u * (upper[v] - lower[v]);
  return lower[v] + Math.min(Math.floor(u * (upper[v] - lower[v] + 1)), upper[v] - lower[v]);
}

/** `count` decision vectors, every variable uniform on its domain and independent. */
export function uniformSample(space: Space, count: number, random: Random): Float64Array {
  const n = space.length;
  const x = new Float64Array(count * n);
  for (let i = 0; i < x.length; i++) x[i] = valueAt(space, i % n, random.uniform());
  return x;
}

/**
 * Latin hypercube sampling (McKay, Beckman and Conover, Technometrics 21(2), 1979): every variable's domain is cut into
 * `count` strata and each is drawn from once, in random order. A whole number or choice of c values takes each value
 * floor(count / c) or ceil(count / c) times: there the strata share one offset, which spaces their points evenly.
 */
export function latinHypercube(space: Space, count: number, random: Random): Float64Array {
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
