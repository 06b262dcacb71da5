import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { uniformSample } from '../../src/operators/sampling.js';
import {
  checkVariation,
  defaultVariation,
  type VariationOptions,
  vary,
} from '../../src/operators/variation.js';
import { checkVector, choice, integer, real, type Space, spaceOf } from '../../src/space.js';

const off: VariationOptions = {
  crossoverProbability: 0,
  crossoverEta: 15,
  mutationProbability: 0,
  mutationEta: 20,
};

/** `count` children of the same two parents. */
function childrenOf(
  space: Space,
  a: readonly number[],
  b: readonly number[],
  options: Partial<VariationOptions>,
  count: number,
  seed: number | string = 1,
): number[][] {
  const random = randomOf(seed);
  const child = new Float64Array(space.length);
  return Array.from({ length: count }, () => {
    vary(space, Float64Array.from(a), 0, Float64Array.from(b), 0, child, 0, { ...off, ...options }, random);
    return [...child];
  });
}

const share = <T>(values: readonly T[], holds: (value: T) => boolean) =>
  values.filter(holds).length / values.length;

describe('variation', () => {
  const mixed = spaceOf({
    a: real(-1, 2),
    b: integer(-3, 3),
    c: choice('p', 'q', 'r', 's'),
    d: integer(0, 1),
    e: choice(true, false),
    f: real(0, 1e-3),
  });

  test('keeps every child in its domain: whole numbers whole, choices among their values', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, 1, 30), fc.constantFrom(0.2, 1), (seed, eta, probability) => {
        const random = randomOf(seed);
        const parents = uniformSample(mixed, 2, random);
        const options = {
          crossoverProbability: 1,
          crossoverEta: eta,
          mutationProbability: probability,
          mutationEta: eta,
        };
        const child = new Float64Array(mixed.length);
        for (let i = 0; i < 20; i++) {
          vary(mixed, parents, 0, parents, 1, child, 0, options, random);
          checkVector(mixed, child);
          expect(child.some((value) => Object.is(value, -0))).toBe(false);
        }
      }),
    );
  });

  test('reads the parents from the rows named and writes the child to the row named', () => {
    const space = spaceOf({ a: real(0, 9), b: real(0, 9) });
    const child = new Float64Array(6).fill(-1);
    vary(space, Float64Array.of(1, 2, 3, 4), 1, Float64Array.of(5, 6, 7, 8), 0, child, 2, off, randomOf(1));
    expect([...child]).toEqual([-1, -1, -1, -1, 3, 4]);
  });

  test('without crossover and mutation copies the first parent', () => {
    expect(childrenOf(mixed, [1, 2, 3, 0, 1, 1e-4], [0, 0, 0, 1, 0, 0], {}, 1)).toEqual([
      [1, 2, 3, 0, 1, 1e-4],
    ]);
  });

  test('with equal parents and no mutation gives the parent back', () => {
    const parent = [0.5, -2, 1, 1, 0, 5e-4];
    for (const child of childrenOf(mixed, parent, parent, { crossoverProbability: 1 }, 50))
      expect(child).toEqual(parent);
  });

  test('crosses half of the real variables and copies the rest from either parent', () => {
    const children = childrenOf(spaceOf({ a: real(0, 10) }), [3], [7], { crossoverProbability: 1 }, 8000);
    const tolerance = 5 * Math.sqrt(0.25 / 8000);
    expect(Math.abs(share(children, ([value]) => value === 3) - 0.25)).toBeLessThan(tolerance);
    expect(Math.abs(share(children, ([value]) => value === 7) - 0.25)).toBeLessThan(tolerance);
  });

  test('crosses as many pairs as its probability says', () => {
    // An uncrossed child is the first parent; a crossed one takes the second's choice half of the time.
    const children = childrenOf(spaceOf({ a: choice(0, 1) }), [0], [1], { crossoverProbability: 0.6 }, 8000);
    expect(Math.abs(share(children, ([value]) => value === 1) - 0.3)).toBeLessThan(
      5 * Math.sqrt(0.21 / 8000),
    );
  });

  test('takes a choice from either parent with equal chance, and nothing between', () => {
    const space = spaceOf({ a: choice('p', 'q', 'r', 's', 't') });
    const children = childrenOf(space, [0], [4], { crossoverProbability: 1 }, 8000);
    expect(new Set(children.flat())).toEqual(new Set([0, 4]));
    expect(Math.abs(share(children, ([value]) => value === 4) - 0.5)).toBeLessThan(
      5 * Math.sqrt(0.25 / 8000),
    );
  });

  test('mutates a choice to each of its other values alike', () => {
    const space = spaceOf({ a: choice('p', 'q', 'r', 's') });
    const children = childrenOf(space, [1], [1], { mutationProbability: 1 }, 9000);
    expect(share(children, ([value]) => value === 1)).toBe(0);
    for (const other of [0, 2, 3])
      expect(Math.abs(share(children, ([value]) => value === other) - 1 / 3)).toBeLessThan(
        5 * Math.sqrt(2 / 9 / 9000),
      );
  });

  test('mutates a whole number always to another, from every value, however narrow the domain', () => {
    for (const [lower, upper] of [
      [0, 1],
      [-2, 2],
      [0, 100],
      [5, 7],
    ]) {
      const space = spaceOf({ a: integer(lower, upper) });
      for (let value = lower; value <= upper; value++)
        for (const [mutant] of childrenOf(space, [value], [value], { mutationProbability: 1 }, 50, value)) {
          expect(mutant).not.toBe(value);
          checkVector(space, [mutant]);
        }
    }
  });

  test('reaches the last whole number as easily as those before it', () => {
    // With eta 0 half of the mutations of 0 go up, uniform on [0, 3.5], of which 2 and 3 have a unit each: 1/2 * 2/7. The
    // other half, downwards, and what rounds to 0 end at 1.
    const space = spaceOf({ a: integer(0, 3) });
    const mutants = childrenOf(space, [0], [0], { mutationProbability: 1, mutationEta: 0 }, 12_000).flat();
    for (const value of [2, 3])
      expect(Math.abs(share(mutants, (mutant) => mutant === value) - 1 / 7)).toBeLessThan(
        5 * Math.sqrt(6 / 49 / 12_000),
      );
  });

  test('reaches every value of a whole number from every other by mutation', () => {
    const space = spaceOf({ a: integer(-2, 3) });
    for (let value = -2; value <= 3; value++) {
      const mutants = childrenOf(space, [value], [value], { mutationProbability: 1, mutationEta: 1 }, 2000);
      expect(new Set(mutants.flat()).size).toBe(5);
    }
  });

  test('crosses whole numbers to values between and beyond their parents', () => {
    const space = spaceOf({ a: integer(0, 10) });
    const children = childrenOf(space, [3], [7], { crossoverProbability: 1, crossoverEta: 1 }, 4000).flat();
    for (const value of [1, 2, 3, 4, 5, 6, 7, 8, 9]) expect(children).toContain(value);
  });

  test('mutates each variable with the probability given', () => {
    const children = childrenOf(
      mixed,
      [1, 2, 3, 0, 1, 1e-4],
      [1, 2, 3, 0, 1, 1e-4],
      { mutationProbability: 0.3 },
      8000,
    );
    for (let v = 0; v < mixed.length; v++) {
      const moved = share(children, (child) => child[v] !== [1, 2, 3, 0, 1, 1e-4][v]);
      expect(Math.abs(moved - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / 8000));
    }
  });
});

describe('the options of variation', () => {
  test('default to those of the paper: every pair crossed with eta 30, one variable in n mutated with eta 20', () => {
    expect(defaultVariation(spaceOf({ a: real(0, 1), b: real(0, 1), c: real(0, 1), d: real(0, 1) }))).toEqual(
      {
        crossoverProbability: 1,
        crossoverEta: 30,
        mutationProbability: 0.25,
        mutationEta: 20,
      },
    );
  });

  test('are refused outside their law, with the law and the value', () => {
    expect(() => checkVariation(off)).not.toThrow();
    expect(() => checkVariation({ ...off, crossoverProbability: 1.4 })).toThrow(
      'crossoverProbability must lie in [0, 1], got 1.4',
    );
    expect(() => checkVariation({ ...off, mutationProbability: Number.NaN })).toThrow(InputError);
    expect(() => checkVariation({ ...off, mutationEta: -1 })).toThrow(
      'mutationEta must be 0 or more, got -1',
    );
  });
});
