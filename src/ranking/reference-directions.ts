import { InputError } from '../errors.js';

/** Rows of `objectives` non-negative weights that sum to 1, row-major. */
export interface ReferenceDirections {
  readonly count: number;
  readonly objectives: number;
  readonly w: Float64Array;
}

/** Directions that a lattice may have: beyond it they fill the memory, and no population has room for them. */
const LARGEST_LATTICE = 1_000_000;

/**
 * The Das-Dennis lattice (SIAM J. Optimization 8(3), 1998): all weights that are multiples of 1 / `partitions`, in
 * lexicographic order; `C(partitions + m - 1, m - 1)` rows. One objective has the single direction 1.
 * Throws an InputError unless both are whole numbers from 1, and for more than a million directions.
 */
export function dasDennis(objectives: number, partitions: number): ReferenceDirections {
  if (!Number.isInteger(objectives) || objectives < 1)
    throw new InputError(`the number of objectives must be a whole number from 1, got ${objectives}`);
  if (!Number.isInteger(partitions) || partitions < 1)
    throw new InputError(`the number of partitions must be a whole number from 1, got ${partitions}`);
  const count = latticeSize(objectives, partitions);
  if (count > LARGEST_LATTICE)
    throw new InputError(
      `a lattice must have at most ${LARGEST_LATTICE} directions, got ${count} of ${objectives} objectives and ${partitions} partitions`,
    );
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

/** The share of the simplex, around its middle, that the inner layer of {@link twoLayers} covers. */
const INNER_SHARE = 0.5;

/**
 * Two Das-Dennis lattices (Deb and Jain 2014, Section V): one of `outer` partitions on the simplex, then one of `inner`
 * partitions drawn in by half towards the middle, `w / 2 + 1 / (2 m)`. For many objectives, where a single lattice with points
 * inside would be too large: 8 objectives with 3 and 2 partitions have 120 + 36 directions, a lattice of 8 has 6435.
 */
export function twoLayers(objectives: number, outer: number, inner: number): ReferenceDirections {
  const outside = dasDennis(objectives, outer);
  const inside = dasDennis(objectives, inner);
  const w = new Float64Array(outside.w.length + inside.w.length);
  w.set(outside.w);
  for (let i = 0; i < inside.w.length; i++)
    w[outside.w.length + i] = INNER_SHARE * inside.w[i] + (1 - INNER_SHARE) / objectives;
  return { count: outside.count + inside.count, objectives, w };
}

/**
 * Directions for a population of `count`: {@link dasDennisUpTo} when that lattice has points inside (as many partitions as
 * objectives); else, where they fit into `count`, {@link twoLayers} of p and p - 1 partitions with the largest p, as the
 * settings of the paper have it (8 objectives: 3 and 2; 15: 2 and 1).
 */
export function layersUpTo(objectives: number, count: number): ReferenceDirections {
  const lattice = dasDennisUpTo(objectives, count);
  if (objectives <= 2 || latticeSize(objectives, objectives) <= count) return lattice;
  const size = (outer: number) => latticeSize(objectives, outer) + latticeSize(objectives, outer - 1);
  let outer = 1;
  while (size(outer + 1) <= count) outer++;
  return outer < 2 ? lattice : twoLayers(objectives, outer, outer - 1);
}

/** C(partitions + m - 1, m - 1). */
function latticeSize(objectives: number, partitions: number): number {
  let size = 1;
  for (let i = 1; i < objectives; i++) size = (size * (partitions + i)) / i;
  return Math.round(size);
}
