import { measuredRows } from './point-sets.js';

/**
 * Schott's spacing (1995): the sample standard deviation of the distance from each of rows `0 .. count - 1` of `f`
 * (rows x m) to its nearest other row, in the sum of absolute differences. 0 when the rows are evenly spaced; it says
 * nothing of how near they are to a front. Objectives are taken as they are: scale them first where they differ in unit.
 *
 * Rows with a NaN or an infinity are left out; fewer than two rows have no spacing: NaN. O(count^2 m). Throws an
 * InputError when `f` is shorter than its rows.
 */
export function spacing(f: ArrayLike<number>, count: number, m: number): number {
  const rows = measuredRows(f, count, m).filter((row) => {
    for (let j = 0; j < m; j++) if (!Number.isFinite(f[row + j])) return false;
    return true;
  });
  if (rows.length < 2) return Number.NaN;
  const distances = rows.map((a) => nearestOther(f, m, rows, a));
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / rows.length;
  const squares = distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0);
  return Math.sqrt(squares / (rows.length - 1));
}

function nearestOther(f: ArrayLike<number>, m: number, rows: readonly number[], a: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const b of rows) {
    if (b === a) continue;
    let distance = 0;
    for (let j = 0; j < m; j++) distance += Math.abs(f[a + j] - f[b + j]);
    nearest = Math.min(nearest, distance);
  }
  return nearest;
}
