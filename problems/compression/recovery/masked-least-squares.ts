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
}

/**
 * Weights (size x features, row-major) that minimise, for each feature by itself,
 * `|P w - y|^2 + ridge * mean diagonal * |w - near|^2` over the positions where `mask` is 1; the others stay 0.
 *
 * Conjugate gradients on all features at once, preconditioned by the diagonal: an iteration is one product of matrices,
 * O(size^2 features). It starts from `start` and ends after `iterations`, or when every residual has fallen to 1e-5 of its first. A
 * rank-deficient gram matrix is no obstacle.
 */
export async function maskedLeastSquares(
  { size, features, gram, right }: NormalEquations,
  start: Float32Array,
  mask: Uint8Array,
  { ridge, iterations, near = start }: FittingOptions,
  products: Products,
): Promise<Float32Array> {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gram[i * size + i];
  const penalty = ridge * (trace / size || 1);
  const length = size * features;
  const solution = Float64Array.from(start, (value, i) => (mask[i] ? value : 0));
  const residual = new Float64Array(length);
  const conditioned = new Float64Array(length);
  const direction = new Float64Array(length);
  const product = async (vector: Float64Array) =>
    products.multiply(gram, Float32Array.from(vector), size, size, features);

  // residual = right + penalty near - (gram + penalty) solution, where the mask is 1.
  const first = await product(solution);
  for (let i = 0; i < length; i++)
    residual[i] = mask[i] ? right[i] - first[i] + penalty * (near[i] - solution[i]) : 0;
  const inner = (a: Float64Array, b: Float64Array) => {
    const sums = new Float64Array(features);
    for (let i = 0; i < length; i++) sums[i % features] += a[i] * b[i];
    return sums;
  };
  const condition = () => {
    for (let i = 0, at = 0; i < size; i++) {
      const diagonal = gram[i * size + i] + penalty;
      for (let f = 0; f < features; f++, at++) conditioned[at] = residual[at] / diagonal;
    }
  };
  condition();
  direction.set(conditioned);
  let energy = inner(residual, conditioned);
  const goal = energy.map((value) => value * 1e-10);
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (energy.every((value, f) => value <= goal[f])) break;
    const image = await product(direction);
    const curvature = new Float64Array(features);
    for (let i = 0; i < length; i++)
      curvature[i % features] += direction[i] * (image[i] + penalty * direction[i]);
    const step = energy.map((value, f) => (value > goal[f] && curvature[f] > 0 ? value / curvature[f] : 0));
    for (let i = 0; i < length; i++) {
      const s = step[i % features];
      solution[i] += s * direction[i];
      if (mask[i]) residual[i] -= s * (image[i] + penalty * direction[i]);
    }
    condition();
    const next = inner(residual, conditioned);
    for (let i = 0; i < length; i++) {
      const f = i % features;
      direction[i] = conditioned[i] + (energy[f] > 0 ? next[f] / energy[f] : 0) * direction[i];
    }
    energy = next;
  }
  return Float32Array.from(solution);
}
