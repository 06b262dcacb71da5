import type { Model } from '../onnx/model.js';
import { columnsOf } from './columns.js';
import { eigenOf } from './eigen.js';
import { cholesky, invertLower } from './inverse.js';
import type { LayerMoments } from './layer-moments.js';
import type { StraightGroup } from './straight-groups.js';

/**
 * Directions of the channels of a straight group, the first of which matter most to the layers that read them: the amount of one is its row of
 * `amounts` times the channels, and the channels are the sum of amounts times rows of `directions`. Channels x channels each.
 */
export interface Directions {
  readonly amounts: Float64Array;
  readonly directions: Float64Array;
}

/**
 * With the covariance C of the channels and the metric M in which the readers see them (the sum of w w' over what they multiply them with, as
 * shares of their energies), M = G G': the eigenvectors of G' C G, which G takes back to the channels. Their first k lose the least that k
 * mixtures can lose of what the readers give (reduced-rank regression: Izenman 1975). For n channels 6 n^3 multiplications
 * a sweep of `eigenOf`.
 */
export function directionsOf(
  original: Model,
  layers: readonly LayerMoments[],
  { readers, channels: n }: StraightGroup,
): Directions {
  const reading = layers.filter(({ entry }) => readers.includes(entry.layer.weight));
  const { covariance, metric } = secondMoments(original, reading, n);
  cholesky(metric, n);
  const root = metric.map((value, at) => (at % n <= Math.floor(at / n) ? value : 0));
  const seen = product(product(root, covariance, n, true), root, n);
  const { vectors } = eigenOf(seen, n);
  const amounts = new Float64Array(n * n);
  for (let d = 0; d < n; d++)
    for (let c = 0; c < n; c++)
      for (let i = 0; i <= c; i++) amounts[d * n + c] += vectors[d * n + i] * root[c * n + i];
  invertLower(root, n);
  return { amounts, directions: product(vectors, root, n) };
}

/** The covariance of the channels, a mean over readers and places, and their metric, with a little on its diagonal. */
function secondMoments(original: Model, readers: readonly LayerMoments[], n: number) {
  const covariance = new Float64Array(n * n);
  const metric = new Float64Array(n * n);
  const centred = readers.every(({ entry }) => entry.bias !== null);
  for (const { entry, moments, energy } of readers) {
    const [{ gram, size, places }] = moments;
    const { features, size: inputs } = entry.geometry;
    const [weights] = columnsOf(original, entry);
    const each = inputs / n;
    const mean = (row: number) => (centred ? gram[row * size + size - 1] / places : 0);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let k = 0; k < each; k++) {
          const [a, b] = [i * each + k, j * each + k];
          covariance[i * n + j] +=
            (gram[a * size + b] / places - mean(a) * mean(b)) / (each * readers.length);
          for (let f = 0; f < features; f++)
            metric[i * n + j] += (weights[a * features + f] * weights[b * features + f]) / (energy || 1);
        }
  }
  let trace = 0;
  for (let i = 0; i < n; i++) trace += metric[i * (n + 1)];
  for (let i = 0; i < n; i++) metric[i * (n + 1)] += (DAMPING * trace) / n || 1;
  return { covariance, metric };
}

/** Added to the metric, as a share of its mean diagonal. */
const DAMPING = 1e-6;

/** a (or its transpose) times b, n x n. */
function product(a: Float64Array, b: Float64Array, n: number, transposed = false): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const factor = transposed ? a[k * n + i] : a[i * n + k];
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) result[i * n + j] += factor * b[k * n + j];
    }
  return result;
}
