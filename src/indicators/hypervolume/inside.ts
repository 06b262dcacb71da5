import { InputError } from '../../errors.js';
import { checkArray, checkRows } from '../point-sets.js';
import { type Arena, floats } from './arena.js';

/** The rows that are better than the reference in every objective, in order. */
export interface Inside {
  readonly rows: Int32Array;
  readonly count: number;
  /** Whether one of them has a -Infinity. */
  readonly unbounded: boolean;
}

/**
 * Rows `0 .. count - 1` of `f` (rows x m, minimised) that are better than `reference` (m entries) in every objective; a
 * NaN is not. Written to `room` where that is long enough. Throws an InputError when the reference is empty or not finite, or `f`
 * shorter than count x m.
 */
export function inside(
  f: ArrayLike<number>,
  count: number,
  reference: ArrayLike<number>,
  room?: Int32Array,
): Inside {
  checkArray('the reference point', reference);
  const m = reference.length;
  if (m === 0) throw new InputError('the reference point must have an entry for each objective, got none');
  for (let j = 0; j < m; j++)
    if (!Number.isFinite(reference[j]))
      throw new InputError(`the reference point must be finite, got ${reference[j]} for objective ${j + 1}`);
  checkRows(f, count, m);
  const rows = room !== undefined && room.length >= count ? room : new Int32Array(count);
  let size = 0;
  let unbounded = false;
  for (let i = 0, row = 0; i < count; i++, row += m) {
    let better = true;
    let finite = true;
    for (let j = 0; j < m; j++) {
      const value = f[row + j];
      if (!(value < reference[j])) {
        better = false;
        break;
      }
      if (value === Number.NEGATIVE_INFINITY) finite = false;
    }
    if (!better) continue;
    rows[size++] = i;
    if (!finite) unbounded = true;
  }
  return { rows, count: size, unbounded };
}

/** Objective `j` of the rows. */
export function column(
  f: ArrayLike<number>,
  m: number,
  j: number,
  { rows, count }: Inside,
  arena: Arena,
): Float64Array {
  const values = floats(arena, count);
  for (let i = 0; i < count; i++) values[i] = f[rows[i] * m + j];
  return values;
}
