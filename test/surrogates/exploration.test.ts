import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integer, randomOf, real } from '../../src/index.js';
import { spaceOf } from '../../src/space.js';
import { exploreFarthest, exploreUniformly, shareOfRound } from '../../src/surrogates/exploration.js';

const square = spaceOf({ a: real(0, 1), b: real(-10, 10) });
const row = (...x: number[]) => Float64Array.from(x);

describe('exploration', () => {
  it('goes as far as possible from what is known, bounds counted as 0 and 1', () => {
    const picked: Float64Array[] = [];
    exploreFarthest(square, [row(0, -10), row(1, -10), row(0, 10)], picked, 1, randomOf('far'));
    // The free corner, as near as a thousand samples come to it.
    expect(picked[0][0]).toBeGreaterThan(0.85);
    expect(picked[0][1]).toBeGreaterThan(7);
  });

  it('counts what it has picked', () => {
    const picked: Float64Array[] = [];
    exploreFarthest(square, [row(0.5, 0)], picked, 4, randomOf('corners'));
    const corners = new Set(picked.map(([a, b]) => `${a > 0.5} ${b > 0}`));
    expect(corners.size).toBe(4);
  });

  it('never repeats a vector, and stops when a finite space is exhausted', () => {
    const few = spaceOf({ n: integer(0, 2), k: integer(0, 1) });
    for (const explore of [exploreFarthest, exploreUniformly]) {
      const picked: Float64Array[] = [];
      explore(few, [row(1, 1)], picked, 50, randomOf('few'));
      expect(new Set(picked.map((x) => x.join())).size).toBe(5);
      expect(picked).toHaveLength(5);
      expect(picked.some((x) => x.join() === '1,1')).toBe(false);
    }
  });

  it('is dealt to rounds so that its share holds after every one of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(0, 0.5),
        (twentieths, infill, phase) => {
          let dealt = 0;
          for (let round = 1; round <= 40; round++) {
            const points = shareOfRound(twentieths / 20, infill, round, phase);
            expect(points).toBeGreaterThanOrEqual(0);
            expect(points).toBeLessThanOrEqual(infill);
            dealt += points;
            // In whole numbers, without rounding.
            expect(dealt).toBe(Math.floor((round * infill * twentieths + 20 * phase) / 20));
          }
        },
      ),
    );
  });
});
