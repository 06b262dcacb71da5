import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf, seedOf } from '../../src/math/random.js';

type Keys = readonly (number | string | Float64Array)[];
const firstOf = (...keys: Keys) => {
  const random = randomOf(...keys);
  return Array.from({ length: 4 }, () => random.uniform());
};

describe('named streams', () => {
  test('same keys give the same stream', () => {
    expect(firstOf(1, 'infill', 7)).toEqual(firstOf(1, 'infill', 7));
    expect(firstOf(Float64Array.of(0.1, 2))).toEqual(firstOf(Float64Array.of(0.1, 2)));
  });

  test('other keys, another order or another division of them give another stream', () => {
    const streams: Keys[] = [
      [],
      [0],
      [1],
      [2],
      [1, 2],
      [2, 1],
      [12],
      [0.1],
      [-1],
      [1e300],
      [Number.NaN],
      [''],
      ['1'],
      ['a', 'bc'],
      ['ab', 'c'],
      ['abc'],
      ['a', 1],
      [1, 'a'],
      [Float64Array.of(1, 2)],
      [Float64Array.of(1), Float64Array.of(2, 3)],
      [Float64Array.of(1, 2), Float64Array.of(3)],
    ];
    expect(new Set(streams.map((keys) => firstOf(...keys).join())).size).toBe(streams.length);
    expect(new Set(streams.map((keys) => seedOf(...keys))).size).toBe(streams.length);
  });

  test('-0 is the same key as 0', () => {
    expect(firstOf(-0)).toEqual(firstOf(0));
    expect(firstOf(Float64Array.of(1, -0))).toEqual(firstOf(Float64Array.of(1, 0)));
    expect(seedOf(-0)).toBe(seedOf(0));
  });

  test('neighbouring seeds give streams that have nothing to do with each other', () => {
    const count = 4000;
    let covariance = 0;
    for (let seed = 0; seed < count; seed++)
      covariance += (firstOf(seed)[0] - 0.5) * (firstOf(seed + 1)[0] - 0.5);
    expect(Math.abs((12 * covariance) / count)).toBeLessThan(5 / Math.sqrt(count));
  });

  test('a stream is not disturbed by another', () => {
    const a = randomOf('a');
    const b = randomOf('b');
    const woven = Array.from({ length: 4 }, () => [b.uniform(), a.uniform()][1]);
    expect(woven).toEqual(firstOf('a'));
  });

  test('seeds are 32-bit integers', () => {
    fc.assert(
      fc.property(fc.double(), (key) => {
        const seed = seedOf(key);
        expect(seed).toBe(seed | 0);
      }),
    );
  });
});

/** Pearson's statistic against equal counts. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

// The 0.999 quantile of chi-square with d degrees of freedom, by Wilson and Hilferty's approximation.
const limit = (d: number) => d * (1 - 2 / (9 * d) + 3.09 * Math.sqrt(2 / (9 * d))) ** 3;

describe('the distributions', () => {
  test('uniform fills [0, 1) evenly', () => {
    const random = randomOf('uniform');
    const counts = Array<number>(64).fill(0);
    for (let i = 0; i < 64_000; i++) {
      const value = random.uniform();
      counts[Math.floor(value * 64)]++;
    }
    expect(Object.keys(counts)).toHaveLength(64); // none outside
    expect(chiSquare(counts)).toBeLessThan(limit(63));
  });

  test('the first number of many streams fills [0, 1) evenly', () => {
    const counts = Array<number>(64).fill(0);
    for (let seed = 0; seed < 16_000; seed++) counts[Math.floor(randomOf(seed, 'x').uniform() * 64)]++;
    expect(chiSquare(counts)).toBeLessThan(limit(63));
  });

  test('pairs of successive numbers fill the square evenly', () => {
    const random = randomOf('pairs');
    const counts = Array<number>(256).fill(0);
    for (let i = 0; i < 50_000; i++)
      counts[Math.floor(random.uniform() * 16) * 16 + Math.floor(random.uniform() * 16)]++;
    expect(chiSquare(counts)).toBeLessThan(limit(255));
  });

  test('integer gives 0 .. n - 1 evenly, and 0 for n = 1', () => {
    const random = randomOf('integer');
    const counts = Array<number>(7).fill(0);
    for (let i = 0; i < 14_000; i++) counts[random.integer(7)]++;
    expect(counts).toHaveLength(7);
    expect(chiSquare(counts)).toBeLessThan(limit(6));
    expect(random.integer(1)).toBe(0);
  });

  test('normal has mean 0, variance 1, and no correlation within its pairs', () => {
    const random = randomOf('normal');
    const count = 40_000;
    const values = Array.from({ length: count }, () => random.normal());
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / count));
    let product = 0;
    for (let i = 0; i < count; i += 2) product += values[i] * values[i + 1];
    expect(Math.abs(product / (count / 2))).toBeLessThan(5 / Math.sqrt(count / 2));
  });

  test('shuffle permutes in place and returns the same array', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (values, seed) => {
        const shuffled = values.slice();
        expect(randomOf(seed).shuffle(shuffled)).toBe(shuffled);
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(values.toSorted((a, b) => a - b));
      }),
    );
  });

  test('shuffle gives every order of three alike', () => {
    const random = randomOf('shuffle');
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = random.shuffle(Int32Array.of(0, 1, 2)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    expect(chiSquare([...counts.values()])).toBeLessThan(limit(5));
  });
});
