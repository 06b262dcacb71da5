import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crowdingDistance } from '../../src/ranking/crowding-distance.js';
import { createThinningScratch, thinByCrowding } from '../../src/ranking/crowding-thinning.js';

const infinity = Number.POSITIVE_INFINITY;

type Points = readonly (readonly number[])[];

function thinned(points: Points, places: number, rows = points.map((_, i) => i)) {
  const front = Int32Array.from(rows);
  const distance = new Float64Array(points.length).fill(-1);
  thinByCrowding(points.flat(), points[0].length, front, rows.length, places, distance);
  return { kept: [...front.subarray(0, places)], distance: [...distance] };
}

/** The definition: the last row of the smallest distance goes, and all distances are taken anew. */
function thinnedByDefinition(points: Points, places: number): number[] {
  const front = points.map((_, i) => i);
  const distance = new Float64Array(points.length);
  while (front.length > places) {
    crowdingDistance(points.flat(), points[0].length, front, front.length, distance);
    const least = Math.min(...front.map((row) => distance[row]));
    front.splice(front.map((row) => distance[row]).lastIndexOf(least), 1);
  }
  return front;
}

/** A front of two objectives: whole numbers, so that distances in ranges of a power of two are exact. */
const front = fc
  .uniqueArray(fc.integer({ min: 1, max: 63 }), { minLength: 1, maxLength: 30 })
  .map((inner) => [0, ...inner, 64])
  .chain((f1) => fc.shuffledSubarray(f1, { minLength: f1.length }))
  .map((f1) => f1.map((value) => [value, (64 - value) ** 2 / 64]));

describe('thinning by crowding distance', () => {
  test('takes one row at a time, and its neighbours are less crowded without it', () => {
    // Along both objectives the gaps are 4, 1, 1, 1 and 1 eighths: of rows 1 to 4 the last of the most crowded go.
    const points = [
      [0, 8],
      [4, 4],
      [5, 3],
      [6, 2],
      [7, 1],
      [8, 0],
    ];
    expect(thinned(points, 5).kept).toEqual([0, 1, 2, 3, 5]);
    // Without row 4 row 3 has gaps of 1 and 2, row 2 two of 1.
    expect(thinned(points, 4).kept).toEqual([0, 1, 3, 5]);
    expect(thinned(points, 3).kept).toEqual([0, 1, 5]);
    expect(thinned(points, 2).kept).toEqual([0, 5]);
    expect(thinned(points, 4).distance[3]).toBe(2 * (4 / 8));
  });

  test('takes the last of equal rows, and of ends when nothing else is left', () => {
    const points = [
      [0, 2],
      [1, 1],
      [1, 1],
      [2, 0],
    ];
    expect(thinned(points, 3).kept).toEqual([0, 1, 3]);
    expect(thinned(points, 1).kept).toEqual([0]);
    expect(thinned([points[1], points[1], points[1]], 2).kept).toEqual([0, 1]);
  });

  test('looks at the rows of the front alone, in the order given', () => {
    const points = [
      [1, 1],
      [0, 4],
      [9, 9],
      [2, 2],
      [1.5, 2.5],
      [4, 0],
    ];
    const { kept, distance } = thinned(points, 3, [5, 4, 3, 1]);
    // In quarters: row 4 has gaps of 2 and 2, row 3 of 2.5 and 2.5.
    expect(kept).toEqual([5, 3, 1]);
    expect([distance[0], distance[2]]).toEqual([-1, -1]);
    expect(distance[3]).toBe(2);
  });

  test('keeps what infinite values set apart', () => {
    const points = [
      [0, infinity],
      [1, 5],
      [2, 4],
      [3, 3],
      [infinity, 0],
    ];
    expect(thinned(points, 4).kept).toEqual([0, 1, 3, 4]);
    expect(thinned(points, 4).distance).not.toContain(Number.NaN);
  });

  test('agrees with the definition that measures every row anew', () => {
    fc.assert(
      fc.property(front, fc.nat(), (points, n) => {
        const places = 2 + (n % (points.length - 1));
        expect(thinned(points, places).kept).toEqual(thinnedByDefinition(points, places));
      }),
    );
  });

  test('leaves the distances that the rows kept have among themselves, in any number of objectives', () => {
    const point = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    const ends = [
      [2, -1, -1],
      [-1, 2, -1],
      [-1, -1, 2],
      [-1, -1, -1],
    ];
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 40 }), fc.nat(), (inner, n) => {
        const points = [...ends, ...inner];
        fc.pre([0, 1, 2].every((j) => new Set(inner.map((p) => p[j] + 0)).size === inner.length));
        const places = 6 + (n % (points.length - 5));
        const { kept, distance } = thinned(points, Math.min(places, points.length));
        const expected = new Float64Array(points.length);
        crowdingDistance(points.flat(), 3, kept, kept.length, expected);
        for (const row of kept) expect(distance[row]).toBeCloseTo(expected[row], 12);
      }),
    );
  });

  test('works in memory of a larger front', () => {
    const scratch = createThinningScratch(50, 2);
    const rows = Int32Array.of(0, 1, 2, 3, 4);
    const distance = new Float64Array(5);
    thinByCrowding([0, 4, 1, 3, 2, 2, 3, 1, 4, 0], 2, rows, 5, 3, distance, scratch);
    expect([...rows.subarray(0, 3)]).toEqual([0, 2, 4]);
    expect(distance[2]).toBe(2);
  });
});
