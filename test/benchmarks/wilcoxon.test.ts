import { describe, expect, test } from 'vitest';
import { rankSumP } from '../../benchmarks/wilcoxon.js';

describe('the one-sided rank-sum test', () => {
  test('counts the splits with as large a sum of ranks', () => {
    // Of the six ways to choose two of four ranks, one has the sum 7; four have 5 or more.
    expect(rankSumP([3, 4], [1, 2])).toBeCloseTo(1 / 6, 12);
    expect(rankSumP([1, 4], [2, 3])).toBeCloseTo(4 / 6, 12);
    expect(rankSumP([1, 2], [3, 4])).toBe(1);
  });

  test('gives ties their mean rank', () => {
    // Ranks 1, 2.5, 2.5, 4: a has 6.5. Of the six sums 3.5, 3.5, 5, 5, 6.5, 6.5 two are as large.
    expect(rankSumP([2, 3], [1, 2])).toBeCloseTo(2 / 6, 12);
    expect(rankSumP([5, 5], [5, 5])).toBe(1);
  });

  test('takes infinities as largest', () => {
    expect(rankSumP([Number.POSITIVE_INFINITY, 9], [1, 2])).toBeCloseTo(1 / 6, 12);
  });
});
