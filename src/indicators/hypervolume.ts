import { column, inside } from './hypervolume/inside.js';
import { ascendingOrder } from './hypervolume/order.js';
import { reserveLevels, slicedVolume } from './hypervolume/slicing.js';
import { area } from './hypervolume/sweep-2d.js';
import { volume3 } from './hypervolume/sweep-3d.js';

/**
 * The exact hypervolume: the volume that rows `0 .. count - 1` of `f` (rows x m, minimised) dominate inside the box that
 * `reference` closes (m entries). Rows that are not better than the reference in every objective add nothing; nor
 * do dominated or repeated rows, or rows with a NaN. No row: 0. A row that is better and has a -Infinity: Infinity.
 *
 * One objective: the distance. Two and three: sweeps, O(n log n). Four: a sweep, O(n^2) on all but contrived fronts. More:
 * slicing down to that sweep, at worst a factor n for each further objective. Throws an InputError when the reference
 * is empty or not finite, or `f` is shorter than count x m.
 */
export function hypervolume(f: ArrayLike<number>, count: number, reference: ArrayLike<number>): number {
  const m = reference.length;
  const kept = inside(f, count, reference);
  if (kept.count === 0) return 0;
  if (kept.unbounded) return Number.POSITIVE_INFINITY;
  const { rows, count: n } = kept;
  if (x.length < n) {
    x = new Float64Array(n);
    y = new Float64Array(n);
    z = new Float64Array(n);
    order = new Int32Array(n);
  }
  if (m === 1) {
    let best = reference[0];
    for (let i = 0; i < n; i++) best = Math.min(best, f[rows[i]]);
    return reference[0] - best;
  }
  if (m <= 3) {
    column(f, m, 0, kept, x);
    column(f, m, 1, kept, y);
    if (m === 2) return area(x, y, n, reference[0], reference[1]);
    return volume3(x, y, column(f, m, 2, kept, z), n, reference);
  }
  ascendingOrder(column(f, m, m - 1, kept, x), n, order);
  const points = reserveLevels(n, m);
  for (let i = 0, to = 0; i < n; i++) {
    const from = rows[order[i]] * m;
    for (let j = 0; j < m; j++) points[to++] = f[from + j];
  }
  return slicedVolume(m, n, reference);
}

// Kept between calls: a small front costs no allocation.
let x = new Float64Array(0);
let y = new Float64Array(0);
let z = new Float64Array(0);
let order = new Int32Array(0);
