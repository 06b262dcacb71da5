import type { Algorithm, Batch } from '../../algorithm.js';
import { evolve } from '../../algorithms/evolve.js';
import type { Random } from '../../math/random.js';
import type { Population } from '../../population.js';
import type { Space } from '../../space.js';
import { encodingOf } from '../encoding.js';
import type { FittedOutputs } from './fitted-outputs.js';

export interface FrontEffort {
  readonly populationSize: number;
  readonly generations: number;
}

/**
 * The front of the surrogate problem: `algorithm` minimises the means of the objectives, in their own unit, under the means of
 * the constraints, in the units of their warpings. Half of its first population comes from the front of the round
 * before (evenly thinned), a quarter from the latest of the `known` good vectors, the rest is a Latin hypercube.
 */
export function surrogateFront(
  space: Space,
  { objectives, constraints }: FittedOutputs,
  algorithm: Algorithm,
  { populationSize, generations }: FrontEffort,
  previous: Batch,
  known: readonly Float64Array[],
  random: Random,
): Population {
  const n = space.length;
  const m = objectives.length;
  const k = constraints.length;
  const encoding = encodingOf(space);
  const point = new Float64Array(encoding.width);
  const seeds = known.slice(-Math.max(1, populationSize >> 2));
  for (let i = 0; i < previous.count; i += Math.max(1, (2 * previous.count) / populationSize)) {
    const row = Math.floor(i);
    seeds.push(previous.x.subarray(row * n, (row + 1) * n));
  }
  return evolve(
    algorithm,
    space,
    { variables: n, objectives: m, constraints: k },
    {
      populationSize,
      generations,
      seeds: { x: Float64Array.from(seeds.flatMap((x) => [...x])), count: seeds.length },
    },
    (x, count, f, g) => {
      for (let i = 0; i < count; i++) {
        encoding.encode(x.subarray(i * n, (i + 1) * n), 1, point);
        for (let j = 0; j < m; j++) f[i * m + j] = objectives[j].warping.unwarp(objectives[j].mean(point));
        for (let j = 0; j < k; j++) g[i * k + j] = constraints[j].mean(point);
      }
    },
    random,
  );
}
