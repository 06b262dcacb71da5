import { describe, expect, test } from 'vitest';
import * as ctp from '../../problems/ctp.js';
import type { Problem } from '../../src/index.js';
import { closeTo, evaluateAt } from './evaluate-at.js';

describe('the problems of Deb, Pratap and Meyarivan', () => {
  test('CTP1 is (x1, d exp(-x1 / d)) under the curves 0.858 exp(-0.541 f1) and 0.728 exp(-0.295 f1)', () => {
    const { f, g } = evaluateAt(ctp.ctp1(), [0.5, 0.25]);
    expect(f[1]).toBeCloseTo(1.25 * Math.exp(-0.4), 12);
    // The constants of the NSGA-II program, rounded to three digits.
    expect(g[0]).toBeCloseTo(0.858 * Math.exp(-0.541 * 0.5) - f[1], 3);
    expect(g[1]).toBeCloseTo(0.728 * Math.exp(-0.295 * 0.5) - f[1], 3);
  });

  test('the first curve of CTP1 meets the front at f1 = 1/3, the second meets the first at 2/3', () => {
    // a1 = (1 + e^(-1/3)) / 2 and a1 exp(-b1 / 3) = e^(-1/3).
    expect(evaluateAt(ctp.ctp1(), [1 / 3, 0]).g[0]).toBeCloseTo(0, 12);
    const { f, g } = evaluateAt(ctp.ctp1(), [2 / 3, 0.1]);
    expect(g[0] + f[1]).toBeCloseTo(g[1] + f[1], 12);
  });

  const pieces: [string, () => Problem][] = [
    ['CTP2', ctp.ctp2],
    ['CTP3', ctp.ctp3],
    ['CTP4', ctp.ctp4],
    ['CTP5', ctp.ctp5],
    ['CTP6', ctp.ctp6],
    ['CTP7', ctp.ctp7],
    ['CTP8', ctp.ctp8],
  ];
  test.each(pieces)('%s is (x1, d (1 - sqrt(x1 / d))), d = 1 + x2', (_, make) => {
    const { f } = evaluateAt(make(), [0.32, 0.28]);
    expect(f[0]).toBe(0.32);
    expect(f[1]).toBeCloseTo(1.28 * 0.5, 12);
  });

  test.each([
    ['CTP2', ctp.ctp2, 1, 0.2, 6],
    ['CTP3', ctp.ctp3, 1, 0.1, 0.5],
    ['CTP4', ctp.ctp4, 1, 0.75, 0.5],
    ['CTP5', ctp.ctp5, 2, 0.1, 0.5],
  ] as const)(
    '%s has its waves along axes turned by -36 degrees from (0, 1)',
    (_, make, power, height, shape) => {
      // f = (0.32, 0.64): f2 - 1 = -0.36.
      const [cosine, sine] = [Math.cos(Math.PI / 5), Math.sin(Math.PI / 5)];
      const along = -0.36 * cosine + 0.32 * sine;
      const across = 0.36 * sine + 0.32 * cosine;
      const wave = height * Math.abs(Math.sin(10 * Math.PI * across ** power)) ** shape;
      expect(evaluateAt(make(), [0.32, 0.28]).g[0]).toBeCloseTo(wave - along, 12);
    },
  );

  test('CTP6 and CTP8 have bands across, turned by 18 degrees about (0, -2); CTP7 and CTP8 along, by -9 about (0, 0)', () => {
    const degrees = Math.PI / 180;
    const [c18, s18, c9, s9] = [
      Math.cos(18 * degrees),
      Math.sin(18 * degrees),
      Math.cos(9 * degrees),
      Math.sin(9 * degrees),
    ];
    const bands = 40 * Math.sin(0.5 * Math.PI * (2.64 * s18 + 0.32 * c18)) ** 2 - (2.64 * c18 - 0.32 * s18);
    const inward = (turns: number) =>
      40 * Math.sin(turns * Math.PI * (0.32 * c9 - 0.64 * s9)) ** 6 - (0.64 * c9 + 0.32 * s9);
    expect(closeTo(evaluateAt(ctp.ctp6(), [0.32, 0.28]).g, [bands], 1e-10)).toBe(true);
    expect(closeTo(evaluateAt(ctp.ctp7(), [0.32, 0.28]).g, [inward(5)], 1e-10)).toBe(true);
    expect(closeTo(evaluateAt(ctp.ctp8(), [0.32, 0.28]).g, [bands, inward(2)], 1e-10)).toBe(true);
  });

  test('x2 of CTP6 and CTP8 goes to 20, of the others to 1', () => {
    const makers = [ctp.ctp1, ctp.ctp2, ctp.ctp3, ctp.ctp4, ctp.ctp5, ctp.ctp6, ctp.ctp7, ctp.ctp8];
    const upper = makers.map((make) => make().space.upper[1]);
    expect(upper).toEqual([1, 1, 1, 1, 1, 20, 1, 20]);
  });

  test('more variables add to the distance, and fewer than two are refused', () => {
    expect(evaluateAt(ctp.ctp2(4), [0, 0.25, 0.5, 0.75]).f[1]).toBe(2.5);
    expect(() => ctp.ctp7(1)).toThrow('CTP7 needs a whole number of variables from 2, got 1');
  });
});
