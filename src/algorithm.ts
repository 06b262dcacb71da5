import type { Random } from './math/random.js';
import type { Sampling } from './operators/sampling.js';
import type { VariationOptions } from './operators/variation.js';
import type { Population, Shape } from './population.js';
import type { ReferenceDirections } from './ranking/reference-directions.js';
import type { Space } from './space.js';

/** Decision vectors to evaluate: `count` rows of `x`, row-major. */
export interface Batch {
  readonly x: Float64Array;
  readonly count: number;
}

/** What an algorithm is made with. */
export interface AlgorithmOptions {
  /** Solutions a generation, and the capacity of each archive. */
  readonly populationSize: number;
  /** Known good decision vectors (rows) that take the first places of the initial population. */
  readonly seeds?: Batch;
  /** Draws the rest of the initial population. Default: a Latin hypercube. Random search draws uniformly whatever is said. */
  readonly sampling?: Sampling;
  /** Where crossover and mutation are to differ from the algorithm's own settings. Random search has neither. */
  readonly variation?: Partial<VariationOptions>;
  /** The reference directions of C-TAEA and NSGA-III. Default: a lattice for the population size. The others have none. */
  readonly directions?: ReferenceDirections;
  /** NSGA-II, NSGA-III and C-TAEA as in their papers, without what was measured to come further: see each. The others have no such form. */
  readonly asPublished?: boolean;
}

/**
 * An optimizer by ask and tell. The state is plain data made by `create`, changed in place by `tell`; the random
 * generator is an argument, so a run is decided by its seed and the values that it was told, and a run that was stopped goes
 * on from its state and its generator as if it had not been.
 */
export interface Algorithm<S = unknown> {
  readonly name: string;
  /** Throws an InputError for an option outside its law. */
  create(space: Space, shape: Shape, options: AlgorithmOptions): S;
  /**
   * The next vectors to evaluate, none of them a duplicate of another or of a solution in the state. The batch belongs
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
