import { euclidean, inferiority, meanToNearest, type SquaredDistance } from './distance.js';
import { type FrontIndicator, measuredRows, referenceRows } from './point-sets.js';

/**
 * IGD: the mean distance from the rows of the reference front (frontCount x m, minimised) to the nearest of rows
 * `0 .. count - 1` of `f` (rows x m), Euclidean (Coello Coello and Reyes Sierra 2004). Small is good: the set is near the
 * front and covers it.
 *
 * Rows with a NaN are left out; where no row is left the value is Infinity, the worst. O(count frontCount m). Throws
 * an InputError when the front is empty or not finite, or an array shorter than its rows.
 */
export const invertedGenerationalDistance = meanFromFront(euclidean);

/**
 * IGD+: as {@link invertedGenerationalDistance}, but a distance counts only where the row is worse than the front's
 * (Ishibuchi et al. 2015), so that a set that dominates another is never worse.
 */
export const invertedGenerationalDistancePlus = meanFromFront(inferiority);

function meanFromFront(squaredDistance: SquaredDistance): FrontIndicator {
  return (f, count, front, frontCount, m) => {
    const targets = referenceRows(front, frontCount, m);
    const rows = measuredRows(f, count, m);
    return meanToNearest(targets, rows, (z, a) => squaredDistance(f, a, front, z, m));
  };
}
