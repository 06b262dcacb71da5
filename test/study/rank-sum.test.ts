import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, rankSumTest } from '../../src/index.js';
import { rankSumP } from '../../src/study/rank-sum.js';

/** The mean ranks of the first `m` of the pooled values, summed. */
function rankSum(pooled: readonly number[], chosen: readonly number[]): number {
  const rank = (value: number) =>
    pooled.filter((other) => other < value).length +
    (pooled.filter((other) => other === value).length + 1) / 2;
  return chosen.reduce((sum, i) => sum + rank(pooled[i]), 0);
}

function subsets(n: number, k: number, from = 0): number[][] {
  if (k === 0) return [[]];
  return Array.from({ length: n - from }, (_, i) => i + from).flatMap((i) =>
    subsets(n, k - 1, i + 1).map((rest) => [i, ...rest]),
  );
}

describe('the two-sided rank-sum test', () => {
  it('gives twice one split in twenty where three are all below three', () => {
    expect(rankSumTest([1, 2, 3], [4, 5, 6])).toBeCloseTo(2 / 20, 12);
    expect(rankSumTest([4, 5, 6], [1, 2, 3])).toBeCloseTo(2 / 20, 12);
  });

  it('is 1 for samples that are alike, and for constant ones', () => {
    expect(rankSumTest([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(rankSumTest([5, 5], [5, 5, 5])).toBe(1);
  });

  it('is NaN where a sample is empty', () => {
    expect(rankSumTest([], [1])).toBeNaN();
  });

  it('agrees with counting all splits, ties included', () => {
    const values = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const pooled = [...a, ...b];
        const observed = rankSum(pooled, [...a.keys()]);
        const sums = subsets(pooled.length, a.length).map((chosen) => rankSum(pooled, chosen));
        const share = (holds: (sum: number) => boolean) => sums.filter(holds).length / sums.length;
        const expected = Math.min(
          1,
          2 *
            Math.min(
              share((sum) => sum >= observed),
              share((sum) => sum <= observed),
            ),
        );
        expect(rankSumTest(a, b)).toBeCloseTo(expected, 10);
      }),
    );
  });

  it('comes close to the exact test where it takes the normal approximation', () => {
    const a = Array.from({ length: 51 }, (_, i) => Math.sin(3 * i) + (i % 7) / 10);
    const b = Array.from({ length: 50 }, (_, i) => Math.sin(3 * i + 1) + 0.2 + (i % 5) / 10);
    const exact = 2 * Math.min(rankSumP(a, b), rankSumP(b, a));
    expect(exact).toBeGreaterThan(0.001);
    expect(exact).toBeLessThan(0.9);
    expect(Math.abs(rankSumTest(a, b) - exact)).toBeLessThan(0.003);
  });
});

describe("Holm's correction", () => {
  it('multiplies the k-th smallest by what is left, and never lets one fall below the one before', () => {
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(corrected[i]).toBeCloseTo(p, 12);
  });
  it('never goes past 1, and leaves one test alone', () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
  });
});
