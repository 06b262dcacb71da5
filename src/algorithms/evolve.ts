import type { Algorithm, AlgorithmOptions } from '../algorithm.js';
import type { Random } from '../math/random.js';
import type { Population, Shape } from '../population.js';
import type { Space } from '../space.js';

/** Writes objectives (count x objectives) and constraints (count x constraints) of `count` rows of `x`. */
export type BatchFunction = (x: Float64Array, count: number, f: Float64Array, g: Float64Array) => void;

/**
 * Runs an algorithm on a cheap function for `generations` rounds of ask and tell (the initial population is the first), or
 * until the space is exhausted. Returns what the algorithm stands for then.
 */
export function evolve<S>(
  algorithm: Algorithm<S>,
  space: Space,
  shape: Shape,
  options: AlgorithmOptions & { readonly generations: number },
  evaluate: BatchFunction,
  random: Random,
): Population {
  const state = algorithm.create(space, shape, options);
  const f = new Float64Array(options.populationSize * shape.objectives);
  const g = new Float64Array(options.populationSize * shape.constraints);
  for (let generation = 0; generation < options.generations; generation++) {
    const batch = algorithm.ask(state, random);
    if (batch.count === 0) break;
    evaluate(batch.x, batch.count, f, g);
    algorithm.tell(state, batch, f, g);
  }
  return algorithm.result(state);
}
