import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference } from '../../../problems/compression/inference/paired-difference.js';
import { InputError } from '../../../src/index.js';

describe('the difference of two accuracies on the same samples', () => {
  it('has the interval that the literature gives for 1 gained and 7 lost of 21', () => {
    // Fagerland, Lydersen and Laake, "Recommended tests and confidence intervals for paired binomial proportions",
    // Statistics in Medicine 33 (2014): -0.286 (-0.517, -0.026).
    const { value, low, high } = pairedDifference(1, 7, 21);
    expect(value).toBeCloseTo(-0.286, 3);
    expect(low).toBeCloseTo(-0.517, 3);
    expect(high).toBeCloseTo(-0.026, 3);
  });

  it('has a closed form where nothing is gained or lost', () => {
    const z2 = 1.959963984540054 ** 2;
    for (const n of [1, 10, 2000]) {
      const { value, low, high } = pairedDifference(0, 0, n);
      expect(value).toBe(0);
      expect(high).toBeCloseTo(z2 / (n + z2), 12);
      expect(low).toBeCloseTo(-z2 / (n + z2), 12);
    }
  });

  it('mirrors where gained and lost change places, and contains the difference within [-1, 1]', () => {
    const counts = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(500));
    fc.assert(
      fc.property(counts, ([gained, lost, others]) => {
        const n = Math.max(1, gained + lost + others);
        const { value, low, high } = pairedDifference(gained, lost, n);
        const mirrored = pairedDifference(lost, gained, n);
        expect([mirrored.low, mirrored.high]).toEqual([-high, -low]);
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(value);
        expect(value).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('comes near the normal interval where the counts are large', () => {
    const [gained, lost, n] = [4000, 4400, 100_000];
    const { low, high } = pairedDifference(gained, lost, n);
    const spread = 1.96 * Math.sqrt(gained + lost - (gained - lost) ** 2 / n);
    expect(low * n).toBeCloseTo(gained - lost - spread, -1);
    expect(high * n).toBeCloseTo(gained - lost + spread, -1);
  });

  it('refuses counts that cannot be', () => {
    for (const [gained, lost, n] of [
      [1, 1, 1],
      [-1, 0, 5],
      [0.5, 0, 5],
      [0, 0, 0],
      [Number.NaN, 0, 5],
    ])
      expect(() => pairedDifference(gained, lost, n)).toThrow(InputError);
  });
});
