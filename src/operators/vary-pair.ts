import type { Random } from '../math/random.js';
import { CHOICE, REAL, type Space } from '../space.js';
import { sbxPair } from './sbx.js';
import { mutate, rounded, type VariationOptions } from './variation.js';

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
  for (let v = 0; v < n; v++) {
    pair[v] = x[i * n + v];
    pair[n + v] = x[j * n + v];
    if (crossed && pair[v] !== pair[n + v]) {
      const coin = random.uniform();
      if (coin < 0.5) {
        const choice = space.kind[v] === CHOICE;
        if (!choice) crossBoth(space, v, pair, crossoverEta, random);
        if (choice || coin < 0.25) {
          const held = pair[v];
          pair[v] = pair[n + v];
          pair[n + v] = held;
        }
      }
    }
    if (random.uniform() < mutationProbability) mutate(space, v, pair, v, mutationEta, random);
    if (random.uniform() < mutationProbability) mutate(space, v, pair, n + v, mutationEta, random);
  }
}

/** Crosses variable `v` of both children in place, the smaller value first, and rounds it unless it is real. */
function crossBoth(space: Space, v: number, pair: Float64Array, eta: number, random: Random): void {
  const n = space.length;
  const real = space.kind[v] === REAL;
  const margin = real ? 0 : 0.5;
  sbxPair(pair[v], pair[n + v], space.lower[v] - margin, space.upper[v] + margin, eta, random, pair, 2 * n);
  pair[v] = real ? pair[2 * n] : rounded(pair[2 * n], space, v);
  pair[n + v] = real ? pair[2 * n + 1] : rounded(pair[2 * n + 1], space, v);
}
