import type { Batch } from '../algorithm.js';
import { InputError } from '../errors.js';
import { sameRow } from '../operators/duplicates.js';
import { copyRows, createPopulation, type Population, type Shape } from '../population.js';
import { createSurvivors, selectSurvivors } from './nsga2/survivors.js';

/**
 * The best `places` of the known solutions, by fronts of constrained domination and crowding distance; all of them where they
 * are no more. Throws an InputError when they are of another shape.
 */
export function bestOf(known: Population, shape: Shape, places: number): Population {
  for (const part of ['variables', 'objectives', 'constraints'] as const)
    if (known[part] !== shape[part])
      throw new InputError(
        `known solutions must have the ${shape[part]} ${part} of the problem, got ${known[part]}`,
      );
  if (known.size <= places) return known;
  const survivors = createSurvivors(known.size, known.objectives);
  const best = createPopulation(places, shape);
  copyRows(known, survivors.chosen, selectSurvivors(known, places, survivors), best);
  return best;
}

/** The known solutions and then the seeds, as seeds. */
export function asSeeds({ x, size, variables: n }: Population, seeds: Batch | undefined): Batch {
  if (!seeds) return { x, count: size };
  const joined = new Float64Array((size + seeds.count) * n);
  joined.set(x.subarray(0, size * n));
  joined.set(seeds.x.subarray(0, seeds.count * n), size * n);
  return { x: joined, count: size + seeds.count };
}

/**
 * Fills in the values of the leading rows of the batch that are those of the known solutions, in their order and without
 * repetitions; returns how many there are.
 */
export function recall(known: Population, { x, count }: Batch, f: Float64Array, g: Float64Array): number {
  const { variables: n, objectives: m, constraints: k } = known;
  let row = 0;
  for (let i = 0; i < known.size && row < count; i++) {
    if (!sameRow(known.x, i, x, row, n)) continue;
    for (let j = 0; j < m; j++) f[row * m + j] = known.f[i * m + j];
    for (let j = 0; j < k; j++) g[row * k + j] = known.g[i * k + j];
    row++;
  }
  return row;
}
