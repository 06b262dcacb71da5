import { lowestBit } from '../../math/bits.js';
import { type Arena, floats, integers } from './arena.js';
import { type Corner, createCorner, listAll, listNear } from './corner.js';
import {
  createHeightField,
  FIELD,
  freeVolume,
  type HeightField,
  roomForHeightField,
} from './height-field.js';
import { ascendingOrder, type SortBuffers, sortBuffers } from './order.js';
import { relate, wordsOf } from './order-sets.js';
import { createSweep4, type Sweep4, volume4 } from './sweep-4d.js';

/*
 * Hypervolume in five dimensions: a sweep upwards in the last coordinate, where each point adds to the four-dimensional volume
 * of the slice what it alone dominates there. Of the slice's other points few matter to that, and a small grid holds what they
 * leave free.
 */
export interface Sweep5 {
  /** Rows of five, minimised, ascending in the last coordinate. */
  readonly points: Float64Array;
  /** Of their coordinates but the last, equal for equal ones. */
  readonly ranks: Int32Array;
  /** Better than which all of them are in every coordinate. */
  readonly reference: Float64Array;
  /** The corner of the last point. At hand are the members of the slice, then the rows that are next in the sweep. */
  readonly corner: Corner;
  readonly field: HeightField;
  readonly sweep4: Sweep4;
  readonly keys: Float64Array;
  readonly order: Int32Array;
  readonly sorting: SortBuffers;
}

/** How many rows of the sweep come to hand at a time, or as many as the slice has. */
const BATCH = 64;

/** For at most `count` rows, not filled. */
export function createSweep5(arena: Arena, count: number): Sweep5 {
  const points = floats(arena, 5 * count);
  const reference = floats(arena, 5);
  return {
    points,
    ranks: integers(arena, 5 * count),
    reference,
    corner: createCorner(arena, reference, count, Math.min(count, 4 * BATCH)),
    field: createHeightField(arena, count),
    sweep4: createSweep4(arena, count),
    keys: floats(arena, count),
    order: integers(arena, count),
    sorting: sortBuffers(arena, count),
  };
}

/** Numbers of 64 bits that {@link createSweep5} asks for, about. */
export const roomForSweep5 = (count: number): number => {
  const usual = Math.min(count, 4 * BATCH);
  return 32 * count + roomForHeightField(count) + 2 * wordsOf(usual) * usual + 80;
};

/** The volume that the first `count` >= 1 rows dominate below the reference. */
export function volume5(sweep: Sweep5, count: number): number {
  const { points, reference } = sweep;
  let volume = 0;
  let slice = 0;
  let height = points[4];
  let bottom = 1;
  while (bottom < count && points[5 * bottom + 4] === height) bottom++;
  sweep.corner.sets.words = 0;
  let kept = bottom;
  for (let start = 0, end = 0; start < count; start = end) {
    end = Math.min(count, start + Math.max(BATCH, kept));
    kept = enrol(sweep, start, end);
    if (start === 0) slice = bottomVolume(sweep, bottom);
    for (let i = Math.max(start, bottom); i < end; i++) {
      const place = kept + i - start;
      const added = exclusiveVolume4(sweep, place, place);
      if (added === 0) continue;
      const last = points[5 * i + 4];
      volume += slice * (last - height);
      height = last;
      slice += added;
      enter(sweep, place);
    }
  }
  return volume + slice * (reference[4] - height);
}

/** What each of the first `count` rows alone dominates in four coordinates; the last is not read. */
export function exclusiveVolumes4(sweep: Sweep5, count: number, out: Float64Array): void {
  const { sets, members } = sweep.corner;
  sets.words = 0;
  enrol(sweep, 0, count);
  firstMembers(members, sets.words, count);
  for (let i = 0; i < count; i++) {
    members[i >>> 5] &= ~(1 << (i & 31));
    out[i] = Math.max(0, exclusiveVolume4(sweep, i, count));
    members[i >>> 5] |= 1 << (i & 31);
  }
}

/** What the row at `place` alone dominates in four coordinates, beside the members before place `size`. It must be none. */
function exclusiveVolume4(sweep: Sweep5, place: number, size: number): number {
  const { places } = sweep.corner;
  for (let j = 0; j < 4; j++) places[j] = place;
  return freeAround(sweep, size);
}

/** Puts the members and rows `from .. to - 1` at hand. Returns the number of members. */
function enrol({ points, ranks, corner }: Sweep5, from: number, to: number): number {
  const { rows, sets, values, members } = corner;
  let size = 0;
  for (let w = 0; w < sets.words; w++)
    for (let left = members[w]; left !== 0; left &= left - 1) rows[size++] = rows[32 * w + lowestBit(left)];
  const kept = size;
  for (let i = from; i < to; i++) rows[size++] = i;
  for (let k = 0, place = 0; k < size; k++)
    for (let j = 0, row = 5 * rows[k]; j < 4; j++) values[place++] = points[row++];
  relate(sets, ranks, rows, size);
  firstMembers(members, sets.words, kept);
  return kept;
}

function firstMembers(members: Int32Array, words: number, count: number): void {
  members.fill(0, 0, words);
  for (let k = 0; k < count; k++) members[k >>> 5] |= 1 << (k & 31);
}

/** Makes the first `count` rows the slice. Returns its volume. */
function bottomVolume(sweep: Sweep5, count: number): number {
  const { points, reference, corner } = sweep;
  const { sets, members, places } = corner;
  firstMembers(members, sets.words, count);
  let box = 1;
  for (let j = 0; j < 4; j++) {
    let least = 0;
    for (let k = 1; k < count; k++) if (points[5 * k + j] < points[5 * least + j]) least = k;
    places[j] = least;
    box *= reference[j] - points[5 * least + j];
  }
  return box - freeAround(sweep, count);
}

/** Adds the row at `place`, whose corner was the last, to the slice, and takes away those that are above it everywhere. */
function enter({ corner }: Sweep5, place: number): void {
  const { members, tied } = corner;
  const word = place >>> 5;
  for (let w = 0; w <= word; w++)
    members[w] &= tied[4 * w] | tied[4 * w + 1] | tied[4 * w + 2] | tied[4 * w + 3];
  members[word] |= 1 << (place & 31);
}

/** The volume between the corner and the reference, in four coordinates, that no member before place `size` dominates. */
function freeAround(sweep: Sweep5, size: number): number {
  const count = listNear(sweep.corner, size);
  if (count < 0) return 0;
  const words = wordsOf(size);
  return count <= FIELD ? freeVolume(sweep.field, sweep.corner, words) : freeBySweep(sweep, words, count);
}

/** The same for many points. */
function freeBySweep({ corner, sweep4, keys, order, sorting }: Sweep5, words: number, count: number): number {
  const { values, axes, list, bottom, top } = corner;
  listAll(corner, words);
  for (let k = 0; k < count; k++) keys[k] = values[4 * list[k] + axes[3]];
  ascendingOrder(keys, count, order, sorting);
  let free = 1;
  for (let j = 0; j < 4; j++) {
    sweep4.reference[j] = top[axes[j]];
    free *= top[axes[j]] - bottom[axes[j]];
  }
  let size = 0;
  for (let k = 0; k < count; k++) {
    const place = 4 * list[order[k]];
    let inside = true;
    for (let j = 0; j < 4; j++) {
      const axis = axes[j];
      const value = Math.max(values[place + axis], bottom[axis]);
      sweep4.points[4 * size + j] = value;
      if (value >= top[axis]) inside = false;
    }
    if (inside) size++;
  }
  return free - volume4(sweep4, size);
}
