import { describe, expect, test } from 'vitest';
import { zdt1, zdt2, zdt3, zdt4, zdt5, zdt6 } from '../../problems/zdt.js';
import { InputError } from '../../src/errors.js';
import { evaluateAt } from './evaluate-at.js';

describe('the problems of Zitzler, Deb and Thiele', () => {
  // x2 .. x4 have the mean (0.1 + 0.2 + 0.3) / 3 = 0.2, so the linear g is 1 + 9 * 0.2 = 2.8.
  const x = [0.7, 0.1, 0.2, 0.3];

  test('ZDT1 is g (1 - sqrt(f1 / g)) with g = 1 + 9 mean', () => {
    const { f } = evaluateAt(zdt1(4), x);
    expect(f[0]).toBe(0.7);
    expect(f[1]).toBeCloseTo(2.8 * (1 - Math.sqrt(0.25)), 12); // 0.7 / 2.8 = 1 / 4
    expect(f[1]).toBeCloseTo(1.4, 12);
  });

  test('ZDT2 is g (1 - (f1 / g)^2)', () => {
    expect(evaluateAt(zdt2(4), x).f[1]).toBeCloseTo(2.8 * (15 / 16), 12);
  });

  test('ZDT3 is g (1 - sqrt(f1 / g) - (f1 / g) sin(10 pi f1))', () => {
    expect(evaluateAt(zdt3(4), x).f[1]).toBeCloseTo(1.4, 12); // sin(7 pi) = 0
    // At f1 = 0.25 sin(2.5 pi) = 1; with x2 .. = 0, g = 1: 1 - 0.5 - 0.25.
    expect(evaluateAt(zdt3(4), [0.25, 0, 0, 0]).f[1]).toBeCloseTo(0.25, 12);
  });

  test('ZDT4 has g = 1 + 10 (n - 1) + sum(x^2 - 10 cos(4 pi x))', () => {
    // n = 3: x2 = 0.5 adds 0.25 - 10, x3 = -0.25 adds 0.0625 + 10 to 21: g = 21.3125.
    const { f } = evaluateAt(zdt4(3), [1, 0.5, -0.25]);
    expect(f[1]).toBeCloseTo(21.3125 * (1 - Math.sqrt(1 / 21.3125)), 10);
    expect(evaluateAt(zdt4(3), [0.25, 0, 0]).f).toEqual([0.25, 0.5]);
  });

  test('ZDT4 lets all but the first variable go from -5 to 5', () => {
    const { space } = zdt4();
    expect([...space.lower]).toEqual([0, ...Array(9).fill(-5)]);
    expect([...space.upper]).toEqual([1, ...Array(9).fill(5)]);
  });

  test('ZDT5 is (1 + ones, sum of v / f1), where a string of five ones has v = 1 and one of k < 5 has 2 + k', () => {
    const first = (ones: number) => Array.from({ length: 30 }, (_, i) => (i < ones ? 1 : 0));
    // Two strings of five bits: 11111 and 01101 count 1 + (2 + 3).
    expect(evaluateAt(zdt5(3), [...first(7), 1, 1, 1, 1, 1, 0, 1, 1, 0, 1]).f).toEqual([8, 6 / 8]);
    expect(evaluateAt(zdt5(2), [...first(0), 0, 0, 0, 0, 0]).f).toEqual([1, 2]);
    expect(evaluateAt(zdt5(2), [...first(30), 1, 1, 1, 1, 0]).f).toEqual([31, 6 / 31]);
    expect(zdt5().space.length).toBe(80);
    expect(() => zdt5(1)).toThrow('ZDT5 needs a whole number of bit strings from 2, got 1');
  });

  test('ZDT6 has f1 = 1 - exp(-4 x1) sin(6 pi x1)^6 and g with the fourth root of the mean', () => {
    // x1 = 1/12: sin(pi / 2) = 1; the mean 1/16 has the fourth root 1/2: g = 5.5.
    const { f } = evaluateAt(zdt6(3), [1 / 12, 0.1, 0.025]);
    expect(f[0]).toBeCloseTo(1 - Math.exp(-1 / 3), 12);
    expect(f[1]).toBeCloseTo(5.5 * (1 - (f[0] / 5.5) ** 2), 12);
  });

  test('they have the numbers of variables of the paper unless told otherwise', () => {
    expect([zdt1, zdt2, zdt3, zdt4, zdt6].map((make) => make().space.length)).toEqual([30, 30, 30, 10, 10]);
    expect(zdt1(7).space.length).toBe(7);
  });

  test('fewer than two variables are refused with the law and the value', () => {
    expect(() => zdt1(1)).toThrow(InputError);
    expect(() => zdt4(2.5)).toThrow('a ZDT problem needs a whole number of variables from 2, got 2.5');
  });
});
