import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { dasDennis, dasDennisUpTo } from '../../src/ranking/reference-directions.js';

const binomial = (n: number, k: number): number => (k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k);
const rowsOf = ({ w, objectives: m, count }: ReturnType<typeof dasDennis>) =>
  Array.from({ length: count }, (_, d) => [...w.subarray(d * m, (d + 1) * m)]);

describe('the Das-Dennis lattice', () => {
  test('of three objectives and two partitions is written out', () => {
    expect(rowsOf(dasDennis(3, 2))).toEqual([
      [0, 0, 1],
      [0, 0.5, 0.5],
      [0, 1, 0],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
      [1, 0, 0],
    ]);
  });

  test('of one objective is the direction 1', () => {
    expect(rowsOf(dasDennis(1, 5))).toEqual([[1]]);
  });

  test('has C(p + m - 1, m - 1) different rows that sum to 1, in lexicographic order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 }), (m, p) => {
        const directions = dasDennis(m, p);
        expect(directions.count).toBe(Math.round(binomial(p + m - 1, m - 1)));
        const rows = rowsOf(directions);
        rows.forEach((row, d) => {
          expect(row.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
          for (const w of row) {
            expect(w).toBeGreaterThanOrEqual(0);
            expect(w * p).toBeCloseTo(Math.round(w * p), 12);
          }
          if (d === 0) return;
          const axis = row.findIndex((w, j) => w !== rows[d - 1][j]);
          expect(row[axis]).toBeGreaterThan(rows[d - 1][axis]);
        });
      }),
    );
  });

  test.each([
    [2, 50, 50],
    [3, 91, 91], // 12 partitions
    [3, 90, 78], // 11
    [3, 50, 45], // 8
    [4, 50, 35], // 4
    [5, 3, 5], // the corners alone
    [1, 50, 1],
  ])('of %i objectives and at most %i directions has %i', (m, most, count) => {
    expect(dasDennisUpTo(m, most).count).toBe(count);
  });

  test('refuses numbers that are not whole from 1, with the law and the value', () => {
    expect(() => dasDennis(0, 4)).toThrow('the number of objectives must be a whole number from 1, got 0');
    expect(() => dasDennis(2, 1.5)).toThrow(
      'the number of partitions must be a whole number from 1, got 1.5',
    );
    expect(() => dasDennis(2, 0)).toThrow(InputError);
  });

  test('refuses a lattice of more than a million directions before it fills the memory', () => {
    expect(() => dasDennis(10, 20)).toThrow(
      'a lattice must have at most 1000000 directions, got 10015005 of 10 objectives and 20 partitions',
    );
  });
});
