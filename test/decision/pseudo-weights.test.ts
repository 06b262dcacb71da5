import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pseudoWeightPick, pseudoWeights } from '../../src/decision/pseudo-weights.js';
import { InputError } from '../../src/errors.js';

// Scaled: (0, 1), (0.1, 0.2), (0.5, 0.1), (1, 0); the first objective in tens, the second in thousands.
const front = [0, 1000, 1, 200, 5, 100, 10, 0];

describe('pseudoWeights', () => {
  it('are as worked by hand', () => {
    // Nearness to the best: (1, 0), (0.9, 0.8), (0.5, 0.9), (0, 1).
    const expected = [1, 0, 0.9 / 1.7, 0.8 / 1.7, 0.5 / 1.4, 0.9 / 1.4, 0, 1];
    [...pseudoWeights(front, 4, 2)].forEach((weight, k) => {
      expect(weight).toBeCloseTo(expected[k], 14);
    });
  });

  it('sum to 1 a row, whatever the rows', () => {
    const point = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 8 }), (points) => {
        const weights = pseudoWeights(points.flat(), points.length, 3);
        for (let i = 0; i < points.length; i++) {
          expect(weights[3 * i] + weights[3 * i + 1] + weights[3 * i + 2]).toBeCloseTo(1, 14);
          for (let j = 0; j < 3; j++) expect(weights[3 * i + j]).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('give nothing to an objective that does not vary, equal weights where nothing sets a row apart, NaN for NaN', () => {
    expect([...pseudoWeights([1, 7, 2, 7], 2, 2)]).toEqual([1, 0, 0.5, 0.5]);
    expect([...pseudoWeights([1, 7], 1, 2)]).toEqual([0.5, 0.5]);
    expect([...pseudoWeights([0, 1, 1, 0, Number.NaN, 0], 3, 2)]).toEqual([
      1,
      0,
      0,
      1,
      Number.NaN,
      Number.NaN,
    ]);
  });

  it('pick the row whose weights are nearest', () => {
    expect(pseudoWeightPick(front, 4, [9, 1])).toBe(0);
    expect(pseudoWeightPick(front, 4, [1, 1])).toBe(1);
    expect(pseudoWeightPick(front, 4, [1, 2])).toBe(2);
    expect(pseudoWeightPick(front, 4, [0, 5])).toBe(3);
    expect(() => pseudoWeightPick(front, 4, [])).toThrow(InputError);
  });
});
