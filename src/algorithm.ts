import type { Random } from './math/random.js';
import type { Population, Shape } from './population.js';
import type { Space } from './space.js';

/** Decision vectors to evaluate: `count` rows of `x`, row-major. */
export interface Batch {
  readonly x: Float64Array;
  readonly count: number;
}

export interface AlgorithmOptions {
  /** Solutions a generation, and the capacity of each archive. */
  readonly populationSize: number;
  /** Known good decision vectors (rows) that take the first places of the initial population. */
  readonly seeds?: Batch;
}

/**
 * An optimizer by ask and tell. The state is plain data made by `create`, changed in place by `tell`; the random
 * generator is an argument, so a run is decided by its seed and the values that it was told.
 */
export interface Algorithm<S = unknown> {
  readonly name: string;
  create(space: Space, shape: Shape, options: AlgorithmOptions): S;
  /**
   * The next vectors to evaluate, none of them a duplicate of another or of a solution in the state. The array belongs
   * to the state and is overwritten by the next call. An empty batch: the space is exhausted.
   */
  ask(state: S, random: Random): Batch;
  /**
   * Takes the batch that `ask` gave (or the rows of it that could be evaluated) with its objectives `f`
   * (count x objectives) and constraints `g` (count x constraints).
   */
  tell(state: S, batch: Batch, f: Float64Array, g: Float64Array): void;
  /** The solutions that the algorithm stands for now. */
  result(state: S): Population;
}
