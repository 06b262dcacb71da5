import { InputError, show } from '../errors.js';
import { checkArray, checkRows } from '../indicators/point-sets.js';

/**
 * Rows `0 .. count - 1` of `f` (rows x m, minimised) scaled to [0, 1] an objective: 0 is the best value among the rows, 1 the
 * worst. An objective that does not vary is 0 throughout. A row with a NaN or an infinity becomes NaN and has no part in the
 * scale. Throws an InputError when no row is finite, or `f` is shorter than count x m.
 */
export function normalised(f: ArrayLike<number>, count: number, m: number): Float64Array {
  checkRows(f, count, m);
  const best = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  const worst = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
  const scaled = new Float64Array(count * m).fill(Number.NaN);
  const rows: number[] = [];
  for (let i = 0; i < count; i++) {
    let finite = true;
    for (let j = 0; j < m; j++) if (!Number.isFinite(f[i * m + j])) finite = false;
    if (!finite) continue;
    rows.push(i);
    for (let j = 0; j < m; j++) {
      best[j] = Math.min(best[j], f[i * m + j]);
      worst[j] = Math.max(worst[j], f[i * m + j]);
    }
  }
  if (rows.length === 0) throw new InputError('a pick needs at least one row of finite objectives, got none');
  for (const i of rows)
    for (let j = 0; j < m; j++)
      scaled[i * m + j] = worst[j] > best[j] ? (f[i * m + j] - best[j]) / (worst[j] - best[j]) : 0;
  return scaled;
}

/** The row with the least score; of equal ones, the first. Rows whose score is NaN are passed over. */
export function least(count: number, score: (i: number) => number): number {
  let pick = -1;
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = score(i);
    if (value < lowest) {
      lowest = value;
      pick = i;
    }
  }
  return pick;
}

/** The weights scaled to sum to 1. Throws an InputError unless they are finite, none negative, and not all 0. */
export function unitWeights(weights: ArrayLike<number>): Float64Array {
  checkArray('the weights', weights);
  let most = 0;
  for (let j = 0; j < weights.length; j++) {
    if (!(weights[j] >= 0 && weights[j] < Number.POSITIVE_INFINITY))
      throw new InputError(`weights must be finite and not negative, got ${show(weights[j])}`);
    most = Math.max(most, weights[j]);
  }
  if (most === 0) throw new InputError('at least one weight must be above 0, got none');
  const shares = Float64Array.from(weights, (weight) => weight / most); // whose sum is finite
  const sum = shares.reduce((a, b) => a + b);
  return shares.map((share) => share / sum);
}
