import { InputError } from '../errors.js';

/** Rows of `objectives` non-negative weights that sum to 1, row-major. */
export interface ReferenceDirections {
  readonly count: number;
  readonly objectives: number;
  readonly w: Float64Array;
}

/**
 * The Das-Dennis lattice (SIAM J. Optimization 8(3), 1998): all weights that are multiples of 1 / `partitions`, in
 * lexicographic order; `C(partitions + m - 1, m - 1)` rows. One objective has the single direction 1.
 */
export function dasDennis(objectives: number, partitions: number): ReferenceDirections {
  if (!Number.isInteger(objectives) || objectives < 1)
    throw new InputError(`the number of objectives must be a whole number from 1, got ${objectives}`);
  if (!Number.isInteger(partitions) || partitions < 1)
    throw new InputError(`the number of partitions must be a whole number from 1, got ${partitions}`);
  const count = latticeSize(objectives, partitions);
  const w = new Float64Array(count * objectives);
  const point = new Int32Array(objectives);
  let row = 0;
  const fill = (axis: number, left: number): void => {
    if (axis === objectives - 1) {
      point[axis] = left;
      for (let j = 0; j < objectives; j++) w[row * objectives + j] = point[j] / partitions;
      row++;
      return;
    }
    for (let share = 0; share <= left; share++) {
      point[axis] = share;
      fill(axis + 1, left - share);
    }
  };
  fill(0, partitions);
  return { count, objectives, w };
}

/** The largest Das-Dennis lattice of at most `count` directions; the corners alone where even those are too many. */
export function dasDennisUpTo(objectives: number, count: number): ReferenceDirections {
  if (objectives === 1) return dasDennis(1, 1);
  let partitions = 1;
  while (latticeSize(objectives, partitions + 1) <= count) partitions++;
  return dasDennis(objectives, partitions);
}

/** C(partitions + m - 1, m - 1). */
function latticeSize(objectives: number, partitions: number): number {
  let size = 1;
  for (let i = 1; i < objectives; i++) size = (size * (partitions + i)) / i;
  return Math.round(size);
}
