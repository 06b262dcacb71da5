import { least, normalised } from './normalised.js';

/**
 * The knee of a non-dominated set: the one of rows `0 .. count - 1` of `f` (rows x m, minimised) that lies farthest on the
 * ideal point's side of the plane through the points that are worst in one objective and best in all others, after scaling
 * each objective to [0, 1] by the set. That is the row with the least sum of scaled objectives, (1 - sum) / sqrt(m) from the
 * plane. With two objectives the plane is the chord between the set's two ends (Das, Structural Optimization 18, 1999). On
 * a front that bulges away from the ideal point there is no knee and one of its ends is returned.
 *
 * Of equal rows the first. Rows with a NaN or an infinity are passed over. O(count m). Throws an InputError when no
 * row is finite, or `f` is shorter than count x m.
 */
export function kneePoint(f: ArrayLike<number>, count: number, m: number): number {
  const scaled = normalised(f, count, m);
  return least(count, (i) => {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += scaled[i * m + j];
    return sum;
  });
}
