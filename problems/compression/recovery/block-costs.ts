import { inverseOf } from './inverse.js';
import { removalCosts } from './removal-costs.js';

/** Inputs of a layer that lie together, and what its output features multiply them with. */
export interface Block {
  readonly width: number;
  /** Second moments of the inputs, width x width. */
  readonly covariance: Float64Array<ArrayBuffer>;
  /** features x width. */
  readonly weights: Float64Array<ArrayBuffer>;
}

/** What each weight of a block costs to remove (see {@link removalCosts}), features x width. */
export function blockCosts({ width, covariance, weights }: Block): Float64Array<ArrayBuffer> {
  const inverse = inverseOf(covariance, width);
  const costs = new Float64Array(weights.length);
  for (let at = 0; at < weights.length; at += width)
    costs.set(removalCosts(inverse, weights.subarray(at, at + width), width), at);
  return costs;
}

/** Multiplications that {@link blockCosts} takes. */
export function blockWork(width: number, features: number): number {
  return (width ** 3 * (features + 3)) / 6;
}
