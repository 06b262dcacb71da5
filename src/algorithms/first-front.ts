import { appendRow, createPopulation, type Population } from '../population.js';

/** A copy of the rows of rank 0, in their order. */
export function firstFront(population: Population, rank: ArrayLike<number>): Population {
  let count = 0;
  for (let i = 0; i < population.size; i++) if (rank[i] === 0) count++;
  const front = createPopulation(count, population);
  for (let i = 0; i < population.size; i++) if (rank[i] === 0) appendRow(population, i, front);
  return front;
}
