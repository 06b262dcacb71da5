import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../src/math/random.js';
import { sbx } from '../../src/operators/sbx.js';

const draws = 20_000;

/** The largest distance between the empirical distribution of `sample` and `cdf` (Kolmogorov-Smirnov). */
function largestGap(sample: readonly number[], cdf: (value: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((value, i) =>
      Math.max(Math.abs(cdf(value) - i / sorted.length), Math.abs(cdf(value) - (i + 1) / sorted.length)),
    ),
  );
}

describe('simulated binary crossover', () => {
  test('stays inside the bounds, parents on them included', () => {
    const unit = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(unit, unit, fc.constantFrom(0, 1, 15, 30), fc.nat(), (a, b, eta, seed) => {
        const random = randomOf(seed);
        for (let i = 0; i < 20; i++) {
          const child = sbx(-3 + 7 * a, -3 + 7 * b, -3, 4, eta, random);
          expect(child).toBeGreaterThanOrEqual(-3);
          expect(child).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  test('gives equal parents their own value', () => {
    const random = randomOf(1);
    for (let i = 0; i < 100; i++) expect(sbx(0.3, 0.3, 0, 1, 15, random)).toBe(0.3);
  });

  test.each([2, 15])('far from the bounds has the mean spread of the distribution with eta %i', (eta) => {
    // The density of beta is (eta + 1) / 2 times beta^eta up to 1 and beta^-(eta + 2) above, so the mean is
    // (eta + 1) / 2 * (1 / (eta + 2) + 1 / eta).
    const random = randomOf('spread', eta);
    const betas = Array.from({ length: draws }, () => Math.abs(sbx(-1, 1, -1e6, 1e6, eta, random)));
    const mean = betas.reduce((sum, beta) => sum + beta, 0) / draws;
    const deviation = Math.sqrt(betas.reduce((sum, beta) => sum + (beta - mean) ** 2, 0) / draws);
    const expected = ((eta + 1) / 2) * (1 / (eta + 2) + 1 / eta);
    expect(Math.abs(mean - expected)).toBeLessThan((5 * deviation) / Math.sqrt(draws));
  });

  test('far from the bounds has the distribution of Deb and Agrawal on both sides alike', () => {
    const random = randomOf('distribution');
    const children = Array.from({ length: draws }, () => sbx(2, 4, -1e6, 1e6, 3, random));
    const half = (beta: number) => (beta <= 1 ? 0.5 * beta ** 4 : 1 - 0.5 * beta ** -4);
    const cdf = (child: number) => 0.5 + 0.5 * Math.sign(child - 3) * half(Math.abs(child - 3));
    expect(largestGap(children, cdf)).toBeLessThan(1.95 / Math.sqrt(draws)); // one in a thousand
  });

  test('near a bound has the distribution cut off there and scaled up', () => {
    // Parents 2 and 4 in [1, 1e6]: below, beta reaches at most 1 + 2 * 1 / 2 = 2.
    const random = randomOf('cut');
    const eta = 1;
    const alpha = 2 - 2 ** -(eta + 1);
    const children = Array.from({ length: draws }, () => sbx(2, 4, 1, 1e6, eta, random)).filter((c) => c < 3);
    expect(Math.abs(children.length - draws / 2)).toBeLessThan(5 * Math.sqrt(draws / 4));
    const half = (beta: number) => (beta <= 1 ? beta ** 2 / alpha : (2 - beta ** -2) / alpha);
    const gap = largestGap(
      children.map((child) => 3 - child),
      half,
    );
    expect(gap).toBeLessThan(1.95 / Math.sqrt(children.length));
  });

  test('does not care which parent comes first', () => {
    expect(sbx(2, 4, 0, 9, 5, randomOf(3))).toBe(sbx(4, 2, 0, 9, 5, randomOf(3)));
  });
});
