import { describe, expect, test } from 'vitest';
import { mw1 } from '../../problems/mw.js';
import { evaluateAt } from './evaluate-at.js';

describe('MW1', () => {
  // With n = 3 variables the exponent n - 2 is 1: the distance is 1 where x2 = 0.5 + 1/6 and x3 = 0.5 + 2/6.
  const onFront = (x1: number) => [x1, 0.5 + 1 / 6, 0.5 + 2 / 6];

  test('on its front is the line f2 = 1 - 0.85 f1', () => {
    for (const x1 of [0, 0.3, 1]) {
      const { f } = evaluateAt(mw1(3), onFront(x1));
      expect(f[0]).toBe(x1);
      expect(f[1]).toBeCloseTo(1 - 0.85 * x1, 12);
    }
  });

  test('has the constraint f1 + f2 - 1 - 0.5 sin(2 pi sqrt 2 (f2 - f1))^8', () => {
    // f = (0, 1): sin(2 pi sqrt 2)
    const { g } = evaluateAt(mw1(3), onFront(0));
    expect(g[0]).toBeCloseTo(-0.5 * Math.sin(2 * Math.PI * Math.sqrt(2)) ** 8, 12);
    // f1 = f2 at 1 / 1.85: the sine is 0, so g = 2 / 1.85 - 1 > 0.
    expect(evaluateAt(mw1(3), onFront(1 / 1.85)).g[0]).toBeCloseTo(2 / 1.85 - 1, 12);
  });

  test('away from its front adds 1 - exp(-10 (z - 0.5 - (i - 1) / 2n)^2) for every other variable', () => {
    const { f } = evaluateAt(mw1(3), [0, 1, 0]);
    const expected = 1 + (1 - Math.exp(-10 * (1 / 3) ** 2)) + (1 - Math.exp(-10 * (5 / 6) ** 2));
    expect(f[1]).toBeCloseTo(expected, 12);
  });

  test('raises the variables to the power n - 2', () => {
    // n = 4: z = x^2; x2 with z = 0.5 + 1/8 and so on adds nothing
    const x = [0.2, Math.sqrt(0.625), Math.sqrt(0.75), Math.sqrt(0.875)];
    expect(evaluateAt(mw1(4), x).f[1]).toBeCloseTo(1 - 0.17, 12);
  });

  test('refuses fewer than two variables', () => {
    expect(() => mw1(1)).toThrow('MW1 needs a whole number of variables from 2, got 1');
  });
});
