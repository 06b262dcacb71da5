import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  digamma,
  gammaProbability,
  gammaTail,
  logGamma,
  normalProbability,
  trigamma,
} from '../../../problems/compression/statistics/special-functions.js';

const EULER = 0.5772156649015329;

describe('the gamma function and its derivatives', () => {
  it('are the factorials, and the half-way value', () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 11);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  });

  it('have their known values at 1 and 1/2', () => {
    expect(digamma(1)).toBeCloseTo(-EULER, 13);
    expect(digamma(0.5)).toBeCloseTo(-EULER - 2 * Math.log(2), 12);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 12);
    expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 11);
  });

  it('go up by their recurrences', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 50, noNaN: true }), (x) => {
        expect(logGamma(x + 1) - logGamma(x) - Math.log(x)).toBeCloseTo(0, 10);
        expect((digamma(x + 1) - digamma(x)) * x).toBeCloseTo(1, 9);
        expect((trigamma(x) - trigamma(x + 1)) * x * x).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('the incomplete gamma function', () => {
  it('is the exponential distribution for a shape of 1, and Erlang for 3', () => {
    for (const x of [0.01, 0.5, 1, 1.99, 2, 2.01, 5, 30]) {
      expect(gammaProbability(1, x)).toBeCloseTo(-Math.expm1(-x), 12);
      expect(gammaTail(3, x) / (Math.exp(-x) * (1 + x + (x * x) / 2))).toBeCloseTo(1, 11);
    }
  });

  it('is 0 to 0, 1 in all, and the two parts sum to 1', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 40, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (a, x) => {
          expect(gammaProbability(a, x) + gammaTail(a, x)).toBeCloseTo(1, 12);
        },
      ),
    );
    expect(gammaProbability(2, 0)).toBe(0);
    expect(gammaProbability(2, Number.POSITIVE_INFINITY)).toBe(1);
  });
});

describe('the normal distribution', () => {
  it('has its known values, far tails included', () => {
    expect(normalProbability(0)).toBe(0.5);
    expect(normalProbability(1.959963984540054)).toBeCloseTo(0.975, 13);
    expect(normalProbability(-1) + normalProbability(1)).toBeCloseTo(1, 14);
    expect(normalProbability(-10) / 7.619853024160527e-24).toBeCloseTo(1, 9);
  });
});
