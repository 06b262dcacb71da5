import { arcsinhWarping, logWarping, type Warping } from './output-warping.js';

/** Of how many times the median a value is followed at least: from the best value, or in the size of a constraint. */
const FOLLOWED = 10;

/** Of how many widths of the measured front beyond its worst value an objective is followed at least. */
const BEYOND_FRONT = 10;

/**
 * Values of an objective (smaller is better) with those put at a fence that lie so far beyond it that nothing but "far" is to be
 * learnt of them: a quotient whose denominator comes near 0 blows up, and a process that has to explain its 1e8 cannot tell 179 from
 * 180. `front` holds the values of the measured front. Where half of the values are the best one, nothing is changed.
 */
export function withinFence(y: Float64Array, front: readonly number[]): Float64Array {
  const sorted = y.slice().sort();
  const best = sorted[0];
  const unit = sorted[y.length >> 1] - best;
  if (!(unit > 0)) return y;
  const worst = Math.max(...front);
  const reached = worst + BEYOND_FRONT * (worst - Math.min(...front));
  return below(y, Math.max(reached, best + FOLLOWED * unit, fenceOf(sorted, logWarping(best, unit))));
}

/** The same for a constraint (feasible at 0 and below), by the sizes of its values: violations alone are changed. */
export function withinViolation(y: Float64Array): Float64Array {
  const sizes = y.map(Math.abs).sort();
  const unit = sizes[y.length >> 1];
  if (!(unit > 0)) return y;
  return below(y, Math.max(FOLLOWED * unit, fenceOf(sizes, arcsinhWarping(unit))));
}

/**
 * Six times as far above the median as the lower quartile lies below it, on the scale of the warping. Reckoned from the better half
 * alone it holds while less than half of the values are far.
 */
function fenceOf(sorted: Float64Array, { warp, unwarp }: Warping): number {
  const middle = warp(sorted[sorted.length >> 1]);
  return unwarp(middle + 6 * (middle - warp(sorted[sorted.length >> 2])));
}

function below(y: Float64Array, fence: number): Float64Array {
  return y.map((value) => Math.min(value, fence));
}
