import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena } from '../../../src/indicators/hypervolume/arena.js';
import { createHeightField, freeVolume } from '../../../src/indicators/hypervolume/height-field.js';

const SIDE = 5;

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
  it('counts the cells that no point dominates, with points at the bottom, equal and dominated ones', () => {
    const field = createHeightField(createArena(0), 12);
    field.bottom.fill(0);
    field.top.fill(SIDE);
    const place = fc.integer({ min: -1, max: SIDE - 1 }); // below the bottom, but in y
    const point = fc.tuple(place, fc.integer({ min: 0, max: SIDE - 1 }), place, place);
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const parts = [0, 1, 2].map((part) =>
          points.filter(([, , z, w]) => (w > 0 ? 2 : z > 0 ? 1 : 0) === part),
        );
        parts.flat().forEach(([x, y, z, w], k) => {
          field.x[k] = x;
          field.y[k] = y;
          field.z[k] = z;
          field.w[k] = w;
        });
        const low = parts[0].length + parts[1].length;
        expect(freeVolume(field, parts[0].length, low, points.length)).toBe(freeCells(points));
      }),
    );
  });
});
