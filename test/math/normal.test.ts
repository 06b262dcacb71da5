import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectedShortfall,
  logExpectedShortfall,
  logNormalProbability,
  millsRatio,
  normalDensity,
  normalProbability,
} from '../../src/math/normal.js';

/** By Simpson's rule: slow and independent of the code under test. */
function integral(f: (t: number) => number, from: number, to: number, steps = 40_000): number {
  const h = (to - from) / steps;
  let sum = f(from) + f(to);
  for (let i = 1; i < steps; i++) sum += f(from + i * h) * (i % 2 === 1 ? 4 : 2);
  return (sum * h) / 3;
}
const density = (t: number) => Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI);

describe('the normal distribution', () => {
  it('has the probabilities of the tables', () => {
    // Abramowitz and Stegun, table 26.1.
    expect(normalProbability(0)).toBeCloseTo(0.5, 14);
    expect(normalProbability(1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalProbability(-2)).toBeCloseTo(0.022750131948179, 14);
    expect(normalProbability(3)).toBeCloseTo(0.99865010196837, 14);
    expect(normalDensity(0)).toBeCloseTo(0.398942280401433, 15);
  });

  it('is the integral of its density', () => {
    for (const z of [-7, -4.2, -2, -0.6, 0.3, 1.7, 4])
      expect(normalProbability(z) / integral(density, Math.min(z, 0) - 10, z)).toBeCloseTo(1, 9);
  });

  it('has its Mills ratio between the classic bounds in the far tail', () => {
    // x / (1 + x^2) < R < 1 / x, at z = -x (Gordon, 1941).
    for (const x of [2, 5, 30, 1e3, 1e6, 1e12]) {
      expect(millsRatio(-x)).toBeGreaterThanOrEqual((x / (1 + x * x)) * (1 - 1e-13));
      expect(millsRatio(-x)).toBeLessThanOrEqual((1 / x) * (1 + 1e-13));
    }
  });

  it('satisfies the differential equation of the Mills ratio', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: -0.01, noNaN: true }), (z) => {
        const h = 1e-4;
        const slope = (millsRatio(z + h) - millsRatio(z - h)) / (2 * h);
        expect(slope).toBeCloseTo(1 + z * millsRatio(z), 6);
      }),
    );
  });

  it('has logarithms that go on where the numbers underflow', () => {
    // log Phi(z) = -z^2/2 - log(-z sqrt(2 pi)) + log(1 - 1/z^2 + 3/z^4 - ...)
    for (const z of [-50, -1e3, -1e8]) {
      const asymptote =
        -0.5 * z * z -
        Math.log(-z * Math.sqrt(2 * Math.PI)) +
        Math.log1p(-1 / z ** 2 + 3 / z ** 4 - 15 / z ** 6);
      expect(logNormalProbability(z) / asymptote).toBeCloseTo(1, 10);
    }
    expect(logNormalProbability(9)).toBeCloseTo(-normalProbability(-9), 25);
    expect(logNormalProbability(1e8)).toBeCloseTo(0, 300);
  });

  it('has the expected shortfall of an integral', () => {
    for (const z of [-8, -3, -1.0001, -0.9999, 0, 2, 6])
      expect(
        expectedShortfall(z) / integral((t) => (z - t) * density(t), Math.min(z, 0) - 10, z),
      ).toBeCloseTo(1, 9);
    expect(expectedShortfall(40)).toBeCloseTo(40, 13);
  });

  it('has a shortfall that grows with z, as a logarithm from the far tail on', () => {
    const z = fc.double({ min: -1e6, max: 30, noNaN: true });
    fc.assert(
      fc.property(z, z, (a, b) => {
        fc.pre(a < b - 1e-6 * (1 + Math.abs(b)));
        expect(logExpectedShortfall(a)).toBeLessThan(logExpectedShortfall(b));
        expect(Number.isFinite(logExpectedShortfall(a))).toBe(true);
      }),
    );
  });
});
