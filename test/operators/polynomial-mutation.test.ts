import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../src/math/random.js';
import { polynomialMutation } from '../../src/operators/polynomial-mutation.js';

const draws = 20_000;

describe('polynomial mutation', () => {
  test('stays inside the bounds, from the bounds included', () => {
    const unit = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(unit, fc.constantFrom(0, 1, 20, 100), fc.nat(), (share, eta, seed) => {
        const random = randomOf(seed);
        for (let i = 0; i < 20; i++) {
          const mutant = polynomialMutation(-3 + 7 * share, -3, 4, eta, random);
          expect(mutant).toBeGreaterThanOrEqual(-3);
          expect(mutant).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  test.each([5, 20])('in the middle moves by 1 / (eta + 2) of the width on average, eta %i', (eta) => {
    // |delta| has the density (eta + 1) (1 - delta)^eta on [0, 1]. Half the width away, (1/2)^(eta + 1) of the mass is cut off,
    // and what is left has the mean below.
    const cut = 0.5 ** (eta + 1);
    const expected = (1 - cut * (1 + 0.5 * (eta + 1))) / ((eta + 2) * (1 - cut));
    const random = randomOf('step', eta);
    const steps = Array.from({ length: draws }, () => polynomialMutation(5, 0, 10, eta, random) / 10 - 0.5);
    const sizes = steps.map(Math.abs);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / draws;
    const deviation = Math.sqrt(sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / draws);
    expect(Math.abs(mean - expected)).toBeLessThan((5 * deviation) / Math.sqrt(draws));
    const up = steps.filter((step) => step > 0).length;
    expect(Math.abs(up - draws / 2)).toBeLessThan(5 * Math.sqrt(draws / 4));
  });

  test('reaches both ends of the domain with a small eta', () => {
    const random = randomOf('ends');
    const mutants = Array.from({ length: draws }, () => polynomialMutation(0.2, 0, 1, 0, random));
    expect(Math.min(...mutants)).toBeLessThan(0.001);
    expect(Math.max(...mutants)).toBeGreaterThan(0.999);
  });
});
