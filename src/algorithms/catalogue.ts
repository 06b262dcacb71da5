import type { Algorithm } from '../algorithm.js';
import { InputError, show } from '../errors.js';
import { ctaea } from './ctaea.js';
import { nsga2 } from './nsga2.js';
import { nsga3 } from './nsga3.js';
import { randomSearch } from './random-search.js';

/** Every algorithm by its name. The conformance tests, `optimize` and the benchmarks walk this list. */
export const algorithms = { ctaea, nsga2, nsga3, random: randomSearch } satisfies Record<string, Algorithm>;

/** The algorithm of a name, or one's own as it is. Throws an InputError for anything else. */
export function algorithmOf(choice: unknown): Algorithm {
  if (typeof choice === 'string' && Object.hasOwn(algorithms, choice))
    return algorithms[choice as AlgorithmName] as Algorithm;
  const own = choice as Partial<Algorithm> | null | undefined;
  const parts = [own?.create, own?.ask, own?.tell, own?.result];
  if (typeof own?.name === 'string' && parts.every((part) => typeof part === 'function'))
    return own as Algorithm;
  throw new InputError(
    `the algorithm must be one of ${Object.keys(algorithms).join(', ')}, or an Algorithm, got ${show(choice)}`,
  );
}

/** The name of a built-in algorithm. */
export type AlgorithmName = keyof typeof algorithms;
