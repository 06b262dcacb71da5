import type { Products } from '../inference/products.js';

/** The normal equations of a layer: `gram` (size x size) and `right` (size x features), sums over all patches. */
export interface NormalEquations {
  readonly size: number;
  readonly features: number;
  readonly gram: Float32Array;
  readonly right: Float32Array;
}

export interface FittingOptions {
  /** Weight of staying near `near`, in units of the mean diagonal of `gram`. */
  readonly ridge: number;
  readonly iterations: number;
  /** Default `start`. */
  readonly near?: Float32Array;
  /** An iteration that gains no more than this share of what all have gained is the last. Default 0. */
  readonly enough?: number;
}

/**
 * Weights (size x features, row-major) that minimise, for each feature by itself,
 * `|P w - y|^2 + ridge * mean diagonal * |w - near|^2` over the positions where `mask` is 1; the others stay 0.
 *
 * Conjugate gradients on all features at once, preconditioned by the diagonal: an iteration is one product of matrices,
 * size^2 x features multiplications. It starts from `start` and ends after `iterations`, when one has gained too little, or when every residual
 * has fallen to 1e-5 of its first. A rank-deficient gram matrix is no obstacle. (Features have positions of their own, so that no one
 * factor of the matrix serves them all; where they share them, it would cost more than the ten iterations that are usual.)
 */
export async function maskedLeastSquares(
  { size, features, gram, right }: NormalEquations,
  start: Float32Array,
  mask: Uint8Array,
  { ridge, iterations, near = start, enough = 0 }: FittingOptions,
  products: Products,
): Promise<Float32Array> {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gram[i * size + i];
  const penalty = ridge * (trace / size || 1);
  const diagonal = Float64Array.from({ length: size }, (_, i) => gram[i * (size + 1)] + penalty);
  const length = size * features;
  const solution = start.map((value, i) => (mask[i] ? value : 0));
  const product = (vector: Float32Array) => products.multiply(gram, vector, size, size, features);

  // residual = right + penalty near - (gram + penalty) solution, where the mask is 1; energy = residual' / diagonal residual.
  const residual = await product(solution);
  for (let i = 0; i < length; i++)
    residual[i] = mask[i] ? right[i] - residual[i] + penalty * (near[i] - solution[i]) : 0;
  const direction = new Float32Array(length);
  let energy = new Float64Array(features);
  for (let i = 0, at = 0; i < size; i++)
    for (let f = 0; f < features; f++, at++) {
      direction[at] = residual[at] / diagonal[i];
      energy[f] += residual[at] * direction[at];
    }
  const goal = energy.map((value) => value * 1e-10);
  let gained = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (energy.every((value, f) => value <= goal[f])) break;
    const image = await product(direction);
    const curvature = new Float64Array(features);
    for (let at = 0; at < length; )
      for (let f = 0; f < features; f++, at++)
        curvature[f] += direction[at] * (image[at] + penalty * direction[at]);
    const step = energy.map((value, f) => (value > goal[f] && curvature[f] > 0 ? value / curvature[f] : 0));
    const next = new Float64Array(features);
    for (let i = 0, at = 0; i < size; i++) {
      const inverse = 1 / diagonal[i];
      for (let f = 0; f < features; f++, at++) {
        if (mask[at] === 0) continue;
        solution[at] += step[f] * direction[at];
        residual[at] -= step[f] * (image[at] + penalty * direction[at]);
        next[f] += residual[at] * residual[at] * inverse;
      }
    }
    const gain = step.reduce((sum, value, f) => sum + value * energy[f], 0);
    gained += gain;
    if (gain <= enough * gained) break;
    const share = next.map((value, f) => (energy[f] > 0 ? value / energy[f] : 0));
    for (let i = 0, at = 0; i < size; i++) {
      const inverse = 1 / diagonal[i];
      for (let f = 0; f < features; f++, at++)
        direction[at] = residual[at] * inverse + share[f] * direction[at];
    }
    energy = next;
  }
  return solution;
}
