import { euclidean, inferiority, meanToNearest, type SquaredDistance } from './distance.js';
import { type FrontIndicator, measuredRows, referenceRows } from './point-sets.js';

/**
 * GD: the mean distance from rows `0 .. count - 1` of `f` (rows x m, minimised) to the nearest row of the reference front
 * (frontCount x m), Euclidean. Small is good; it says how near the set is, not how well it covers the front.
 * (Van Veldhuizen's first form took the root of the sum of squares over the count; the mean is the usual one now.)
 *
 * Rows with a NaN are left out; where no row is left the value is Infinity, the worst. O(count frontCount m). Throws
 * an InputError when the front is empty or not finite, or an array shorter than its rows.
 */
export const generationalDistance = meanToFront(euclidean);

/**
 * GD+: as {@link generationalDistance}, but a distance counts only where the row is worse than the front's (Ishibuchi et
 * al. 2015), so that a set that dominates another is never worse.
 */
export const generationalDistancePlus = meanToFront(inferiority);

function meanToFront(squaredDistance: SquaredDistance): FrontIndicator {
  return (f, count, front, frontCount, m) => {
    const targets = referenceRows(front, frontCount, m);
    const rows = measuredRows(f, count, m);
    if (rows.length === 0) return Number.POSITIVE_INFINITY;
    return meanToNearest(rows, targets, (a, z) => squaredDistance(f, a, front, z, m));
  };
}
