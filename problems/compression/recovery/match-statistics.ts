import type { Moments } from './moments.js';

/**
 * Scales the weights of every feature, in place, so that its output has the deviation that it should have, and shifts it to the mean that it
 * should have, where there is a bias. `columns` is size x features; its last rows are those of the biases, `withBias` says which of them there are.
 * Where there are several, means are those of the places of each, and deviations are about these. A feature whose output or target is constant
 * keeps its scale. Exact on the places that the moments are of. O(size^2 features).
 */
export function matchStatistics(columns: Float32Array, moments: Moments, withBias: readonly boolean[]): void {
  const { size, features, gram, right, squares, places } = moments;
  const first = size - withBias.length;
  for (let f = 0; f < features; f++) {
    const means = new Float64Array(withBias.length);
    let square = 0;
    for (let i = 0; i < size; i++) {
      const weight = columns[i * features + f];
      if (weight === 0) continue;
      let sum = 0;
      for (let j = 0; j < size; j++) sum += gram[i * size + j] * columns[j * features + f];
      for (let b = 0; b < means.length; b++) {
        const ones = first + b;
        means[b] += (weight * gram[i * size + ones]) / gram[ones * size + ones];
      }
      square += (weight * sum) / places;
    }
    const wantedMeans = means.map((_, b) => {
      const ones = first + b;
      return right[ones * features + f] / gram[ones * size + ones];
    });
    let variance = square;
    let wantedVariance = squares[f] / places;
    for (let b = 0; b < means.length; b++) {
      const share = gram[(first + b) * (size + 1)] / places;
      variance -= share * means[b] ** 2;
      wantedVariance -= share * wantedMeans[b] ** 2;
    }
    const varies = variance > CONSTANT * square && wantedVariance > (CONSTANT * squares[f]) / places;
    const scale = varies ? Math.sqrt(wantedVariance / variance) : 1;
    for (let i = 0; i < size; i++) columns[i * features + f] *= scale;
    for (let b = 0; b < means.length; b++)
      if (withBias[b]) columns[(first + b) * features + f] += wantedMeans[b] - scale * means[b];
  }
}

/** A variance below this share of the mean square is rounding. */
const CONSTANT = 1e-6;
