import { InputError } from '../errors.js';
import { checkRows, type FrontIndicator, measuredRows, referenceRows } from './point-sets.js';

/**
 * The additive epsilon indicator (Zitzler, Thiele, Laumanns, Fonseca and da Fonseca, IEEE TEVC 7(2), 2003): the least
 * amount to be taken from every objective of rows `0 .. count - 1` of `f` (rows x m, minimised) after which each row of the
 * reference front (frontCount x m) has one among them at least as good. Negative when the set is better throughout.
 *
 * Rows with a NaN are left out; where no row is left the value is Infinity. O(count frontCount m). Throws an InputError
 * when the front is empty or not finite, or an array shorter than its rows.
 */
export const additiveEpsilon: FrontIndicator = (f, count, front, frontCount, m) =>
  worstOfBest(f, count, front, frontCount, m, (value, target) => value - target);

/**
 * The multiplicative epsilon indicator: as {@link additiveEpsilon}, with the least factor that every objective is to be
 * divided by; 1 for the front itself. Throws an InputError also when a value of either set is not positive.
 */
export const multiplicativeEpsilon: FrontIndicator = (f, count, front, frontCount, m) => {
  for (const [values, rows] of [
    [f, count],
    [front, frontCount],
  ] as const) {
    checkRows(values, rows, m);
    for (let k = 0; k < rows * m; k++)
      if (values[k] <= 0)
        throw new InputError(`the multiplicative epsilon needs objectives above 0, got ${values[k]}`);
  }
  return worstOfBest(f, count, front, frontCount, m, (value, target) => value / target);
};

function worstOfBest(
  f: ArrayLike<number>,
  count: number,
  front: ArrayLike<number>,
  frontCount: number,
  m: number,
  excess: (value: number, target: number) => number,
): number {
  const targets = referenceRows(front, frontCount, m);
  const rows = measuredRows(f, count, m);
  let worst = Number.NEGATIVE_INFINITY;
  for (const z of targets) {
    let best = Number.POSITIVE_INFINITY;
    for (let k = 0; k < rows.length; k++) {
      let most = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < m && most < best; j++) most = Math.max(most, excess(f[rows[k] + j], front[z + j]));
      best = Math.min(best, most);
    }
    worst = Math.max(worst, best);
  }
  return worst;
}
