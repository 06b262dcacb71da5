import type { Algorithm } from '../algorithm.js';
import { ctaea } from './ctaea.js';
import { nsga2 } from './nsga2.js';
import { nsga3 } from './nsga3.js';
import { randomSearch } from './random-search.js';

/** Every algorithm by its name. The conformance tests, `optimize` and the benchmarks walk this list. */
export const algorithms = { ctaea, nsga2, nsga3, random: randomSearch } satisfies Record<string, Algorithm>;

export type AlgorithmName = keyof typeof algorithms;
