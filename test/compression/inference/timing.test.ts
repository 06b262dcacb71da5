import { describe, expect, it } from 'vitest';
import { pairsFor, quantile, timingOf } from '../../../problems/compression/inference/timing.js';

describe('timing', () => {
  it('interpolates quantiles between the order statistics', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(quantile([10, 9, 100], 0.5)).toBe(10);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([1, 2, 3, 4, 5], 1)).toBe(5);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it('gives the ratio of the medians, and the quartiles of the ratios', () => {
    const timing = timingOf([1, 6, 2], [2, 4, 4], 32); // ratios 0.5, 1.5, 0.5
    expect(timing).toEqual({
      ratio: 0.5,
      quartiles: [0.5, 1],
      candidate: 2,
      baseline: 4,
      pairs: 3,
      batchSize: 32,
    });
  });

  it('is not moved by one run that the machine disturbed', () => {
    expect(timingOf([2, 2, 2, 2000, 2], [4, 4, 4, 4, 4], 8).ratio).toBe(0.5);
  });

  it('times 5 to 15 pairs, and half of the batches in between', () => {
    expect([1, 10, 16, 20, 32, 36, 1000].map(pairsFor)).toEqual([5, 5, 5, 7, 13, 15, 15]);
  });
});
