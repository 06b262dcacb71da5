import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { halton, haltonPoints } from '../../src/operators/halton.js';
import { uniformSample } from '../../src/operators/sampling.js';
import { checkVector, choice, integer, real, spaceOf } from '../../src/space.js';
import { starDiscrepancy } from './discrepancy.js';

const rowsOf = (points: Float64Array, n: number) =>
  Array.from({ length: points.length / n }, (_, i) => [...points.subarray(i * n, (i + 1) * n)]);

describe('Halton points', () => {
  test('begin as in the books: bases 2, 3 and 5', () => {
    expect(rowsOf(haltonPoints(3, 7), 3)).toEqual([
      [0, 0, 0],
      [1 / 2, 1 / 3, 1 / 5],
      [1 / 4, 2 / 3, 2 / 5],
      [3 / 4, 1 / 9, 3 / 5],
      [1 / 8, 4 / 9, 4 / 5],
      [5 / 8, 7 / 9, 1 / 25],
      [3 / 8, 2 / 9, 6 / 25],
    ]);
  });

  test('mirror the digits of the index in the prime of the dimension', () => {
    const points = rowsOf(haltonPoints(9, 2000), 9);
    for (const [d, base] of [2, 3, 5, 7, 11, 13, 17, 19, 23].entries())
      for (const i of [1, 2, 17, 500, 1999]) {
        const digits = i.toString(base);
        let value = 0;
        for (const [place, digit] of [...digits].reverse().entries())
          value += Number.parseInt(digit, base) * base ** -(place + 1);
        expect(points[i][d]).toBeCloseTo(value, 14);
      }
  });

  test.each([
    ['plain', undefined],
    ['scrambled', 7],
  ])('%s: among the first b^k points each of b^k equal intervals has one', (_, seed) => {
    const points = rowsOf(haltonPoints(5, 343, seed === undefined ? undefined : randomOf(seed)), 5);
    for (const [d, base, power] of [
      [0, 2, 256],
      [1, 3, 243],
      [2, 5, 125],
      [3, 7, 343],
      [4, 11, 121],
    ]) {
      const cells = points.slice(0, power).map((row) => Math.floor(row[d] * power + 1e-9));
      expect(new Set(cells).size, `base ${base}`).toBe(power);
    }
  });

  test('scrambled points are uniform each by itself, the first included', () => {
    const counts = Array<number>(10).fill(0);
    for (let seed = 0; seed < 2000; seed++) counts[Math.floor(haltonPoints(6, 1, randomOf(seed))[5] * 10)]++;
    for (const times of counts) expect(Math.abs(times - 200)).toBeLessThan(5 * Math.sqrt(180));
  });

  test('scrambling breaks the correlation of high dimensions', () => {
    const correlation = (points: readonly (readonly number[])[]) => {
      let sum = 0;
      for (const row of points) sum += (row[30] - 0.5) * (row[31] - 0.5);
      return Math.abs((12 * sum) / points.length);
    };
    expect(correlation(rowsOf(haltonPoints(32, 100), 32))).toBeGreaterThan(0.5);
    expect(correlation(rowsOf(haltonPoints(32, 100, randomOf('broken')), 32))).toBeLessThan(0.4);
  });

  test('the same stream gives the same points, and all lie in [0, 1)', () => {
    const points = haltonPoints(20, 500, randomOf(1));
    expect(haltonPoints(20, 500, randomOf(1))).toEqual(points);
    expect(haltonPoints(20, 500, randomOf(2))).not.toEqual(points);
    expect(points.every((value) => value >= 0 && value < 1)).toBe(true);
  });

  test('have a lower discrepancy than uniform points', () => {
    const unit = spaceOf({ a: real(0, 1), b: real(0, 1) });
    for (let seed = 0; seed < 5; seed++)
      expect(starDiscrepancy(haltonPoints(2, 128, randomOf(seed)))).toBeLessThan(
        0.6 * starDiscrepancy(uniformSample(unit, 128, randomOf(seed))),
      );
  });

  test('become vectors of a mixed space, of more variables than Sobol points reach', () => {
    const space = spaceOf({
      ...Object.fromEntries(Array.from({ length: 140 }, (_, v) => [`x${v}`, real(-1, 1)])),
      b: integer(-1, 2),
      c: choice('p', 'q', 'r'),
    });
    for (const row of rowsOf(halton(space, 50, randomOf(4)), 142)) checkVector(space, row);
  });

  test('have the primes for bases: the second point is 1 / base', () => {
    const second = haltonPoints(20_000, 2).subarray(20_000);
    expect(Array.from(second.subarray(0, 6), (x) => 1 / x).map(Math.round)).toEqual([2, 3, 5, 7, 11, 13]);
    expect(Math.round(1 / second[9_999])).toBe(104_729); // the ten-thousandth
    expect(Math.round(1 / second[19_999])).toBe(224_737);
  });

  test('refuse no dimension, and no whole number of points', () => {
    expect(() => haltonPoints(0, 1)).toThrow(new InputError('Halton points have 1 dimension or more, got 0'));
    for (const count of [-1, 0.5]) expect(() => haltonPoints(1, count)).toThrow(InputError);
  });
});
