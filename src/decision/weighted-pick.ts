import { least, normalised, unitWeights } from './normalised.js';

/**
 * The one of rows `0 .. count - 1` of `f` (rows x m, minimised) that is best by weights of importance (m entries, any
 * positive scale): least in the augmented weighted Tchebycheff distance from the ideal point (Steuer and Choo, Mathematical
 * Programming 26, 1983), `max_j w_j s_j + 0.0001 sum_j s_j`, where `s` are the objectives scaled to [0, 1] by the set.
 * Unlike a weighted sum it can pick any row of a front that bulges away from the ideal point; the small sum keeps out
 * rows that are dominated but no worse in the maximum.
 *
 * Of equal rows the first. Rows with a NaN or an infinity are passed over. O(count m). Throws an InputError when a weight is
 * negative or not finite or all are 0, when no row is finite, or `f` is shorter than count x m.
 */
export function weightedPick(f: ArrayLike<number>, count: number, weights: ArrayLike<number>): number {
  const w = unitWeights(weights);
  const m = w.length;
  const scaled = normalised(f, count, m);
  return least(count, (i) => {
    let worst = 0;
    let sum = 0;
    for (let j = 0; j < m; j++) {
      const value = scaled[i * m + j];
      worst = Math.max(worst, w[j] * value);
      sum += value;
    }
    return worst + AUGMENTATION * sum;
  });
}

const AUGMENTATION = 1e-4;
