import { type Arena, floats, integers } from './arena.js';

/**
 * What some points leave free of a box of four dimensions: a field of heights y over a grid in x and z, whose lines are the
 * points' own coordinates, lowered point by point in a sweep upwards in w.
 */
export interface HeightField {
  /** The points' coordinates. Only y must not be below the box. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly w: Float64Array;
  /** The box, x to w. */
  readonly bottom: Float64Array;
  readonly top: Float64Array;
  /** By point, the first column and row of the grid that it reaches. */
  readonly column: Int32Array;
  readonly row: Int32Array;
  readonly width: Float64Array;
  readonly depth: Float64Array;
  /** Row by row. They descend along rows and columns. */
  heights: Float64Array;
  columns: number;
  rows: number;
  readonly keys: Float64Array;
  readonly order: Int32Array;
}

/** For at most `count` points. */
export const createHeightField = (arena: Arena, count: number): HeightField => ({
  x: floats(arena, count),
  y: floats(arena, count),
  z: floats(arena, count),
  w: floats(arena, count),
  bottom: floats(arena, 4),
  top: floats(arena, 4),
  column: integers(arena, count),
  row: integers(arena, count),
  width: floats(arena, count + 1),
  depth: floats(arena, count + 1),
  heights: floats(arena, 4 * count + 64),
  columns: 0,
  rows: 0,
  keys: floats(arena, count),
  order: integers(arena, count),
});

/**
 * The volume of the box that the first `count` points do not dominate, all of them below its top. The first `flat` are not above
 * the bottom in z and w, those up to `low` not in w, but in z; the others are above it in w. O(n^3), O(n^2) as a rule.
 */
export function freeVolume(field: HeightField, flat: number, low: number, count: number): number {
  const { w, bottom, top, keys, order } = field;
  drawColumns(field, count);
  let free = drawRows(field, flat, low, count);
  const above = sortAbove(field, w, low, count, 3);
  let volume = 0;
  let height = bottom[3];
  for (let k = 0; k < above; k++) {
    volume += free * (keys[k] - height);
    height = keys[k];
    free -= lower(field, order[k]);
  }
  return volume + free * (top[3] - height);
}

/** Columns between the points above the bottom in x; the first belongs to those at the bottom. */
function drawColumns(field: HeightField, count: number): void {
  const { x, bottom, top, column, width, keys, order } = field;
  const above = sortAbove(field, x, 0, count, 0);
  for (let k = 0; k < count; k++) column[k] = 0;
  let last = bottom[0];
  for (let k = 0; k < above; k++) {
    width[k] = keys[k] - last;
    last = keys[k];
    column[order[k]] = k + 1;
  }
  width[above] = top[0] - last;
  field.columns = above + 1;
}

/**
 * Rows between the points above the bottom in z, with the heights that points at the bottom in w leave: each row is the one
 * before, lowered to the point that it begins with. Returns the volume below the field.
 */
function drawRows(field: HeightField, flat: number, low: number, count: number): number {
  const { z, bottom, top, row, depth, keys, order, columns } = field;
  const above = sortAbove(field, z, flat, count, 2);
  const rows = above + 1;
  field.rows = rows;
  if (columns * rows > field.heights.length) field.heights = new Float64Array(2 * columns * rows);
  const { heights } = field;
  const ceiling = top[1];
  for (let c = 0; c < columns; c++) heights[c] = ceiling;
  let area = (top[0] - bottom[0]) * (ceiling - bottom[1]);
  for (let k = 0; k < flat; k++) area -= lowerRow(field, 0, k);
  for (let k = low; k < count; k++) row[k] = 0;
  let volume = 0;
  let last = bottom[2];
  for (let r = 1; r < rows; r++) {
    const k = order[r - 1];
    const line = keys[r - 1];
    depth[r - 1] = line - last;
    volume += area * (line - last);
    last = line;
    row[k] = r;
    const start = r * columns;
    for (let c = start; c < start + columns; c++) heights[c] = heights[c - columns];
    if (k < low) area -= lowerRow(field, r, k);
  }
  depth[rows - 1] = top[2] - last;
  return volume + area * (top[2] - last);
}

/** Lowers the field to point k. Returns the volume that was above it. */
function lower({ y, row, column, width, depth, heights, columns, rows }: HeightField, k: number): number {
  const height = y[k];
  const first = column[k];
  let volume = 0;
  for (let r = row[k], start = r * columns; r < rows; r++, start += columns) {
    let over = heights[start + first] - height;
    if (over <= 0) break;
    let area = 0;
    let c = first;
    do {
      area += width[c] * over;
      heights[start + c] = height;
      if (++c === columns) break;
      over = heights[start + c] - height;
    } while (over > 0);
    volume += area * depth[r];
  }
  return volume;
}

/** Lowers row r of the field to point k. Returns the area that was above it. */
function lowerRow({ y, column, width, heights, columns }: HeightField, r: number, k: number): number {
  const start = r * columns;
  const height = y[k];
  let area = 0;
  for (let c = column[k]; c < columns; c++) {
    const over = heights[start + c] - height;
    if (over <= 0) break;
    area += width[c] * over;
    heights[start + c] = height;
  }
  return area;
}

/** Writes those of the values `from .. to - 1` that are above the bottom in coordinate j to `keys`, ascending, and whose they are to `order`. Returns their number. */
function sortAbove(
  { bottom, keys, order }: HeightField,
  values: Float64Array,
  from: number,
  to: number,
  j: number,
): number {
  const low = bottom[j];
  let size = 0;
  for (let k = from; k < to; k++) {
    const value = values[k];
    if (value <= low) continue;
    let at = size++;
    for (; at > 0 && keys[at - 1] > value; at--) {
      keys[at] = keys[at - 1];
      order[at] = order[at - 1];
    }
    keys[at] = value;
    order[at] = k;
  }
  return size;
}
