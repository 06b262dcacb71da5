import type { Regressor } from './regressor.js';
import { standardised } from './standardised.js';

/** Neighbours that vote; all samples where there are fewer. */
export const NEIGHBOURS = 5;

/**
 * The mean of the outputs of the 5 nearest samples, each weighted by the inverse square of its Euclidean distance
 * (Shepard). Among equally far samples the earlier is nearer. A row that coincides with samples gets the mean of
 * those of them that are among the 5. O(n d) a row.
 */
export const nearestNeighbours: Regressor = {
  name: 'nearest-neighbours',
  averages: true,
  fit: standardised('nearest-neighbours', 2, (x, z, n, d) => {
    const samples = x.slice(0, n * d);
    const k = Math.min(NEIGHBOURS, n);
    const distance = new Float64Array(k); // squared, ascending
    const output = new Float64Array(k);
    return {
      hasVariance: false,
      predict(rows, count, out) {
        for (let i = 0; i < count; i++) {
          distance.fill(Number.POSITIVE_INFINITY);
          for (let s = 0; s < n; s++) {
            let square = 0;
            for (let j = 0; j < d; j++) {
              const difference = rows[i * d + j] - samples[s * d + j];
              square += difference * difference;
            }
            if (!(square < distance[k - 1])) continue;
            let place = k - 1;
            for (; place > 0 && square < distance[place - 1]; place--) {
              distance[place] = distance[place - 1];
              output[place] = output[place - 1];
            }
            distance[place] = square;
            output[place] = z[s];
          }
          out[i] = weighted(distance, output, k);
        }
      },
    };
  }),
};

function weighted(distance: Float64Array, output: Float64Array, k: number): number {
  // Relative to the nearest, the weights lie in [0, 1] however small the distances are.
  const nearest = distance[0];
  let sum = 0;
  let total = 0;
  for (let i = 0; i < k; i++) {
    const weight = distance[i] === nearest ? 1 : nearest / distance[i];
    sum += weight * output[i];
    total += weight;
  }
  return sum / total;
}
