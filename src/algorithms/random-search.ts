import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import { InputError } from '../errors.js';
import type { Random } from '../math/random.js';
import { uniformSample } from '../operators/sampling.js';
import {
  appendRow,
  computeViolations,
  createPopulation,
  type Population,
  type Shape,
} from '../population.js';
import { constrainedDominates } from '../ranking/dominance.js';
import { REAL, type Space } from '../space.js';

export interface RandomSearchState {
  readonly space: Space;
  readonly shape: Shape;
  readonly populationSize: number;
  readonly batch: Population;
  best: Population;
  /** Number of vectors in the space; infinity where a variable is real. */
  readonly spaceSize: number;
  /** The vectors asked for so far, in a finite space. */
  readonly asked: Set<string>;
}

/**
 * Uniform random search: the yardstick. It stands for the solutions that no other, by constrained domination, dominates. In a
 * finite space it draws without replacement, and the batch is empty once every vector was asked for.
 */
export const randomSearch: Algorithm<RandomSearchState> = {
  name: 'random',

  create(space: Space, shape: Shape, { populationSize }: AlgorithmOptions): RandomSearchState {
    if (!Number.isInteger(populationSize) || populationSize < 1)
      throw new InputError(`the population size must be a whole number from 1, got ${populationSize}`);
    return {
      space,
      shape,
      populationSize,
      batch: createPopulation(populationSize, shape),
      best: createPopulation(0, shape),
      spaceSize: spaceSizeOf(space),
      asked: new Set(),
    };
  },

  ask({ space, populationSize, spaceSize, asked }: RandomSearchState, random: Random): Batch {
    if (spaceSize === Number.POSITIVE_INFINITY)
      return { x: uniformSample(space, populationSize, random), count: populationSize };
    const count = Math.min(populationSize, spaceSize - asked.size);
    const x = new Float64Array(count * space.length);
    for (let i = 0; i < count; ) {
      const row = uniformSample(space, 1, random);
      const key = row.join();
      if (asked.has(key)) continue;
      asked.add(key);
      x.set(row, i * space.length);
      i++;
    }
    return { x, count };
  },

  tell(state: RandomSearchState, { x, count }: Batch, f: Float64Array, g: Float64Array): void {
    const { batch, best, shape } = state;
    batch.size = count;
    batch.x.set(x.subarray(0, count * shape.variables));
    batch.f.set(f.subarray(0, count * shape.objectives));
    batch.g.set(g.subarray(0, count * shape.constraints));
    computeViolations(batch);
    const all = createPopulation(best.size + count, shape);
    for (let i = 0; i < best.size; i++) appendRow(best, i, all);
    for (let i = 0; i < count; i++) appendRow(batch, i, all);
    const kept = createPopulation(all.size, shape);
    for (let i = 0; i < all.size; i++) {
      let dominated = false;
      for (let j = 0; j < all.size && !dominated; j++) dominated = constrainedDominates(all, j, i);
      if (!dominated) appendRow(all, i, kept);
    }
    state.best = kept;
  },

  result: (state: RandomSearchState): Population => state.best,
};

function spaceSizeOf({ kind, lower, upper, length }: Space): number {
  let size = 1;
  for (let v = 0; v < length; v++)
    size *= kind[v] === REAL ? Number.POSITIVE_INFINITY : upper[v] - lower[v] + 1;
  return size;
}
