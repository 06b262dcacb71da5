import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { spacing } from '../../src/indicators/spacing.js';

describe('spacing', () => {
  it('is the sample deviation of the nearest distances, worked by hand', () => {
    // Sums of absolute differences to the nearest: 2, 2, 6 (from (6, 0) to (2, 2)); mean 10 / 3.
    const f = [1, 3, 2, 2, 6, 0];
    expect(spacing(f, 3, 2)).toBeCloseTo(Math.sqrt((2 * (4 / 3) ** 2 + (8 / 3) ** 2) / 2), 14);
  });

  it('is 0 for an even front and for two rows', () => {
    expect(spacing([0, 3, 1, 2, 2, 1, 3, 0], 4, 2)).toBe(0);
    expect(spacing([0, 3, 5, 1], 2, 2)).toBe(0);
  });

  it('sees repeated rows at distance 0', () => {
    // Nearest: 0, 0, 4; mean 4 / 3.
    expect(spacing([1, 1, 1, 1, 3, 3], 3, 2)).toBeCloseTo(
      Math.sqrt((2 * (4 / 3) ** 2 + (8 / 3) ** 2) / 2),
      14,
    );
  });

  it('is NaN for fewer than two finite rows', () => {
    expect(spacing([], 0, 2)).toBeNaN();
    expect(spacing([1, 2], 1, 2)).toBeNaN();
    expect(spacing([1, 2, Number.NaN, 0, 1, Number.POSITIVE_INFINITY], 3, 2)).toBeNaN();
  });

  it('refuses rows that are not there', () => {
    expect(() => spacing([1, 2, 3], 2, 2)).toThrow(InputError);
  });
});
