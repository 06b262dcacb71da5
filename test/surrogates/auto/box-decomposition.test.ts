import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypervolume } from '../../../src/index.js';
import { type BoxDecomposition, decomposeWithin } from '../../../src/surrogates/auto/box-decomposition.js';

const decomposeBoxes = (f: readonly number[], count: number, reference: readonly number[]) =>
  decomposeWithin(
    Array.from({ length: count }, (_, i) => f.slice(i * reference.length, (i + 1) * reference.length)),
    reference,
    Number.POSITIVE_INFINITY,
  );

const corners = ({ objectives: m, size, levels, lower, upper }: BoxDecomposition, box: number) =>
  Array.from({ length: m }, (_, j): [number, number] => [
    levels[j * (size + 2) + lower[box * m + j]],
    levels[j * (size + 2) + upper[box * m + j]],
  ]);

/** Points of few different coordinates, so that ties are common. */
const sets = fc
  .integer({ min: 1, max: 5 })
  .chain((m) =>
    fc
      .array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: m, maxLength: m }), { maxLength: 12 })
      .map((rows) => ({ m, rows })),
  );

describe('the boxes that a set of points leaves undominated', () => {
  it('are the strips between the points in two objectives', () => {
    const boxes = decomposeBoxes([1, 3, 2, 1], 2, [4, 5]);
    const found = Array.from({ length: boxes.count }, (_, b) =>
      JSON.stringify(corners(boxes, b).flat().map(String)),
    );
    // Below (4, 1), below (2, 3) above 1, below (1, 5) above 3.
    expect(found.sort()).toEqual(
      [
        ['-Infinity', '4', '-Infinity', '1'],
        ['-Infinity', '2', '1', '3'],
        ['-Infinity', '1', '3', '5'],
      ]
        .map((strip) => JSON.stringify(strip))
        .sort(),
    );
  });

  it('are the one box below the reference when there is no point, or none below it', () => {
    for (const f of [[], [5, 0, 4, 4]]) {
      const boxes = decomposeBoxes(f, f.length / 2, [4, 5]);
      expect(boxes.count).toBe(1);
      expect(corners(boxes, 0)).toEqual([
        [Number.NEGATIVE_INFINITY, 4],
        [Number.NEGATIVE_INFINITY, 5],
      ]);
    }
  });

  it('hold every undominated place once and no dominated one, ties included', () => {
    fc.assert(
      fc.property(sets, ({ m, rows }) => {
        const boxes = decomposeBoxes(rows.flat(), rows.length, Array<number>(m).fill(6));
        const places = fc.sample(
          fc.array(fc.integer({ min: -1, max: 6 }), { minLength: m, maxLength: m }),
          20,
        );
        for (const place of places.map((p) => p.map((v) => v + 0.5))) {
          const inside = place.every((v) => v < 6);
          const dominated = rows.some((row) => row.every((v, j) => v <= place[j] && v < 6));
          const holding = Array.from({ length: boxes.count }, (_, b) => corners(boxes, b)).filter((box) =>
            box.every(([low, high], j) => low < place[j] && place[j] < high),
          ).length;
          expect(holding).toBe(inside && !dominated ? 1 : 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leave the hypervolume between them and the reference', () => {
    fc.assert(
      fc.property(sets, ({ m, rows }) => {
        const reference = Array<number>(m).fill(6);
        const boxes = decomposeBoxes(rows.flat(), rows.length, reference);
        let left = 0;
        for (let b = 0; b < boxes.count; b++)
          left += corners(boxes, b).reduce((volume, [low, high]) => volume * (high - Math.max(low, -1)), 1);
        expect(7 ** m - left).toBeCloseTo(hypervolume(rows.flat(), rows.length, reference), 6);
      }),
      { numRuns: 200 },
    );
  });

  it('are no more than asked for, at the price of some points', () => {
    const points = Array.from({ length: 16 }, (_, i) => [i, 15 - i]);
    const few = decomposeWithin(points, [16, 16], 9);
    // 17 strips are too many, the 9 of the even points are not.
    expect(few.count).toBe(9);
    expect([...few.levels.slice(1, 9)]).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    expect(decomposeWithin(points, [16, 16], 0).count).toBe(2);
  });
});
