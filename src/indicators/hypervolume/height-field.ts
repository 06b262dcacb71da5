import { lowestBit } from '../../math/bits.js';
import { type Arena, floats, integers } from './arena.js';
import { type Corner, listAbove } from './corner.js';

/**
 * Where what some points leave free of a box of four dimensions is worked out: a field of heights y over a grid in x and z,
 * whose lines are the points' own coordinates, lowered point by point in a sweep upwards in w.
 */
export interface HeightField {
  /** By place, the first column of the grid that it reaches, and where the first row that it reaches begins in the sheet. */
  readonly starts: Int32Array;
  /**
   * The columns' widths; then row by row its heights, which descend along rows and columns, the floor, where each descent ends,
   * and the row's depth. One array, for each costs a check in every round of a loop.
   */
  readonly sheet: Float64Array;
}

/** Up to how many near rows the field is faster than a sweep. */
export const FIELD = 48;

/** For at most `count` places, and {@link FIELD} of them at a time. */
export const createHeightField = (arena: Arena, count: number): HeightField => ({
  starts: integers(arena, 2 * count),
  sheet: floats(arena, sheetFor(count)),
});

/** Numbers of 64 bits that {@link createHeightField} asks for. */
export const roomForHeightField = (count: number): number => count + sheetFor(count);

const sheetFor = (count: number): number => (Math.min(count, FIELD) + 2) * (Math.min(count, FIELD) + 3);

/**
 * The volume of the corner's box that its near members, at most {@link FIELD}, do not dominate. They are below the box's top. Rows are
 * drawn in the coordinate in which most of them are not above the corner, for those need none. O(n^3), O(n^2) as a rule.
 *
 * One function, for its arrays are found anew in each that it calls.
 */
export function freeVolume(field: HeightField, corner: Corner, words: number): number {
  const { starts, sheet } = field;
  const { values, bottom, top, axes, near, tied, list } = corner;
  const yAxis = axes[0];
  const xAxis = axes[1];
  const wAxis = axes[2];
  const zAxis = axes[3];
  const floor = bottom[yAxis];
  const ceiling = top[yAxis];

  // Columns between the points above the bottom in x; the first belongs to those at the bottom. Over them the first row.
  const columns = listAbove(corner, words, xAxis) + 1;
  const stride = columns + 2;
  for (let w = 0; w < words; w++)
    for (let left = near[w] & tied[4 * w + xAxis]; left !== 0; left &= left - 1)
      starts[2 * (32 * w + lowestBit(left))] = 0;
  let last = bottom[xAxis];
  sheet[stride] = ceiling;
  for (let c = 1; c < columns; c++) {
    const place = list[c - 1];
    const x = values[4 * place + xAxis];
    sheet[c - 1] = x - last;
    sheet[stride + c] = ceiling;
    starts[2 * place] = c;
    last = x;
  }
  sheet[columns - 1] = top[xAxis] - last;
  sheet[stride + columns] = floor;

  // The first row with the heights that points at the bottom in z and w leave.
  let area = (top[xAxis] - bottom[xAxis]) * (ceiling - floor);
  for (let w = 0; w < words; w++) {
    const low = tied[4 * w + wAxis];
    for (let left = near[w] & tied[4 * w + zAxis]; left !== 0; left &= left - 1) {
      const bit = lowestBit(left);
      const place = 32 * w + bit;
      starts[2 * place + 1] = stride;
      if (((low >>> bit) & 1) === 0) continue;
      const y = Math.max(values[4 * place + yAxis], floor);
      let c = starts[2 * place];
      for (let over = sheet[stride + c] - y; over > 0; over = sheet[stride + c] - y) {
        area -= sheet[c] * over;
        sheet[stride + c++] = y;
      }
    }
  }

  // The others, each from a point above the bottom in z: the one before, lowered to the point where that is at the bottom in w.
  const rows = listAbove(corner, words, zAxis);
  let free = 0;
  last = bottom[zAxis];
  let start = stride;
  for (let k = 0; k < rows; k++) {
    const place = list[k];
    const z = values[4 * place + zAxis];
    sheet[start + columns + 1] = z - last;
    free += area * (z - last);
    last = z;
    start += stride;
    starts[2 * place + 1] = start;
    let to = start;
    if ((tied[4 * (place >>> 5) + wAxis] >>> place) & 1) {
      const y = Math.max(values[4 * place + yAxis], floor);
      let c = starts[2 * place];
      for (const first = to + c; to < first; to++) sheet[to] = sheet[to - stride];
      for (let over = sheet[to - stride] - y; over > 0; over = sheet[to - stride] - y) {
        area -= sheet[c++] * over;
        sheet[to++] = y;
      }
    }
    // Two cells a round, if need be the depth's too, which is written later.
    for (const end = start + columns; to <= end; to += 2) {
      sheet[to] = sheet[to - stride];
      sheet[to + 1] = sheet[to + 1 - stride];
    }
  }
  sheet[start + columns + 1] = top[zAxis] - last;
  free += area * (top[zAxis] - last);

  // Upwards in w. Two cells a round.
  const end = start + stride;
  const above = listAbove(corner, words, wAxis);
  let volume = 0;
  last = bottom[wAxis];
  for (let k = 0; k < above; k++) {
    const place = list[k];
    const w = values[4 * place + wAxis];
    volume += free * (w - last);
    last = w;
    const y = Math.max(values[4 * place + yAxis], floor);
    const first = starts[2 * place];
    for (let row = starts[2 * place + 1]; row < end; row += stride) {
      let cell = row + first;
      let over = sheet[cell] - y;
      if (over <= 0) break;
      let area = sheet[first] * over;
      sheet[cell] = y;
      for (let c = first + 1; ; c += 2, cell += 2) {
        over = sheet[cell + 1] - y;
        if (over <= 0) break;
        area += sheet[c] * over;
        sheet[cell + 1] = y;
        over = sheet[cell + 2] - y;
        if (over <= 0) break;
        area += sheet[c + 1] * over;
        sheet[cell + 2] = y;
      }
      free -= area * sheet[row + columns + 1];
    }
  }
  return volume + free * (top[wAxis] - last);
}
