import { InputError } from '../errors.js';
import { type Arena, createArena, floats, integers } from './hypervolume/arena.js';
import { exclusiveVolumes3, roomForExclusive3 } from './hypervolume/exclusive-3d.js';
import { column, type Inside, inside } from './hypervolume/inside.js';
import { sortBuffers } from './hypervolume/order.js';
import { rank } from './hypervolume/order-sets.js';
import { createLevels, exclusiveVolume, roomForLevels } from './hypervolume/slicing.js';
import { exclusiveAreas } from './hypervolume/sweep-2d.js';
import { createSweep5, exclusiveVolumes4 } from './hypervolume/sweep-5d.js';

/**
 * What each row alone adds to the hypervolume: entry i is the {@link hypervolume} of rows `0 .. count - 1` of `f` (rows x m,
 * minimised) less that of the same rows without row i. It is 0 for a row that is not better than the reference in
 * every objective, is dominated, has a NaN, or is there twice. Dominated rows do lessen the entry of a row
 * when no other dominates them: remove them first where they are not to count.
 *
 * Up to three objectives: O(n log n). More: n times a hypervolume of the other rows cut to the row's corner,
 * of which few stay non-dominated; with four, n^2 / 2 bytes of memory. Rounding is relative to the volume of the row's own box. Throws an InputError
 * when the reference is empty or not finite, when `f` is shorter than count x m, or when a row inside has a -Infinity.
 */
export function hypervolumeContributions(
  f: ArrayLike<number>,
  count: number,
  reference: ArrayLike<number>,
): Float64Array {
  const kept = inside(f, count, reference);
  const m = reference.length;
  if (kept.unbounded)
    throw new InputError('contributions to the hypervolume need objectives above -Infinity, got one at it');
  const n = kept.count;
  const values = new Float64Array(n);
  const arena = createArena(m < 4 ? roomForExclusive3(n) : roomForLevels(m + 1, n) + 4 * n);
  const objective = (j: number) => column(f, m, j, kept, arena);
  if (m === 1) exclusiveLengths(objective(0), reference[0], values);
  else if (m === 2) exclusiveAreas(objective(0), objective(1), n, reference[0], reference[1], values, arena);
  else if (m === 3) exclusiveVolumes3(objective(0), objective(1), objective(2), n, reference, values, arena);
  else exclusiveVolumes(f, m, kept, reference, values, arena);
  const contributions = new Float64Array(count);
  for (let i = 0; i < n; i++) contributions[kept.rows[i]] = values[i];
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
  { rows, count }: Inside,
  reference: ArrayLike<number>,
  out: Float64Array,
  arena: Arena,
): void {
  const sweep = m === 4 ? createSweep5(arena, count) : createLevels(arena, m + 1, count);
  const keys = floats(arena, count);
  const order = integers(arena, count);
  const sorting = sortBuffers(arena, count);
  sweep.reference.set(reference);
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < count; i++) keys[i] = sweep.points[i * (m + 1) + j] = f[rows[i] * m + j];
    rank(keys, count, order, sorting, sweep.ranks, j, m + 1);
  }
  if ('sweep4' in sweep) {
    exclusiveVolumes4(sweep, count, out);
    return;
  }
  for (let i = 0; i < count; i++) sweep.members[i] = i;
  for (let i = 0; i < count; i++) out[i] = Math.max(0, exclusiveVolume(sweep, count, i));
}
