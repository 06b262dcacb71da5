import { clear, END, insertAfter, linksFor, unlink } from './linked-rows.js';
import { exclusiveVolume3, reserveStairs, volume4 } from './sweep-4d.js';

/*
 * Hypervolume above three objectives by slicing along the last one: upwards, each point adds to the volume of the slice
 * below the next point what it alone dominates there. That is its box less the volume of the slice's other points cut to
 * its corner, one dimension down; down to the pass of HV4D over three.
 *
 * Cutting to the corner is the idea of WFG (While, Bradstreet and Barone, IEEE TEVC 16(1), 2012). Slicing combines it with
 * HSO: the slice keeps its non-dominated points alone, in the order of its own last coordinate, which the cut leaves in
 * order too, so that nothing is sorted below the top. Nothing is allocated in the recursion either.
 */

interface Level {
  /** Rows of the level's dimension, ascending in the last coordinate. */
  readonly points: Float64Array;
  /** The list of the points of the present slice, ascending in the last coordinate but one. */
  readonly links: Int32Array;
}

/** By dimension, from 4. Kept between calls. */
const levels: Level[] = [];

/** Makes room for `count` rows in every dimension from 4 to `m`. Returns the rows of dimension `m`, to be filled. */
export function reserveLevels(count: number, m: number): Float64Array {
  reserveStairs(count);
  for (let d = 4; d <= m; d++)
    if (levels[d] === undefined || levels[d].points.length < count * d)
      levels[d] = { points: new Float64Array(count * d), links: linksFor(count) };
  return levels[m].points;
}

/**
 * The volume that the first `count` rows of dimension `d` >= 4 dominate below the reference, all of them better than it
 * in every coordinate.
 */
export function slicedVolume(d: number, count: number, reference: ArrayLike<number>): number {
  const { points, links } = levels[d];
  if (d === 4) return volume4(points, count, reference, links);
  clear(links);
  let volume = 0;
  let slice = 0;
  let height = 0;
  for (let i = 0; i < count; i++) {
    const z = points[i * d + d - 1];
    volume += slice * (z - height);
    height = z;
    slice += exclusiveVolume(d - 1, i, reference, true);
  }
  return volume + slice * (reference[d - 1] - height);
}

/**
 * What row i of dimension `d + 1` alone dominates in its first `d` >= 3 coordinates, beside the rows of that level's
 * list; row i itself is passed over where the list holds it. With `keep`, a list of rows that don't dominate
 * one another stays one: row i enters and the rows that it dominates leave, unless it is dominated itself.
 */
export function exclusiveVolume(d: number, i: number, reference: ArrayLike<number>, keep: boolean): number {
  const stride = d + 1;
  const { points, links } = levels[stride];
  if (d === 3) return exclusiveVolume3(points, i, reference, links, keep);
  const cut = levels[d].points;
  const last = points[i * stride + d - 1];
  let entry = END;
  let above = links[0];
  while (above !== END && points[above * stride + d - 1] <= last) {
    entry = above;
    above = links[2 * above + 2];
  }
  let count = 0;
  // Cut to the row's own last coordinate they tie: the nearest first, since they dominate most others.
  for (let s = entry; s !== END; s = links[2 * s + 3]) {
    if (s === i) continue;
    if (cutRow(points, s, i, d, cut, count * d) & CORNER) return 0;
    cut[count++ * d + d - 1] = last;
  }
  for (let s = above; s !== END; s = links[2 * s + 2]) {
    if (s === i) continue;
    const relation = cutRow(points, s, i, d, cut, count * d);
    cut[count++ * d + d - 1] = points[s * stride + d - 1];
    if (relation & CORNER) break; // nothing above it is free
    if (keep && relation & DOMINATED) unlink(links, s);
  }
  if (keep) insertAfter(links, entry, i);
  let box = 1;
  for (let j = 0; j < d; j++) box *= reference[j] - points[i * stride + j];
  return count === 0 ? box : box - slicedVolume(d, count, reference);
}

const CORNER = 1;
const DOMINATED = 2;

/**
 * Writes the first `d - 1` coordinates of row s, cut to the corner of row i, to `cut[to ...]`. Returns CORNER when they are
 * the corner, plus DOMINATED when row i is at least as good in all of them.
 */
function cutRow(
  points: Float64Array,
  s: number,
  i: number,
  d: number,
  cut: Float64Array,
  to: number,
): number {
  const row = i * (d + 1);
  const other = s * (d + 1);
  let relation = CORNER | DOMINATED;
  for (let j = 0; j < d - 1; j++) {
    const corner = points[row + j];
    const value = points[other + j];
    if (value > corner) {
      cut[to + j] = value;
      relation &= ~CORNER;
    } else {
      cut[to + j] = corner;
      if (value < corner) relation &= ~DOMINATED;
    }
  }
  return relation;
}

/** Links the first `count` rows of dimension `d + 1` into that level's list, in order. */
export function linkAll(d: number, count: number): void {
  const { links } = levels[d + 1];
  clear(links);
  for (let s = 0; s < count; s++) insertAfter(links, s - 1, s);
}
