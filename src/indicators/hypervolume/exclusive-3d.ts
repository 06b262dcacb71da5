import { type Arena, floats, integers } from './arena.js';
import { ascendingOrder, sortBuffers } from './order.js';
import { add, below, createRankSet, type RankSet, remove } from './rank-set.js';

/*
 * What each of some points alone dominates, by a sweep upwards in z (HVC3D of Guerreiro and Fonseca, IEEE TEVC 22(3), 2018).
 * The points passed so far that no other dominates in x and y are a staircase; each stair has an area to itself, from its
 * own corner to its neighbours. Points that one stair alone dominates take of that area: they are a second staircase,
 * between the stairs. A new point changes the areas of itself and its neighbours alone, and what it takes out of a
 * staircase never comes back. Points go by their rank in x, from 1; ranks 0 and n + 1 close the staircases at their ends.
 */
interface Staircases {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly stairs: Layer;
  readonly inner: Layer;
  /** By stair: the area that it has to itself, the height from which it has it, and the volume below that. */
  readonly area: Float64Array;
  readonly since: Float64Array;
  readonly volume: Float64Array;
}

/** A staircase: its points, and the next one of each. */
interface Layer {
  readonly ranks: RankSet;
  readonly right: Int32Array;
}

/** Numbers of 64 bits that {@link exclusiveVolumes3} asks for, about. */
export const roomForExclusive3 = (count: number): number => 15 * count + 60;

/**
 * Writes to `out[i]` the volume that only point i dominates below the reference, all of them better than it in every
 * coordinate; 0 for dominated and repeated points. O(n log n).
 */
export function exclusiveVolumes3(
  x: Float64Array,
  y: Float64Array,
  z: Float64Array,
  count: number,
  reference: ArrayLike<number>,
  out: Float64Array,
  arena: Arena,
): void {
  const byX = orderByXY(x, y, count, arena);
  const byZ = integers(arena, count);
  const sz = floats(arena, count);
  const staircases = createStaircases(arena, count);
  for (let k = 0; k < count; k++) {
    staircases.x[k + 1] = x[byX[k]];
    staircases.y[k + 1] = y[byX[k]];
    sz[k] = z[byX[k]];
  }
  ascendingOrder(sz, count, byZ, sortBuffers(arena, count));
  close(staircases, count, reference);
  for (let k = 0; k < count; k++) enter(staircases, byZ[k] + 1, sz[byZ[k]]);
  const { right } = staircases.stairs;
  for (let stair = right[0]; stair <= count; stair = right[stair]) settle(staircases, stair, reference[2]);
  for (let k = 0; k < count; k++) out[byX[k]] = Math.max(0, staircases.volume[k + 1]);
}

/** Ascending in x, and in y among equals. */
function orderByXY(x: Float64Array, y: Float64Array, count: number, arena: Arena): Int32Array {
  const byY = integers(arena, count);
  const order = integers(arena, count);
  const keys = floats(arena, count);
  const sorting = sortBuffers(arena, count);
  ascendingOrder(y, count, byY, sorting);
  for (let k = 0; k < count; k++) keys[k] = x[byY[k]];
  ascendingOrder(keys, count, order, sorting);
  for (let k = 0; k < count; k++) order[k] = byY[order[k]];
  return order;
}

function createStaircases(arena: Arena, count: number): Staircases {
  const size = count + 2;
  const layer = () => ({ ranks: createRankSet(arena, size), right: integers(arena, size) });
  return {
    x: floats(arena, size),
    y: floats(arena, size),
    stairs: layer(),
    inner: layer(),
    area: floats(arena, size),
    since: floats(arena, size),
    volume: floats(arena, size).fill(0),
  };
}

/** Puts the ends of the staircases, which have no area, in their places. */
function close(
  { x, y, stairs, inner, area, since }: Staircases,
  count: number,
  reference: ArrayLike<number>,
): void {
  const end = count + 1;
  x[0] = Number.NEGATIVE_INFINITY;
  y[0] = reference[1];
  x[end] = reference[0];
  y[end] = Number.NEGATIVE_INFINITY;
  for (const { ranks, right } of [stairs, inner]) {
    add(ranks, 0);
    right[0] = end;
  }
  for (const place of [0, end]) {
    area[place] = 0;
    since[place] = 0;
  }
}

