import { lowestBit } from '../../math/bits.js';
import { type Arena, floats, integers } from './arena.js';
import { type Corner, listAbove } from './corner.js';

/**
 * Where what some points leave free of a box of four dimensions is worked out: a field of heights y over a grid in x and z,
 * whose lines are the points' own coordinates, lowered point by point in a sweep upwards in w.
 */
export interface HeightField {
  /** By place, the first column and row of the grid that it reaches. */
  readonly column: Int32Array;
  readonly row: Int32Array;
  readonly width: Float64Array;
  readonly depth: Float64Array;
  /** Row by row. They descend along rows and columns. */
  heights: Float64Array;
}

/** Up to how many near rows the field is faster than a sweep. */
export const FIELD = 48;

/** For at most `count` places, and `FIELD` of them at a time. */
export const createHeightField = (arena: Arena, count: number): HeightField => ({
  column: integers(arena, count),
  row: integers(arena, count),
  width: floats(arena, FIELD + 1),
  depth: floats(arena, FIELD + 1),
  heights: floats(arena, 4 * FIELD + 64),
});

/** Numbers of 64 bits that {@link createHeightField} asks for, about. */
export const roomForHeightField = (count: number): number => count + 6 * FIELD + 70;

/**
 * The volume of the corner's box that its near members, at most {@link FIELD}, do not dominate. They are below the box's top. Rows are
 * drawn in the coordinate in which most of them are not above the corner, for those need none. O(n^3), O(n^2) as a rule.
 *
 * One function, for its arrays are found anew in each that it calls.
 */
export function freeVolume(field: HeightField, corner: Corner, words: number): number {
  const { column, row, width, depth } = field;
  const { points, rows, bottom, top, axes, near, tied, list } = corner;
  const yAxis = axes[0];
  const xAxis = axes[1];
  const wAxis = axes[2];
  const zAxis = axes[3];
  const floor = bottom[yAxis];
  const ceiling = top[yAxis];

  // Columns between the points above the bottom in x; the first belongs to those at the bottom.
  let columns = listAbove(corner, words, xAxis);
  for (let w = 0; w < words; w++)
    for (let left = near[w] & tied[4 * w + xAxis]; left !== 0; left &= left - 1)
      column[32 * w + lowestBit(left)] = 0;
  let last = bottom[xAxis];
  for (let k = 0; k < columns; k++) {
    const place = list[k];
    const x = points[5 * rows[place] + xAxis];
    width[k] = x - last;
    last = x;
    column[place] = k + 1;
  }
  width[columns++] = top[xAxis] - last;

  // The first row, with the heights that points at the bottom in z and w leave.
  const lines = listAbove(corner, words, zAxis) + 1;
  if (columns * lines > field.heights.length) field.heights = new Float64Array(2 * columns * lines);
  const { heights } = field;
  for (let c = 0; c < columns; c++) heights[c] = ceiling;
  let area = (top[xAxis] - bottom[xAxis]) * (ceiling - floor);
  for (let w = 0; w < words; w++) {
    const low = tied[4 * w + wAxis];
    for (let left = near[w] & tied[4 * w + zAxis]; left !== 0; left &= left - 1) {
      const bit = lowestBit(left);
      const place = 32 * w + bit;
      row[place] = 0;
      if (((low >>> bit) & 1) === 0) continue;
      const y = Math.max(points[5 * rows[place] + yAxis], floor);
      for (let c = column[place]; c < columns; c++) {
        const over = heights[c] - y;
        if (over <= 0) break;
        area -= width[c] * over;
        heights[c] = y;
      }
    }
  }

  // The others, each from a point above the bottom in z: the one before, lowered to the point where that is at the bottom in w.
  let free = 0;
  last = bottom[zAxis];
  for (let r = 1; r < lines; r++) {
    const place = list[r - 1];
    const z = points[5 * rows[place] + zAxis];
    depth[r - 1] = z - last;
    free += area * (z - last);
    last = z;
    row[place] = r;
    let to = r * columns;
    const end = to + columns;
    if ((tied[4 * (place >>> 5) + wAxis] >>> place) & 1) {
      const y = Math.max(points[5 * rows[place] + yAxis], floor);
      let c = column[place];
      for (const first = to + c; to < first; to++) heights[to] = heights[to - columns];
      for (; to < end; to++, c++) {
        const over = heights[to - columns] - y;
        if (over <= 0) break;
        area -= width[c] * over;
        heights[to] = y;
      }
    }
    for (; to < end; to++) heights[to] = heights[to - columns];
  }
  depth[lines - 1] = top[zAxis] - last;
  free += area * (top[zAxis] - last);

  // Upwards in w.
  const above = listAbove(corner, words, wAxis);
  let volume = 0;
  last = bottom[wAxis];
  for (let k = 0; k < above; k++) {
    const place = list[k];
    const w = points[5 * rows[place] + wAxis];
    volume += free * (w - last);
    last = w;
    const y = Math.max(points[5 * rows[place] + yAxis], floor);
    const first = column[place];
    for (let r = row[place], start = r * columns; r < lines; r++, start += columns) {
      let over = heights[start + first] - y;
      if (over <= 0) break;
      let area = 0;
      let c = first;
      do {
        area += width[c] * over;
        heights[start + c] = y;
        if (++c === columns) break;
        over = heights[start + c] - y;
      } while (over > 0);
      free -= area * depth[r];
    }
  }
  return volume + free * (top[wAxis] - last);
}
