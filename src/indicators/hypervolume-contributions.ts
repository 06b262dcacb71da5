import { InputError } from '../errors.js';
import { column, type Inside, inside } from './hypervolume/inside.js';
import { ascendingOrder } from './hypervolume/order.js';
import { exclusiveVolume, linkAll, reserveLevels } from './hypervolume/slicing.js';
import { exclusiveAreas } from './hypervolume/sweep-2d.js';

/**
 * What each row alone adds to the hypervolume: entry i is the {@link hypervolume} of rows `0 .. count - 1` of `f` (rows x m,
 * minimised) less that of the same rows without row i. It is 0 for a row that is not better than the reference in
 * every objective, is dominated, has a NaN, or is there twice. Dominated rows do lessen the entry of a row
 * when no other dominates them: remove them first where they are not to count.
 *
 * One and two objectives: O(n log n). Three: O(n^2). More: n times a hypervolume of the other rows cut to the row's corner,
 * of which few stay non-dominated. Rounding is relative to the volume of the row's own box. Throws an InputError
 * when the reference is empty or not finite, when `f` is shorter than count x m, or when a row inside has a -Infinity.
 */
export function hypervolumeContributions(
  f: ArrayLike<number>,
  count: number,
  reference: ArrayLike<number>,
): Float64Array {
  const m = reference.length;
  const kept = inside(f, count, reference);
  if (kept.unbounded)
    throw new InputError('contributions to the hypervolume need objectives above -Infinity, got one at it');
  const values = new Float64Array(kept.count);
  const objective = (j: number) => column(f, m, j, kept, new Float64Array(kept.count));
  if (m === 1) exclusiveLengths(objective(0), reference[0], values);
  else if (m === 2)
    exclusiveAreas(objective(0), objective(1), kept.count, reference[0], reference[1], values);
  else exclusiveVolumes(f, m, kept, reference, values);
  const contributions = new Float64Array(count);
  for (let i = 0; i < kept.count; i++) contributions[kept.rows[i]] = values[i];
  return contributions;
}

function exclusiveLengths(x: Float64Array, reference: number, out: Float64Array): void {
  if (x.length === 0) return;
  let best = 0;
  let second = reference;
  for (let i = 1; i < x.length; i++)
    if (x[i] < x[best]) {
      second = x[best];
      best = i;
    } else if (x[i] < second) second = x[i];
  out[best] = second - x[best];
}

/** The points are the slice of one dimension more, whose coordinate is not read. */
function exclusiveVolumes(
  f: ArrayLike<number>,
  m: number,
  kept: Inside,
  reference: ArrayLike<number>,
  out: Float64Array,
): void {
  const { rows, count } = kept;
  const order = new Int32Array(count);
  ascendingOrder(column(f, m, m - 1, kept, new Float64Array(count)), count, order);
  const points = reserveLevels(count, m + 1);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < m; j++) points[i * (m + 1) + j] = f[rows[order[i]] * m + j];
  linkAll(m, count);
  for (let i = 0; i < count; i++) out[order[i]] = Math.max(0, exclusiveVolume(m, i, reference, false));
}
