import type { Random } from '../math/random.js';
import { CHOICE, REAL, type Space } from '../space.js';
import { sbxPair } from './sbx.js';
import { mutated, rounded, type VariationOptions } from './variation.js';

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
    let first = x[i * n + v];
    let second = x[j * n + v];
    if (crossed && first !== second) {
      const coin = random.uniform();
      const kind = space.kind[v];
      if (coin < 0.5) {
        if (kind !== CHOICE) {
          const margin = kind === REAL ? 0 : 0.5;
          const lower = space.lower[v] - margin;
          const upper = space.upper[v] + margin;
          sbxPair(first, second, lower, upper, crossoverEta, random, pair, 2 * n);
          first = kind === REAL ? pair[2 * n] : rounded(pair[2 * n], space, v);
          second = kind === REAL ? pair[2 * n + 1] : rounded(pair[2 * n + 1], space, v);
        }
        if (kind === CHOICE || coin < 0.25) {
          const held = first;
          first = second;
          second = held;
        }
      }
    }
    if (random.uniform() < mutationProbability) first = mutated(first, space, v, mutationEta, random);
    if (random.uniform() < mutationProbability) second = mutated(second, space, v, mutationEta, random);
    pair[v] = first;
    pair[n + v] = second;
  }
}
