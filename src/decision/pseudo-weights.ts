import { least, normalised, unitWeights } from './normalised.js';

/**
 * Where each of rows `0 .. count - 1` of `f` (rows x m, minimised) lies on its front, said as weights (count x m, row-major,
 * a row sums to 1): how near each objective is to its best, `(worst_j - f_j) / (worst_j - best_j)`, as a share of the row's sum
 * (Deb, "Multi-Objective Optimization using Evolutionary Algorithms", 2001, section 9.6).
 *
 * An objective that does not vary gets 0; a row that is worst in all that do gets equal weights. A row with a NaN or an
 * infinity gets NaN. O(count m). Throws an InputError when no row is finite, or `f` is shorter than count x m.
 */
export function pseudoWeights(f: ArrayLike<number>, count: number, m: number): Float64Array {
  const weights = normalised(f, count, m);
  const varies = new Float64Array(m);
  for (let k = 0; k < count * m; k++) if (weights[k] === 1) varies[k % m] = 1;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) {
      weights[i * m + j] = varies[j] * (1 - weights[i * m + j]);
      sum += weights[i * m + j];
    }
    for (let j = 0; j < m; j++) weights[i * m + j] = sum === 0 ? 1 / m : weights[i * m + j] / sum;
  }
  return weights;
}

/**
 * The row whose {@link pseudoWeights} are nearest to `weights` (m entries, any positive scale), by Euclidean distance; of
 * equal ones the first. Throws an InputError as `pseudoWeights` does, or when a weight is negative or not finite or all
 * are 0.
 */
export function pseudoWeightPick(f: ArrayLike<number>, count: number, weights: ArrayLike<number>): number {
  const target = unitWeights(weights);
  const m = target.length;
  const own = pseudoWeights(f, count, m);
  return least(count, (i) => {
    let squared = 0;
    for (let j = 0; j < m; j++) squared += (own[i * m + j] - target[j]) ** 2;
    return squared;
  });
}
