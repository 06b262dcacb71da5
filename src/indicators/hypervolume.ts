import { type Arena, createArena, floats, integers, restart } from './hypervolume/arena.js';
import { column, inside } from './hypervolume/inside.js';
import { ascendingOrder, type SortBuffers, sortBuffers } from './hypervolume/order.js';
import { rank } from './hypervolume/order-sets.js';
import { createLevels, type Level, roomForLevels, slicedVolume } from './hypervolume/slicing.js';
import { area } from './hypervolume/sweep-2d.js';
import { volume3 } from './hypervolume/sweep-3d.js';
import { createSweep4, type Sweep4, volume4 } from './hypervolume/sweep-4d.js';
import { createSweep5, type Sweep5, volume5 } from './hypervolume/sweep-5d.js';

/**
 * The exact hypervolume: the volume that rows `0 .. count - 1` of `f` (rows x m, minimised) dominate inside the box that
 * `reference` closes (m entries). Rows that are not better than the reference in every objective add nothing; nor
 * do dominated or repeated rows, or rows with a NaN. No row: 0. A row that is better and has a -Infinity: Infinity.
 *
 * One objective: the distance. Two and three: sweeps, O(n log n). Four and five: sweeps, O(n^2) and O(n^3) on all but contrived
 * fronts. More: slicing down to five, at worst a factor n for each further objective. Nothing is kept between calls, unless
 * in a `workspace`, which many calls in turn may share: small sets gain a fifth. Throws an InputError when the reference is
 * empty or not finite, or `f` is shorter than count x m.
 */
export function hypervolume(
  f: ArrayLike<number>,
  count: number,
  reference: ArrayLike<number>,
  workspace: HypervolumeWorkspace = hypervolumeWorkspace(),
): number {
  const kept = inside(f, count, reference, workspace.rows);
  const m = reference.length;
  workspace.rows = kept.rows;
  if (kept.count === 0) return 0;
  if (kept.unbounded) return Number.POSITIVE_INFINITY;
  const { rows, count: n } = kept;
  if (m === 1) {
    let best = reference[0];
    for (let i = 0; i < n; i++) best = Math.min(best, f[rows[i]]);
    return reference[0] - best;
  }
  if (m <= 3) {
    const arena = emptied(workspace, 14 * n + 40);
    const x = column(f, m, 0, kept, arena);
    const y = column(f, m, 1, kept, arena);
    if (m === 2) return area(x, y, n, reference[0], reference[1], arena);
    return volume3(x, y, column(f, m, 2, kept, arena), n, reference, arena);
  }
  const { keys, order, sorting, sweep } = sweepFor(workspace, m, n);
  for (let i = 0; i < n; i++) keys[i] = f[rows[i] * m + m - 1];
  ascendingOrder(keys, n, order, sorting);
  sweep.reference.set(reference);
  const { points } = sweep;
  for (let i = 0, to = 0; i < n; i++) {
    const from = rows[order[i]] * m;
    for (let j = 0; j < m; j++) points[to++] = f[from + j];
  }
  if ('stairs' in sweep) return volume4(sweep, n);
  for (let j = 0; j < m - 1; j++) {
    for (let i = 0, from = j; i < n; i++, from += m) keys[i] = points[from];
    rank(keys, n, order, sorting, sweep.ranks, j, m);
  }
  return 'sweep4' in sweep ? volume5(sweep, n) : slicedVolume(sweep, n);
}

/** Memory that calls of {@link hypervolume} use in turn, and that grows to what the largest needed. Opaque. */
export interface HypervolumeWorkspace {
  readonly arena: Arena;
  /** Of the last call. */
  rows: Int32Array;
  /** The last above three objectives. */
  prepared: Prepared | null;
}

/** An empty workspace. */
export const hypervolumeWorkspace = (): HypervolumeWorkspace => ({
  arena: createArena(0),
  rows: new Int32Array(0),
  prepared: null,
});

/** All of the workspace's memory, for other uses: what was prepared lay in it. */
function emptied(workspace: HypervolumeWorkspace, room: number): Arena {
  workspace.prepared = null;
  restart(workspace.arena, room);
  return workspace.arena;
}

/** A sweep and what sorts its points, for m objectives and at most `room` points. */
interface Prepared {
  readonly m: number;
  readonly room: number;
  readonly keys: Float64Array;
  readonly order: Int32Array;
  readonly sorting: SortBuffers;
  readonly sweep: Sweep4 | Sweep5 | Level;
}

function sweepFor(workspace: HypervolumeWorkspace, m: number, n: number): Prepared {
  const before = workspace.prepared;
  if (before !== null && before.m === m && before.room >= n) return before;
  const arena = emptied(workspace, m === 4 ? 14 * n + 40 : roomForLevels(m, n));
  const prepared = {
    m,
    room: n,
    keys: floats(arena, n),
    order: integers(arena, n),
    sorting: sortBuffers(arena, n),
    sweep: m === 4 ? createSweep4(arena, n) : m === 5 ? createSweep5(arena, n) : createLevels(arena, m, n),
  };
  workspace.prepared = prepared;
  return prepared;
}
