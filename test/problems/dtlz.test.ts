import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dtlz1, dtlz2, dtlz3, dtlz4, dtlz5, dtlz6, dtlz7 } from '../../problems/dtlz.js';
import { InputError, randomOf } from '../../src/index.js';
import { evaluateAt } from './evaluate-at.js';

describe('the problems of Deb, Thiele, Laumanns and Zitzler', () => {
  test('DTLZ1 on the plane is 0.5 (x1 x2, x1 (1 - x2), 1 - x1)', () => {
    const { f } = evaluateAt(dtlz1(3, 5), [0.4, 0.25, 0.5, 0.5, 0.5]);
    expect(f[0]).toBeCloseTo(0.5 * 0.4 * 0.25, 12);
    expect(f[1]).toBeCloseTo(0.5 * 0.4 * 0.75, 12);
    expect(f[2]).toBeCloseTo(0.5 * 0.6, 12);
  });

  test('DTLZ1 away from it is scaled by 1 + 100 (k + sum((x - 0.5)^2 - cos(20 pi (x - 0.5))))', () => {
    // One distance variable at 0.55: 100 (1 + 0.0025 - cos(pi)) = 200.25.
    const { f } = evaluateAt(dtlz1(2, 2), [0.25, 0.55]);
    expect(f[0]).toBeCloseTo(0.5 * 0.25 * 201.25, 8);
    expect(f[1]).toBeCloseTo(0.5 * 0.75 * 201.25, 8);
  });

  test('DTLZ2 is (1 + g) times a point of the unit sphere, by the angles pi x / 2', () => {
    // g = 0.1^2 + 0.3^2 = 0.1; angles 60 and 30 degrees.
    const { f } = evaluateAt(dtlz2(3, 4), [2 / 3, 1 / 3, 0.6, 0.2]);
    expect(f[0]).toBeCloseTo(1.1 * 0.5 * (Math.sqrt(3) / 2), 12);
    expect(f[1]).toBeCloseTo(1.1 * 0.5 * 0.5, 12);
    expect(f[2]).toBeCloseTo(1.1 * (Math.sqrt(3) / 2), 12);
  });

  test('DTLZ3 has the sphere of DTLZ2 and the distance of DTLZ1', () => {
    const { f } = evaluateAt(dtlz3(2, 2), [1 / 3, 0.55]);
    expect(f[0]).toBeCloseTo(201.25 * (Math.sqrt(3) / 2), 8);
    expect(f[1]).toBeCloseTo(201.25 * 0.5, 8);
  });

  test('DTLZ4 raises the position to the power of 100', () => {
    const third = (1 / 3) ** (1 / 100);
    const { f } = evaluateAt(dtlz4(2, 2), [third, 0.5]);
    expect(f[0]).toBeCloseTo(Math.sqrt(3) / 2, 12);
    expect(f[1]).toBeCloseTo(0.5, 12);
  });

  test('in any number of objectives DTLZ1 sums to (1 + g) / 2 and DTLZ2 to 4 has the norm 1 + g', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 1, max: 5 }), fc.nat(), (m, k, seed) => {
        const random = randomOf(seed);
        const n = m - 1 + k;
        const x = Array.from({ length: n }, () => random.uniform());
        const rest = x.slice(m - 1);
        const quadratic = rest.reduce((sum, v) => sum + (v - 0.5) ** 2, 0);
        const rugged =
          100 * rest.reduce((sum, v) => sum + 1 + (v - 0.5) ** 2 - Math.cos(20 * Math.PI * (v - 0.5)), 0);
        const sum = evaluateAt(dtlz1(m, n), x).f.reduce((total, value) => total + value, 0);
        expect(sum / ((1 + rugged) / 2)).toBeCloseTo(1, 10);
        expect(Math.hypot(...evaluateAt(dtlz2(m, n), x).f)).toBeCloseTo(1 + quadratic, 10);
        expect(Math.hypot(...evaluateAt(dtlz3(m, n), x).f) / (1 + rugged)).toBeCloseTo(1, 10);
        expect(Math.hypot(...evaluateAt(dtlz4(m, n), x).f)).toBeCloseTo(1 + quadratic, 10);
      }),
    );
  });

  test('numbers that do not make a problem are refused with the law and the value', () => {
    expect(() => dtlz2(1)).toThrow('a DTLZ problem needs a whole number of objectives from 2, got 1');
    expect(() => dtlz2(3, 2)).toThrow('a DTLZ problem of 3 objectives needs 3 variables or more, got 2');
    expect(() => dtlz1(2.5)).toThrow(InputError);
  });

  test('DTLZ5 pulls all angles but the first to 45 degrees, the more the nearer the front', () => {
    // g = 0: the second angle is 45 degrees whatever x2.
    for (const x2 of [0, 0.3, 1]) {
      const { f } = evaluateAt(dtlz5(3, 4), [1 / 3, x2, 0.5, 0.5]);
      expect(f[0]).toBeCloseTo(Math.sqrt(3 / 8), 12);
      expect(f[1]).toBeCloseTo(Math.sqrt(3 / 8), 12);
      expect(f[2]).toBeCloseTo(0.5, 12);
    }
    // g = 0.5: (1 + x2) / 3 of 90 degrees, here 60 at x2 = 1; scale 1.5.
    const { f } = evaluateAt(dtlz5(3, 4), [0, 1, 0, 1]);
    expect(f[0]).toBeCloseTo(1.5 * 0.5, 12);
    expect(f[1]).toBeCloseTo(1.5 * (Math.sqrt(3) / 2), 12);
    expect(f[2]).toBe(0);
  });

  test('DTLZ6 has the distance sum x^0.1', () => {
    // 2^-10 to the power of 0.1 is a half: g = 0.5 as above.
    const { f } = evaluateAt(dtlz6(3, 3), [0, 1, 2 ** -10]);
    expect(f[0]).toBeCloseTo(1.5 * 0.5, 12);
    expect(f[1]).toBeCloseTo(1.5 * (Math.sqrt(3) / 2), 12);
  });

  test('DTLZ7 is (x1, x2, (1 + g) (3 - sum x / (1 + g) (1 + sin(3 pi x)))), g = 1 + 9 mean', () => {
    // mean of 0.1 and 0.3: g = 2.8; sin(pi / 2) = 1 at 1/6 and sin(3 pi / 2) = -1 at 1/2.
    const { f } = evaluateAt(dtlz7(3, 4), [1 / 6, 0.5, 0.1, 0.3]);
    expect(f.slice(0, 2)).toEqual([1 / 6, 0.5]);
    expect(f[2]).toBeCloseTo(3.8 * 3 - (1 / 6) * 2, 12);
  });
});
