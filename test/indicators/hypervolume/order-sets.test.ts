import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena } from '../../../src/indicators/hypervolume/arena.js';
import { sortBuffers } from '../../../src/indicators/hypervolume/order.js';
import { createOrderSets, rank, relate } from '../../../src/indicators/hypervolume/order-sets.js';

const COUNT = 90;
const coordinates = fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }), {
  minLength: 1,
  maxLength: COUNT,
});

describe('the sets of rows that are not above a row', () => {
  it('hold the rows that a comparison finds, and their order, call after call, for any rows among more', () => {
    const arena = createArena(0);
    const sets = createOrderSets(arena, COUNT, 8);
    const sorting = sortBuffers(arena, COUNT);
    fc.assert(
      fc.property(coordinates, fc.integer({ min: 1, max: 3 }), (points, step) => {
        const n = points.length;
        const ranks = new Int32Array(5 * n);
        const order = new Int32Array(n);
        for (let j = 0; j < 4; j++)
          rank(
            Float64Array.from(points, (point) => point[j]),
            n,
            order,
            sorting,
            ranks,
            j,
            5,
          );
        const rows = Int32Array.from({ length: Math.ceil(n / step) }, (_, r) => r * step);
        relate(sets, ranks, rows, rows.length);
        for (let r = 0; r < rows.length; r++)
          for (let j = 0; j < 4; j++)
            for (let q = 0; q < rows.length; q++) {
              const word = sets.atMost[(r * sets.words + (q >>> 5)) * 4 + j];
              expect(((word >>> (q & 31)) & 1) === 1).toBe(points[rows[q]][j] <= points[rows[r]][j]);
            }
        for (let j = 0; j < 4; j++)
          for (let p = 0; p < rows.length; p++) {
            const r = sets.sorted[4 * p + j];
            expect(sets.position[4 * r + j]).toBe(p);
            if (p === 0) continue;
            const before = sets.sorted[4 * (p - 1) + j];
            expect(points[rows[before]][j]).toBeLessThanOrEqual(points[rows[r]][j]);
          }
      }),
      { numRuns: 30 },
    );
  });
});
