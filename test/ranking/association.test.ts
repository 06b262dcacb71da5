import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  associate,
  type Scale,
  scaleBetween,
  tchebycheff,
  toUnitLength,
} from '../../src/ranking/association.js';
import { dasDennis } from '../../src/ranking/reference-directions.js';

const regionsOf = (f: number[], scale: Scale, m: number, partitions: number) => {
  const region = new Int32Array(f.length / m);
  associate(f, region.length, scale, toUnitLength(dasDennis(m, partitions)), region);
  return [...region];
};

describe('the width of the scale', () => {
  test('is nadir less ideal, and 1 where that is nothing', () => {
    const scale = scaleBetween([1, 5, 1e9, 2], [4, 5, 1e9 + 1e-4, 1]);
    expect([...scale.width]).toEqual([3, 1, 1, 1]);
  });
});

describe('directions of unit length', () => {
  test('point the same way with length 1', () => {
    const { w, count } = toUnitLength(dasDennis(2, 4)); // (0, 1) (1/4, 3/4) (1/2, 1/2) ...
    expect(count).toBe(5);
    expect(w[2]).toBeCloseTo(1 / Math.sqrt(10), 12);
    expect(w[3]).toBeCloseTo(3 / Math.sqrt(10), 12);
    expect(w[4]).toBeCloseTo(Math.SQRT1_2, 12);
  });
});

describe('association', () => {
  test('goes to the direction of the smallest angle, whatever the length', () => {
    // Directions (0,1) (1/2,1/2) (1,0); the borders lie at 22.5 and 67.5 degrees.
    const at = (degrees: number, r: number) => [
      r * Math.cos((degrees * Math.PI) / 180),
      r * Math.sin((degrees * Math.PI) / 180),
    ];
    const f = [...at(0, 3), ...at(22, 0.1), ...at(23, 7), ...at(67, 1), ...at(68, 50), ...at(90, 2)];
    expect(regionsOf(f, scaleBetween([0, 0], [1, 1]), 2, 2)).toEqual([2, 2, 1, 1, 0, 0]);
  });

  test('normalises by the ideal and nadir points first', () => {
    // (110, 0.5) is (0.1, 0.5) after ((f1 - 100) / 100, f2): nearer to (0, 1); as it stands, nearest to (1, 0).
    const f = [110, 0.5];
    expect(regionsOf(f, scaleBetween([0, 0], [1, 1]), 2, 2)).toEqual([2]);
    expect(regionsOf(f, scaleBetween([100, 0], [200, 1]), 2, 2)).toEqual([0]);
  });

  test('gives a point in the ideal corner to the first direction', () => {
    expect(regionsOf([0, 0], scaleBetween([0, 0], [1, 1]), 2, 2)).toEqual([0]);
  });

  test('agrees with the arc cosine of every angle', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 5 })
          .chain((m) =>
            fc.tuple(
              fc.constant(m),
              fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: m, maxLength: m }),
            ),
          ),
        ([m, f]) => {
          const directions = dasDennis(m, 4);
          const angles = Array.from({ length: directions.count }, (_, d) => {
            const w = directions.w.subarray(d * m, (d + 1) * m);
            const cosine = f.reduce((sum, v, j) => sum + v * w[j], 0) / Math.hypot(...f) / Math.hypot(...w);
            return Math.acos(Math.min(1, cosine)); // Of a parallel vector it may round to more than 1.
          });
          const [region] = regionsOf(f, scaleBetween(Array(m).fill(0), Array(m).fill(1)), m, 4);
          expect(angles[region]).toBeCloseTo(Math.min(...angles), 6);
        },
      ),
      { examples: [[[4, [0.01, 0.010000000000000007, 0.01000000000000001, 0.010000000000000007]]]] },
    );
  });
});

describe('the Tchebycheff value', () => {
  const directions = dasDennis(2, 4); // (0, 1) (1/4, 3/4) (1/2, 1/2) (3/4, 1/4) (1, 0)

  test('is the largest normalised objective over its weight', () => {
    // f = (3, 40) in the box (1, 10) .. (5, 110) is (0.5, 0.3).
    const scale = scaleBetween([1, 10], [5, 110]);
    expect(tchebycheff([3, 40], 0, scale, directions, 1)).toBeCloseTo(0.5 / 0.25, 12);
    expect(tchebycheff([3, 40], 0, scale, directions, 2)).toBeCloseTo(0.5 / 0.5, 12);
    expect(tchebycheff([3, 40], 0, scale, directions, 3)).toBeCloseTo(0.3 / 0.25, 12);
  });

  test('counts a weight of zero as 1e-4', () => {
    expect(tchebycheff([0.5, 0.3], 0, scaleBetween([0, 0], [1, 1]), directions, 0)).toBeCloseTo(5000, 8);
    expect(tchebycheff([0.5, 0], 0, scaleBetween([0, 0], [1, 1]), directions, 4)).toBeCloseTo(0.5, 12);
  });

  test('reads the row that it is asked for', () => {
    expect(tchebycheff([9, 9, 0.2, 0.1], 1, scaleBetween([0, 0], [1, 1]), directions, 2)).toBeCloseTo(
      0.4,
      12,
    );
  });
});
