import { describe, expect, test } from 'vitest';
import {
  type ActivationStatistics,
  BINS,
  calibrationMethods,
  quantizationOf,
  quantizationOfRange,
} from '../../../problems/compression/quantization/activation-range.js';
import { randomOf } from '../../../src/index.js';

function statisticsOf(values: readonly number[]): ActivationStatistics {
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  const histogram = new Float64Array(BINS);
  for (const value of values)
    histogram[Math.min(BINS - 1, Math.floor(((value - min) / (max - min || 1)) * BINS))]++;
  return { min, max, histogram };
}

const random = randomOf('activations');
const bulk = Array.from({ length: 200_000 }, () => random.normal());
const top = ({ scale, zeroPoint }: { scale: number; zeroPoint: number }) => scale * (255 - zeroPoint);

describe('the range of an activation', () => {
  test.each(calibrationMethods)('contains 0 exactly, by %s', (method) => {
    for (const values of [[1, 2, 3], [-3, -2, -1], bulk]) {
      const { scale, zeroPoint } = quantizationOf(statisticsOf(values), method);
      expect(Number.isInteger(zeroPoint)).toBe(true);
      expect(zeroPoint).toBeGreaterThanOrEqual(0);
      expect(zeroPoint).toBeLessThanOrEqual(255);
      expect(scale).toBe(Math.fround(scale));
    }
  });

  test.each(calibrationMethods)('has the zero point 0 behind a Relu, by %s', (method) => {
    expect(quantizationOf(statisticsOf(bulk.map((value) => Math.max(0, value))), method).zeroPoint).toBe(0);
  });

  test('by min-max reaches the largest element, by percentile and entropy not an outlier', () => {
    const values = [...bulk.map(Math.abs), 40];
    expect(top(quantizationOf(statisticsOf(values), 'min-max'))).toBeCloseTo(40, 4);
    expect(top(quantizationOf(statisticsOf(values), 'percentile'))).toBeLessThan(6);
    expect(top(quantizationOf(statisticsOf(values), 'entropy'))).toBeLessThan(10);
    expect(top(quantizationOf(statisticsOf(values), 'entropy'))).toBeGreaterThan(2);
  });

  test('by squared error is as good as the best of many ranges, and cuts an outlier off', () => {
    const sharp = bulk.slice(0, 20_000).map((value) => value ** 3);
    for (const values of [bulk, sharp, sharp.map((value) => Math.max(0, value)), bulk.map((v) => v + 9)]) {
      const outlying = [...values, 60];
      const error = ({ scale, zeroPoint }: { scale: number; zeroPoint: number }) =>
        outlying.reduce((sum, value) => {
          const level = Math.max(0, Math.min(255, Math.round(value / scale) + zeroPoint));
          return sum + (value - scale * (level - zeroPoint)) ** 2;
        }, 0);
      const { min, max } = statisticsOf(outlying);
      const tried = Array.from({ length: 400 }, (_, i) =>
        error(quantizationOfRange((Math.min(0, min) * (i % 20)) / 19, (max * (1 + Math.floor(i / 20))) / 20)),
      );
      const chosen = quantizationOf(statisticsOf(outlying), 'squared-error');
      expect(error(chosen)).toBeLessThan(1.05 * Math.min(...tried));
    }
    expect(top(quantizationOf(statisticsOf([...bulk, 60]), 'squared-error'))).toBeLessThan(50);
  });

  test('by squared error is all of what is spread evenly', () => {
    const even = Array.from({ length: 100_000 }, (_, i) => i / 100_000 - 0.25);
    const { scale, zeroPoint } = quantizationOf(statisticsOf(even), 'squared-error');
    expect(scale).toBeCloseTo(1 / 255, 4);
    expect(zeroPoint).toBe(64);
  });

  test('of a value that never changes is usable', () => {
    expect(quantizationOfRange(0, 0)).toEqual({ scale: 1, zeroPoint: 0 });
    expect(quantizationOf(statisticsOf([0, 0]), 'entropy')).toEqual({ scale: 1, zeroPoint: 0 });
    expect(top(quantizationOf(statisticsOf([5, 5]), 'percentile'))).toBeCloseTo(5, 5);
  });

  test('maps its ends to 0 and 255', () => {
    expect(quantizationOfRange(-1, 1.55)).toEqual({ scale: Math.fround(0.01), zeroPoint: 100 });
    expect(quantizationOfRange(-2.55, 0)).toEqual({ scale: Math.fround(0.01), zeroPoint: 255 });
  });
});
