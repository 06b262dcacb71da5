import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mape, mapeWarning, mse, scores, spearman } from '../../src/surrogates/metrics.js';

const of = (...values: number[]) => Float64Array.from(values);

describe('scores worked by hand', () => {
  test('the mean squared error', () => {
    expect(mse(of(1, 2, 4), of(1, 4, 1))).toBeCloseTo(13 / 3, 14);
  });

  test('the mean absolute percentage error is a fraction of each output, whatever its sign', () => {
    expect(mape(of(1, -2, 4), of(1.5, -1, 3))).toBeCloseTo((0.5 + 0.5 + 0.25) / 3, 14);
  });

  test('an output of 0 is divided by 2^-52, and an exact prediction of it costs nothing', () => {
    expect(mape(of(0, 1), of(1, 1))).toBe(2 ** 52 / 2);
    expect(mape(of(0, 1), of(0, 1))).toBe(0);
  });

  test('Spearman without ties is 1 - 6 sum d^2 / (n (n^2 - 1))', () => {
    // ranks 1 2 3 4 5 against 2 1 4 3 5: sum d^2 = 4, rho = 0.8
    expect(spearman(of(10, 20, 30, 40, 50), of(2, 1, 40, 3, 50))).toBeCloseTo(0.2, 12);
  });

  test('Spearman gives equal values the mean of their ranks', () => {
    // ranks 1 2.5 2.5 4 against 1 2 3 4: covariance 4.5, variances 4.5 and 5, rho = 4.5 / sqrt(22.5)
    expect(spearman(of(1, 2, 2, 3), of(5, 6, 7, 8))).toBeCloseTo(1 - 4.5 / Math.sqrt(22.5), 12);
  });

  test('Spearman of a constant, or of one sample, counts as no correlation', () => {
    expect(spearman(of(1, 2, 3), of(7, 7, 7))).toBe(1);
    expect(spearman(of(7, 7, 7), of(1, 2, 3))).toBe(1);
    expect(spearman(of(1), of(1))).toBe(1);
  });

  test('Spearman runs from 0 for the same order to 2 for the opposite', () => {
    expect(spearman(of(1, 2, 3), of(-5, 0, 100))).toBeCloseTo(0, 12);
    expect(spearman(of(1, 2, 3), of(3, 2, 1))).toBeCloseTo(2, 12);
  });
});

describe.each(Object.entries(scores))('%s', (_, score) => {
  test('is +Infinity for what is not finite and for nothing', () => {
    expect(score(of(1, 2), of(1, Number.NaN))).toBe(Number.POSITIVE_INFINITY);
    expect(score(of(1, 2), of(1, Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
    expect(score(of(Number.NaN, 2), of(1, 2))).toBe(Number.POSITIVE_INFINITY);
    expect(score(of(), of())).toBe(Number.POSITIVE_INFINITY);
  });

  test('refuses sides of different lengths', () => {
    expect(() => score(of(1), of(1, 2))).toThrow(RangeError);
  });

  test('does not depend on the order of the samples', () => {
    const pair = fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 2, maxLength: 9 }), (pairs) => {
        const sides = (list: readonly (readonly [number, number])[]) =>
          [of(...list.map(([a]) => a)), of(...list.map(([, b]) => b))] as const;
        const forth = score(...sides(pairs));
        const back = score(...sides([...pairs].reverse()));
        expect(Math.abs(forth - back)).toBeLessThanOrEqual(1e-9 * Math.max(1, forth));
      }),
    );
  });
});

describe('the warning of MAPE', () => {
  test('is given from less than a hundredth of the median magnitude', () => {
    expect(mapeWarning(of(1, 2, 3, 0.019))).not.toBeNull(); // median of the magnitudes: 2
    expect(mapeWarning(of(1, 2, 3, 0.021))).toBeNull();
    expect(mapeWarning(of(-1, 2, -3, 0))).not.toBeNull();
    expect(mapeWarning(of(0, 0, 0, 5))).not.toBeNull();
  });

  test('is not given for outputs that are all 0, nor for nothing', () => {
    expect(mapeWarning(of(0, 0, 0))).toBeNull();
    expect(mapeWarning(of())).toBeNull();
  });
});
