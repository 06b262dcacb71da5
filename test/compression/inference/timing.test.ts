import { describe, expect, it } from 'vitest';
import {
  pairsFor,
  quantile,
  singlePairsFor,
  timingOf,
} from '../../../problems/compression/inference/timing.js';

describe('timing', () => {
  it('interpolates quantiles between the order statistics', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(quantile([10, 9, 100], 0.5)).toBe(10);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([1, 2, 3, 4, 5], 1)).toBe(5);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it('gives the median and the quartiles of the ratios of pairs, warm-up left out', () => {
    const runs = { candidate: [9, 1, 6, 2], baseline: [1, 2, 4, 8] }; // ratios 0.5, 1.5, 0.25
    expect(timingOf(runs, 1, 32)).toEqual({
      ratio: 0.5,
      quartiles: [0.375, 1],
      low: 1.2 / 2.4,
      candidate: 2,
      baseline: 4,
      pairs: 3,
      batchSize: 32,
    });
  });

  it('is not moved by one run that the machine disturbed, nor by a machine that slows down for both', () => {
    expect(timingOf({ candidate: [2, 2, 2, 2000, 2], baseline: [4, 4, 4, 4, 4] }, 0, 8).ratio).toBe(0.5);
    expect(timingOf({ candidate: [2, 9, 2, 50, 7], baseline: [4, 18, 4, 100, 14] }, 0, 8).ratio).toBe(0.5);
  });

  it('times 15 to 45 pairs of single samples, and half of the samples in between', () => {
    expect([1, 60, 80, 120, 5000].map(singlePairsFor)).toEqual([15, 15, 25, 45, 45]);
  });

  it('times 5 to 15 pairs, and half of the batches in between', () => {
    expect([1, 10, 16, 20, 32, 36, 1000].map(pairsFor)).toEqual([5, 5, 5, 7, 13, 15, 15]);
  });
});
