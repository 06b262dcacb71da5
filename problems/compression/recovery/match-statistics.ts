import type { Moments } from './moments.js';

/**
 * Scales the weights of every feature, in place, so that its output has the deviation that it should have, and, `withBias`, shifts it to the
 * mean that it should have. `columns` is size x features, the last row the bias. A feature whose output or target is constant keeps
 * its scale. Exact on the places that the moments are of. O(size^2 features).
 */
export function matchStatistics(columns: Float32Array, moments: Moments, withBias: boolean): void {
  const { size, features, gram, right, squares, places } = moments;
  const ones = size - 1;
  for (let f = 0; f < features; f++) {
    let mean = 0;
    let square = 0;
    for (let i = 0; i < size; i++) {
      const weight = columns[i * features + f];
      if (weight === 0) continue;
      let sum = 0;
      for (let j = 0; j < size; j++) sum += gram[i * size + j] * columns[j * features + f];
      mean += (weight * gram[i * size + ones]) / places;
      square += (weight * sum) / places;
    }
    const variance = square - mean ** 2;
    const wantedMean = right[ones * features + f] / places;
    const wantedVariance = squares[f] / places - wantedMean ** 2;
    const varies = variance > CONSTANT * square && wantedVariance > (CONSTANT * squares[f]) / places;
    const scale = varies ? Math.sqrt(wantedVariance / variance) : 1;
    for (let i = 0; i < size; i++) columns[i * features + f] *= scale;
    if (withBias) columns[ones * features + f] += wantedMean - scale * mean;
  }
}

/** A variance below this share of the mean square is rounding. */
const CONSTANT = 1e-6;