/** The sweep comes to point p at height z. */
function enter(staircases: Staircases, p: number, z: number): void {
  const { y, stairs } = staircases;
  const left = below(stairs.ranks, p);
  if (y[left] > y[p]) addStair(staircases, left, p, z);
  else if (y[below(stairs.ranks, left)] > y[p]) addInner(staircases, left, p, z);
  // What two stairs dominate is nobody's alone.
}

/** Point p, which the stair `of` alone dominates, takes what it dominates from that stair's area. */
function addInner(staircases: Staircases, of: number, p: number, z: number): void {
  const { x, y, stairs, inner, area } = staircases;
  const before = below(inner.ranks, p);
  const top = before > of ? y[before] : y[below(stairs.ranks, of)];
  if (top <= y[p]) return;
  settle(staircases, of, z);
  area[of] -= takeInner(staircases, before, x[p], top, y[p], stairs.right[of]);
  if (x[of] === x[p] && y[of] === y[p]) area[of] = 0;
  inner.right[p] = inner.right[before];
  inner.right[before] = p;
  add(inner.ranks, p);
}

/** Point p, which no stair dominates, becomes the stair after `left`; stairs that it dominates become inner points of it. */
function addStair(staircases: Staircases, left: number, p: number, z: number): void {
  const { x, y, stairs, inner, area, since } = staircases;
  const before = below(inner.ranks, p);
  const next = stairs.right[left];
  if (left > 0) {
    settle(staircases, left, z);
    const top = before > left ? y[before] : y[below(stairs.ranks, left)];
    area[left] -= takeInner(staircases, before, x[p], top, y[left], next);
  }

  let own = 0;
  let from = x[p];
  let last = left;
  let lastInner = before;
  let stair = next;
  for (; y[stair] >= y[p]; stair = stairs.right[stair]) {
    own += (x[stair] - from) * (y[last] - y[p]);
    from = x[stair];
    last = stair;
    settle(staircases, stair, z);
    dropInner(staircases, lastInner, stairs.right[stair]);
    remove(stairs.ranks, stair);
    add(inner.ranks, stair);
    inner.right[stair] = inner.right[lastInner];
    inner.right[lastInner] = stair;
    lastInner = stair;
  }
  area[p] = own + (x[stair] - from) * (y[last] - y[p]);
  since[p] = z;

  if (stair < x.length - 1) {
    settle(staircases, stair, z);
    area[stair] -= takeInner(staircases, lastInner, x[stair], y[last], y[p], stairs.right[stair]);
  }
  stairs.right[p] = stair;
  stairs.right[left] = p;
  add(stairs.ranks, p);
}

/**
 * Takes out the inner points after `before` that are at `floor` or above, up to the stair `end`. Returns the area between
 * the floor and the staircase that they make, from `from`, where its height is `top`, on.
 */
function takeInner(
  { x, y, inner }: Staircases,
  before: number,
  from: number,
  top: number,
  floor: number,
  end: number,
): number {
  let area = 0;
  let point = inner.right[before];
  for (; point < end && y[point] >= floor; point = inner.right[point]) {
    area += (x[point] - from) * (top - floor);
    from = x[point];
    top = y[point];
    remove(inner.ranks, point);
  }
  inner.right[before] = point;
  return area + ((point < end ? x[point] : x[end]) - from) * (top - floor);
}

/** Takes out the inner points after `before`, up to the stair `end`. */
function dropInner({ inner }: Staircases, before: number, end: number): void {
  let point = inner.right[before];
  for (; point < end; point = inner.right[point]) remove(inner.ranks, point);
  inner.right[before] = point;
}

/** Counts the volume of a stair up to height z. */
function settle({ area, since, volume }: Staircases, stair: number, z: number): void {
  volume[stair] += area[stair] * (z - since[stair]);
  since[stair] = z;
}
