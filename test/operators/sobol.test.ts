import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { JOE_KUO } from '../../src/operators/joe-kuo.js';
import { uniformSample } from '../../src/operators/sampling.js';
import { sobol, sobolPoints } from '../../src/operators/sobol.js';
import { checkVector, choice, integer, real, spaceOf } from '../../src/space.js';
import { starDiscrepancy } from './discrepancy.js';

const rowsOf = (points: Float64Array, n: number) =>
  Array.from({ length: points.length / n }, (_, i) => [...points.subarray(i * n, (i + 1) * n)]);

/** Whether each elementary interval of volume 2^-k in two dimensions (2^a x 2^(k - a) boxes) holds its share of the points. */
function isNet(points: readonly (readonly number[])[], p: number, q: number, k: number): boolean {
  for (let a = 0; a <= k; a++) {
    const boxes = new Map<string, number>();
    for (const row of points) {
      const key = `${Math.floor(row[p] * 2 ** a)},${Math.floor(row[q] * 2 ** (k - a))}`;
      boxes.set(key, (boxes.get(key) ?? 0) + 1);
    }
    if (boxes.size !== 2 ** k || [...boxes.values()].some((held) => held !== points.length / 2 ** k))
      return false;
  }
  return true;
}

describe('direction numbers', () => {
  const rows = JOE_KUO.map((row) => row.split(' ').map(Number));

  test('are odd and below 2^i', () => {
    expect(rows).toHaveLength(127);
    for (const [, ...m] of rows)
      m.forEach((value, i) => {
        expect(value % 2).toBe(1);
        expect(value).toBeLessThan(2 ** (i + 1));
      });
  });

  test('belong to the primitive polynomials in ascending order, none left out', () => {
    // x^s + a_1 x^(s-1) + ... + a_(s-1) x + 1 is primitive when x has the order 2^s - 1 modulo it.
    const isPrimitive = (s: number, a: number) => {
      const polynomial = (1 << s) | (a << 1) | 1;
      let power = 1;
      for (let order = 1; ; order++) {
        power <<= 1;
        if (power >> s) power ^= polynomial;
        if (power === 1) return order === 2 ** s - 1;
        if (order === 2 ** s) return false;
      }
    };
    const primitive: string[] = [];
    for (let s = 1; s <= 10; s++)
      for (let a = 0; a < 2 ** (s - 1); a++) if (isPrimitive(s, a)) primitive.push(`${s} ${a}`);
    expect(rows.map(([a, ...m]) => `${m.length} ${a}`)).toEqual(primitive.slice(0, 127));
  });

  test('keep property A in the first ten dimensions: 2^d points fall one into each of the 2^d quadrants', () => {
    for (let d = 1; d <= 10; d++) {
      const points = rowsOf(sobolPoints(d, 2 ** d), d);
      const quadrants = new Set(points.map((row) => row.map((value) => (value < 0.5 ? 0 : 1)).join('')));
      expect(quadrants.size).toBe(2 ** d);
    }
  });
});

describe('Sobol points', () => {
  test('begin as published by Joe and Kuo', () => {
    // The example of the program of the authors: ten points in three dimensions.
    expect(rowsOf(sobolPoints(3, 10), 3)).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375],
      [0.6875, 0.8125, 0.4375],
    ]);
  });

  test.each([
    ['plain', undefined],
    ['scrambled', 7],
  ])('%s: every dimension has one of 2^k points in each of 2^k equal intervals', (_, seed) => {
    const points = rowsOf(sobolPoints(128, 64, seed === undefined ? undefined : randomOf(seed)), 128);
    for (let d = 0; d < 128; d++) expect(new Set(points.map((row) => Math.floor(row[d] * 64))).size).toBe(64);
  });

  test('plain and scrambled: the first two dimensions are a (0, k, 2)-net, and so is every later block', () => {
    for (const random of [undefined, randomOf('net'), randomOf('another')]) {
      const points = rowsOf(sobolPoints(2, 256, random), 2);
      for (const k of [1, 2, 3, 4, 5, 6, 7, 8])
        for (let block = 0; block < 256; block += 2 ** k)
          expect(isNet(points.slice(block, block + 2 ** k), 0, 1, k)).toBe(true);
    }
  });

  test('scrambling keeps the quality of every pair of dimensions', () => {
    const plain = rowsOf(sobolPoints(8, 256), 8);
    const scrambled = rowsOf(sobolPoints(8, 256, randomOf('quality')), 8);
    for (let p = 0; p < 8; p++)
      for (let q = p + 1; q < 8; q++)
        for (let k = 1; k <= 8; k++) expect(isNet(scrambled, p, q, k)).toBe(isNet(plain, p, q, k));
  });

  test('scrambled points are uniform each by itself', () => {
    // The first point over many seeds, in a dimension near the end: ten equal cells.
    const counts = Array<number>(10).fill(0);
    for (let seed = 0; seed < 2000; seed++) counts[Math.floor(sobolPoints(40, 1, randomOf(seed))[39] * 10)]++;
    for (const times of counts) expect(Math.abs(times - 200)).toBeLessThan(5 * Math.sqrt(180));
  });

  test('the same stream gives the same points, another seed others, and a longer sequence begins with the shorter', () => {
    const points = sobolPoints(5, 32, randomOf(1));
    expect(sobolPoints(5, 32, randomOf(1))).toEqual(points);
    expect(sobolPoints(5, 32, randomOf(2))).not.toEqual(points);
    expect(sobolPoints(5, 100, randomOf(1)).subarray(0, 160)).toEqual(points);
  });

  test('have a lower discrepancy than uniform points', () => {
    const unit = spaceOf({ a: real(0, 1), b: real(0, 1) });
    for (let seed = 0; seed < 5; seed++)
      expect(starDiscrepancy(sobolPoints(2, 128, randomOf(seed)))).toBeLessThan(
        0.5 * starDiscrepancy(uniformSample(unit, 128, randomOf(seed))),
      );
  });

  test('become vectors of a mixed space, each value of a choice about as often as the others', () => {
    const space = spaceOf({ a: real(-2, 3), b: integer(-1, 2), c: choice('p', 'q', 'r'), d: integer(0, 1) });
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (count, seed) => {
        const rows = rowsOf(sobol(space, count, randomOf(seed)), 4);
        expect(rows).toHaveLength(count);
        for (const row of rows) checkVector(space, row);
      }),
      { numRuns: 30 },
    );
    const rows = rowsOf(sobol(space, 64, randomOf(3)), 4);
    for (let value = -1; value <= 2; value++) expect(rows.filter((row) => row[1] === value)).toHaveLength(16);
    for (let value = 0; value <= 1; value++) expect(rows.filter((row) => row[3] === value)).toHaveLength(32);
    for (let value = 0; value <= 2; value++)
      expect(Math.abs(rows.filter((row) => row[2] === value).length - 64 / 3)).toBeLessThan(1);
  });

  test('refuse more dimensions than there are numbers for, and no whole number of points', () => {
    expect(() => sobolPoints(129, 1)).toThrow(
      new InputError('Sobol points have from 1 to 128 dimensions, got 129'),
    );
    for (const dimensions of [0, 1.5, Number.NaN])
      expect(() => sobolPoints(dimensions, 1)).toThrow(InputError);
    for (const count of [-1, 0.5, 2 ** 32]) expect(() => sobolPoints(1, count)).toThrow(InputError);
  });
});
