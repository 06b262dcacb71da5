import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { latinHypercube, uniformSample } from '../../src/operators/sampling.js';
import { checkVector, choice, integer, real, spaceOf } from '../../src/space.js';

const mixed = spaceOf({
  a: real(-2, 3),
  b: integer(-1, 3), // 5 values
  c: choice('p', 'q', 'r'),
  d: integer(0, 1),
});
const column = (x: Float64Array, v: number) => [...x].filter((_, i) => i % mixed.length === v);

describe('Latin hypercube sampling', () => {
  test('draws every stratum of a real variable exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (count, seed) => {
        const x = latinHypercube(mixed, count, randomOf(seed));
        const strata = column(x, 0).map((value) => Math.floor(((value + 2) / 5) * count));
        expect(strata.sort((p, q) => p - q)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  test('takes each value of a whole number or choice floor(count / c) or ceil(count / c) times', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (count, seed) => {
        const x = latinHypercube(mixed, count, randomOf(seed));
        for (const [v, lower, values] of [
          [1, -1, 5],
          [2, 0, 3],
          [3, 0, 2],
        ])
          for (let value = lower; value < lower + values; value++) {
            const times = column(x, v).filter((entry) => entry === value).length;
            expect(times).toBeGreaterThanOrEqual(Math.floor(count / values));
            expect(times).toBeLessThanOrEqual(Math.ceil(count / values));
          }
      }),
    );
  });

  test('gives the odd one of a choice to each of its values in turn', () => {
    // Four draws of three values: one comes twice, each as often as the others.
    const twice = [0, 0, 0];
    for (let seed = 0; seed < 3000; seed++) {
      const values = column(latinHypercube(mixed, 4, randomOf(seed)), 2);
      twice[[0, 1, 2].find((value) => values.filter((entry) => entry === value).length === 2)!]++;
    }
    for (const times of twice) expect(Math.abs(times - 1000)).toBeLessThan(130); // five standard deviations
  });

  test('pairs the strata of its variables at random', () => {
    const x = latinHypercube(spaceOf({ a: real(0, 1), b: real(0, 1) }), 500, randomOf('pairs'));
    let covariance = 0;
    for (let i = 0; i < 500; i++) covariance += (x[2 * i] - 0.5) * (x[2 * i + 1] - 0.5);
    expect(Math.abs((12 * covariance) / 500)).toBeLessThan(5 / Math.sqrt(500));
  });

  test('draws nothing when nothing is asked for', () => {
    expect(latinHypercube(mixed, 0, randomOf(1))).toHaveLength(0);
  });
});

describe('uniform sampling', () => {
  test('stays in the domain of every variable and reaches all of it', () => {
    const x = uniformSample(mixed, 5000, randomOf('uniform'));
    for (let i = 0; i < 5000; i++) checkVector(mixed, x.subarray(i * 4, i * 4 + 4));
    expect(Math.min(...column(x, 0))).toBeLessThan(-1.98);
    expect(Math.max(...column(x, 0))).toBeGreaterThan(2.98);
    for (const [v, values] of [
      [1, 5],
      [2, 3],
      [3, 2],
    ]) {
      const counts = new Map<number, number>();
      for (const value of column(x, v)) counts.set(value, (counts.get(value) ?? 0) + 1);
      expect(counts.size).toBe(values);
      const deviation = Math.sqrt((5000 / values) * (1 - 1 / values));
      for (const times of counts.values())
        expect(Math.abs(times - 5000 / values)).toBeLessThan(5 * deviation);
    }
  });
});

test.each([latinHypercube, uniformSample])('%o refuses what is no stream of random numbers', (sample) => {
  expect(() => sample(mixed, 2, undefined as never)).toThrow(
    new InputError('random numbers must come from a stream such as randomOf(1), got undefined'),
  );
});

test.each([latinHypercube, uniformSample])('%o refuses a number of vectors that is none', (sample) => {
  for (const count of [-1, 1.5, Number.NaN])
    expect(() => sample(mixed, count, randomOf(1))).toThrow(
      new InputError(`the number of vectors must be a whole number from 0, got ${count}`),
    );
});
