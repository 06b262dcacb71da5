import { type Arena, createArena, integers } from './hypervolume/arena.js';
import { column, inside } from './hypervolume/inside.js';
import { ascendingOrder, sortBuffers } from './hypervolume/order.js';
import { createLevels, roomForLevels, slicedVolume } from './hypervolume/slicing.js';
import { area } from './hypervolume/sweep-2d.js';
import { volume3 } from './hypervolume/sweep-3d.js';
import { createSweep4, volume4 } from './hypervolume/sweep-4d.js';

/**
 * The exact hypervolume: the volume that rows `0 .. count - 1` of `f` (rows x m, minimised) dominate inside the box that
 * `reference` closes (m entries). Rows that are not better than the reference in every objective add nothing; nor
 * do dominated or repeated rows, or rows with a NaN. No row: 0. A row that is better and has a -Infinity: Infinity.
 *
 * One objective: the distance. Two and three: sweeps, O(n log n). Four: a sweep, O(n^2) on all but contrived fronts. More:
 * slicing down to that sweep, at worst a factor n for each further objective. Nothing is kept between calls, unless in a
 * `workspace`, which many calls in turn may share: small sets gain a fifth. Throws an InputError when the reference is empty
 * or not finite, or `f` is shorter than count x m.
 */
export function hypervolume(
  f: ArrayLike<number>,
  count: number,
  reference: ArrayLike<number>,
  workspace?: HypervolumeWorkspace,
): number {
  const m = reference.length;
  const kept = inside(f, count, reference);
  if (kept.count === 0) return 0;
  if (kept.unbounded) return Number.POSITIVE_INFINITY;
  const { rows, count: n } = kept;
  if (m === 1) {
    let best = reference[0];
    for (let i = 0; i < n; i++) best = Math.min(best, f[rows[i]]);
    return reference[0] - best;
  }
  const arena = workspace ?? createArena(m <= 3 ? 14 * n + 40 : m === 4 ? 11 * n + 40 : roomForLevels(m, n));
  arena.used = 0;
  if (m <= 3) {
    const x = column(f, m, 0, kept, arena);
    const y = column(f, m, 1, kept, arena);
    if (m === 2) return area(x, y, n, reference[0], reference[1], arena);
    return volume3(x, y, column(f, m, 2, kept, arena), n, reference, arena);
  }
  const order = integers(arena, n);
  ascendingOrder(column(f, m, m - 1, kept, arena), n, order, sortBuffers(arena, n));
  const level = m === 4 ? createSweep4(arena, n) : createLevels(arena, m, n);
  level.reference.set(reference);
  for (let i = 0, to = 0; i < n; i++) {
    const from = rows[order[i]] * m;
    for (let j = 0; j < m; j++) level.points[to++] = f[from + j];
  }
  return 'd' in level ? slicedVolume(level, n) : volume4(level, n);
}

/** Memory that calls of {@link hypervolume} use in turn, and that grows to what the largest needed. Opaque. */
export type HypervolumeWorkspace = Arena;

/** An empty workspace. */
export const hypervolumeWorkspace = (): HypervolumeWorkspace => createArena(0);
