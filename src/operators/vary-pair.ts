import type { Random } from '../math/random.js';
import { CHOICE, REAL, type Space } from '../space.js';
import { sbxPair } from './sbx.js';
import { mutate, rounded, type VariationOptions } from './variation.js';

/**
 * Real values nearer to each other than this share of the distance between the bounds are one. To exchange them (0 and 1e-17, where a front
 * lies on a bound) makes a child that repeats a parent and yet is no duplicate: NSGA-II then filled with such on CTP7.
 */
const SAME = 1e-14;

/**
 * Writes the two children of rows `i` and `j` of `x` to rows 0 and 1 of `pair` (3 rows: the third is working memory), by the operators of `vary`, paired
 * as in Deb's NSGA-II code: what one child has not from a parent the other has. A real or integer variable takes part in the
 * crossover with probability 1/2, and then either child gets the smaller value; one that takes no part stays with
 * the child of its own parent. A choice is exchanged with probability 1/2. Each child mutates by itself.
 */
export function varyPair(
  space: Space,
  x: Float64Array,
  i: number,
  j: number,
  pair: Float64Array,
  options: VariationOptions,
  random: Random,
): void {
  const n = space.length;
  const { crossoverEta, mutationProbability, mutationEta } = options;
  const crossed = random.uniform() < options.crossoverProbability;
  // One function with one call of each operator: so they are compiled into it, and no double is boxed on its way to them.
  for (let v = 0; v < n; v++) {
    pair[v] = x[i * n + v];
    pair[n + v] = x[j * n + v];
    const kind = space.kind[v];
    const same = kind === REAL ? SAME * (space.upper[v] - space.lower[v]) : 0;
    if (crossed && Math.abs(pair[v] - pair[n + v]) > same) {
      const coin = random.uniform();
      if (coin < 0.5) {
        if (kind !== CHOICE) {
          const margin = kind === REAL ? 0 : 0.5;
          const lower = space.lower[v] - margin;
          const upper = space.upper[v] + margin;
          sbxPair(pair[v], pair[n + v], lower, upper, crossoverEta, random, pair, 2 * n);
          pair[v] = kind === REAL ? pair[2 * n] : rounded(pair[2 * n], space, v);
          pair[n + v] = kind === REAL ? pair[2 * n + 1] : rounded(pair[2 * n + 1], space, v);
        }
        if (kind === CHOICE || coin < 0.25) {
          const held = pair[v];
          pair[v] = pair[n + v];
          pair[n + v] = held;
        }
      }
    }
    for (let at = v; at < 2 * n; at += n)
      if (random.uniform() < mutationProbability) mutate(space, v, pair, at, mutationEta, random);
  }
}
