import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena } from '../../../src/indicators/hypervolume/arena.js';
import { createCorner, listNear } from '../../../src/indicators/hypervolume/corner.js';
import { createHeightField, freeVolume } from '../../../src/indicators/hypervolume/height-field.js';
import { relate, wordsOf } from '../../../src/indicators/hypervolume/order-sets.js';

const SIDE = 5;
const COUNT = 45;

/** The unit cells of the box from 0 to SIDE that no point is at most at. */
function freeCells(points: readonly (readonly number[])[]): number {
  let count = 0;
  for (let cell = 0; cell < SIDE ** 4; cell++) {
    const corner = [0, 1, 2, 3].map((j) => Math.floor(cell / SIDE ** j) % SIDE);
    if (!points.some((point) => point.every((value, j) => value <= corner[j]))) count++;
  }
  return count;
}

describe('the height field', () => {
  it('counts the cells above a corner that no point dominates, with points below it, equal and dominated ones', () => {
    const arena = createArena(0);
    const corner = createCorner(arena, Float64Array.of(SIDE, SIDE, SIDE, SIDE), COUNT + 1, COUNT + 1);
    const ranks = new Int32Array(5 * (COUNT + 1));
    const field = createHeightField(arena, COUNT + 1);
    const value = fc.integer({ min: -1, max: SIDE - 1 });
    const point = fc.tuple(value, value, value, value);
    fc.assert(
      fc.property(fc.array(point, { maxLength: COUNT }), (points) => {
        const n = points.length;
        // The corner is the last row, and alone no member. Coordinates are ranks already, but for the sign.
        [...points, [0, 0, 0, 0]].forEach((x, i) => {
          for (let j = 0; j < 4; j++) {
            corner.values[4 * i + j] = x[j];
            ranks[5 * i + j] = x[j] + 1;
          }
          corner.rows[i] = i;
        });
        relate(corner.sets, ranks, corner.rows, n + 1);
        corner.members.fill(0);
        for (let i = 0; i < n; i++) corner.members[i >>> 5] |= 1 << (i & 31);
        corner.places.fill(n);
        const count = listNear(corner, n + 1);
        if (count < 0) expect(freeCells(points)).toBe(0);
        else expect(freeVolume(field, corner, wordsOf(n + 1))).toBe(freeCells(points));
      }),
      { numRuns: 300 },
    );
  });
});
