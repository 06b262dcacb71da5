import type { Population } from '../../population.js';
import { type Scale, scaleBetween } from '../../ranking/association.js';

/** A scale that takes objectives as they stand, from an ideal point without candidates so far. */
export function createPlainScale(objectives: number): Scale {
  const scale = scaleBetween(new Float64Array(objectives), new Float64Array(objectives).fill(1));
  scale.ideal.fill(Number.POSITIVE_INFINITY);
  scale.nadir.fill(Number.POSITIVE_INFINITY);
  return scale;
}

/** Lowers the ideal point to the smallest values of the candidates, feasible or not; every width stays 1. O(n m). */
export function lowerIdeal({ ideal, nadir }: Scale, { f, size, objectives: m }: Population): void {
  for (let i = 0; i < size; i++)
    for (let j = 0; j < m; j++) if (f[i * m + j] < ideal[j]) ideal[j] = f[i * m + j];
  for (let j = 0; j < m; j++) nadir[j] = ideal[j] + 1;
}
