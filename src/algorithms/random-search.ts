import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import type { Random } from '../math/random.js';
import { hasRow } from '../operators/duplicates.js';
import { uniformRow } from '../operators/sampling.js';
import { appendRow, createPopulation, type Population, type Shape } from '../population.js';
import { constrainedDominates } from '../ranking/dominance.js';
import { REAL, type Space } from '../space.js';
import { takeNew, takeTold } from './offspring.js';
import { checkOptions } from './options.js';

export interface RandomSearchState {
  readonly space: Space;
  readonly seeds: AlgorithmOptions['seeds'];
  readonly told: Population;
  /** What was asked for, as a batch. */
  readonly batch: { readonly x: Float64Array; count: number };
  /** Grows by doubling when it is full. */
  best: Population;
  /** Number of vectors in the space; infinity where a variable is real. */
  readonly spaceSize: number;
  /** One bit a vector, set when it was asked for; empty where the space is too large for it. */
  readonly asked: Uint8Array;
  askedCount: number;
  started: boolean;
}

/** The largest space (2 MiB of bits) that is drawn from without replacement. */
const LARGEST_DECK = 2 ** 24;

/**
 * Uniform random search: the yardstick. The first batch begins with the seeds. It stands for the solutions that no other, by
 * constrained domination, dominates. In a space of at most 2^24 vectors it draws without replacement, and the batch is empty
 * once every vector was asked for; in a larger one no vector comes twice in a batch.
 */
export const randomSearch: Algorithm<RandomSearchState> = {
  name: 'random',

  create(space: Space, shape: Shape, options: AlgorithmOptions): RandomSearchState {
    checkOptions(space, options, 1);
    const told = createPopulation(options.populationSize, shape);
    const spaceSize = spaceSizeOf(space);
    return {
      space,
      seeds: options.seeds,
      told,
      batch: { x: told.x, count: 0 },
      best: createPopulation(options.populationSize, shape),
      spaceSize,
      asked: new Uint8Array(spaceSize <= LARGEST_DECK ? Math.ceil(spaceSize / 8) : 0),
      askedCount: 0,
      started: false,
    };
  },

  ask(state: RandomSearchState, random: Random): Batch {
    const { space, seeds, told, batch, spaceSize } = state;
    const n = space.length;
    told.size = 0;
    if (!state.started && seeds)
      for (let i = 0; i < seeds.count && told.size < told.capacity; i++) {
        takeNew(seeds.x, i, told);
        mark(state, seeds.x, i);
      }
    state.started = true;
    while (told.size < told.capacity && state.askedCount < spaceSize) {
      uniformRow(space, told.x, told.size, random);
      if (
        state.asked.length > 0
          ? mark(state, told.x, told.size)
          : !hasRow(told.x, told.size, told.x, told.size, n)
      )
        told.size++;
    }
    batch.count = told.size;
    return batch;
  },

  tell(state: RandomSearchState, batch: Batch, f: Float64Array, g: Float64Array): void {
    const { told } = state;
    takeTold(told, batch, f, g);
    for (let i = 0; i < told.size; i++) {
      mark(state, told.x, i);
      keepBest(state, i);
    }
  },

  result: (state: RandomSearchState): Population => state.best,
};

/** Adds a row that was told to the best, unless one of them dominates it, in the place of those that it dominates. */
function keepBest(state: RandomSearchState, row: number): void {
  if (state.best.size === state.best.capacity) {
    const grown = createPopulation(2 * state.best.capacity, state.best);
    for (let i = 0; i < state.best.size; i++) appendRow(state.best, i, grown);
    state.best = grown;
  }
  const { told, best } = state;
  const last = best.size;
  appendRow(told, row, best);
  for (let i = 0; i < last; i++)
    if (constrainedDominates(best, i, last)) {
      best.size = last;
      return;
    }
  best.size = 0;
  for (let i = 0; i <= last; i++) if (!constrainedDominates(best, last, i)) appendRow(best, i, best);
}

/** Notes in a finite space that row `i` of `x` was asked for; true when it was not before. */
function mark(state: RandomSearchState, x: Float64Array, i: number): boolean {
  const { asked, space } = state;
  if (asked.length === 0) return false;
  let index = 0;
  for (let v = 0; v < space.length; v++)
    index = index * (space.upper[v] - space.lower[v] + 1) + x[i * space.length + v] - space.lower[v];
  const bit = 1 << (index & 7);
  if ((asked[index >> 3] & bit) !== 0) return false;
  asked[index >> 3] |= bit;
  state.askedCount++;
  return true;
}

function spaceSizeOf({ kind, lower, upper, length }: Space): number {
  let size = 1;
  for (let v = 0; v < length; v++)
    size *= kind[v] === REAL ? Number.POSITIVE_INFINITY : upper[v] - lower[v] + 1;
  return size;
}
