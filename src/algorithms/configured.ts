import type { Algorithm, AlgorithmOptions } from '../algorithm.js';

/** The options of an algorithm that do not depend on where it runs. */
export type Configuration = Pick<AlgorithmOptions, 'variation' | 'sampling' | 'directions' | 'asPublished'>;

/**
 * An algorithm with options of its own, to be handed to `optimize` or `evolve` like any other; what `create` is told beside
 * them wins. The laws of the options are those of the algorithm's `create`.
 *
 *     optimize(problem, { surrogate: false, algorithm: configured(nsga2, { sampling: sobol }) });
 */
export function configured<S>(algorithm: Algorithm<S>, configuration: Configuration): Algorithm<S> {
  return {
    ...algorithm,
    create: (space, shape, options) => algorithm.create(space, shape, { ...configuration, ...options }),
  };
}
