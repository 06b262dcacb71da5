import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crowdingDistance } from '../../src/ranking/crowding-distance.js';

const infinity = Number.POSITIVE_INFINITY;

function distances(points: readonly (readonly number[])[], front = points.map((_, i) => i)): number[] {
  const distance = new Float64Array(points.length).fill(-1);
  crowdingDistance(points.flat(), points[0]?.length ?? 2, front, front.length, distance);
  return [...distance];
}

describe('the crowding distance', () => {
  test('adds the gaps between neighbours in ranges of the front', () => {
    // Ranges 4 and 8: (1, 4): (2 - 0) / 4 + (8 - 2) / 8; (2, 2): (4 - 1) / 4 + (4 - 0) / 8.
    const points = [
      [0, 8],
      [1, 4],
      [2, 2],
      [4, 0],
    ];
    expect(distances(points)).toEqual([infinity, 1.25, 1.25, infinity]);
  });

  test('is infinite for a front of one or two, equal ones too', () => {
    expect(distances([[3, 3]])).toEqual([infinity]);
    expect(
      distances([
        [3, 3],
        [3, 3],
      ]),
    ).toEqual([infinity, infinity]);
  });

  test('orders equal values as the front lists them', () => {
    // By f1: rows 0, 1, 2, 3; by f2 the same backwards, with rows 1 and 2 equal in both.
    const points = [
      [0, 4],
      [2, 2],
      [2, 2],
      [4, 0],
    ];
    // Row 1: f1 (2 - 0) / 4; in f2 it comes before row 2: (2 - 0) / 4. Row 2: f1 (4 - 2) / 4, f2 (4 - 2) / 4.
    expect(distances(points)).toEqual([infinity, 1, 1, infinity]);
    // With row 2 listed first, it has the gap to the left of f1.
    expect(
      distances(
        [
          [0, 5],
          [1, 1],
          [1, 1],
          [5, 0],
        ],
        [0, 2, 1, 3],
      ),
    ).toEqual([infinity, 4 / 5 + 4 / 5, 1 / 5 + 1 / 5, infinity]);
  });

  test('takes nothing from an objective in which the whole front is equal', () => {
    expect(
      distances([
        [0, 7],
        [1, 7],
        [4, 7],
      ]),
    ).toEqual([infinity, 1, infinity]);
    expect(
      distances([
        [7, 7],
        [7, 7],
        [7, 7],
      ]),
    ).toEqual([0, 0, 0]);
  });

  test('never makes a NaN of infinite values', () => {
    expect(
      distances([
        [0, infinity],
        [1, 5],
        [2, 4],
        [infinity, 0],
      ]),
      // Finite neighbours on one side only: an infinite gap in f2 for row 1, in f1 for row 2.
    ).toEqual([infinity, infinity, infinity, infinity]);
    expect(
      distances([
        [0, infinity, 0],
        [1, 5, 1],
        [2, 4, 2],
        [3, 3, 3],
        [infinity, 0, 4],
      ])[2],
    ).toBe(0.5);
  });

  test('writes to the rows of the front and leaves the others alone', () => {
    const points = [
      [9, 9],
      [0, 2],
      [1, 1],
      [2, 0],
    ];
    expect(distances(points, [1, 2, 3])).toEqual([-1, infinity, 2, infinity]);
  });

  test('agrees with the definition by sorting on distinct values', () => {
    const point = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 40 }), (points) => {
        fc.pre([0, 1, 2].every((j) => new Set(points.map((p) => p[j] + 0)).size === points.length));
        const expected = points.map(() => 0);
        for (const j of [0, 1, 2]) {
          const order = points.map((_, i) => i).sort((a, b) => points[a][j] - points[b][j]);
          const range = points[order.at(-1)!][j] - points[order[0]][j];
          order.forEach((row, p) => {
            const inside = p > 0 && p < order.length - 1;
            expected[row] += inside ? (points[order[p + 1]][j] - points[order[p - 1]][j]) / range : infinity;
          });
        }
        expect(distances(points)).toEqual(expected);
      }),
    );
  });
});
