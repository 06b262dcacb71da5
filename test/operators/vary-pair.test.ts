import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../src/math/random.js';
import { sbx, sbxPair } from '../../src/operators/sbx.js';
import type { VariationOptions } from '../../src/operators/variation.js';
import { varyPair } from '../../src/operators/vary-pair.js';
import { checkVector, choice, integer, real, type Space, spaceOf } from '../../src/space.js';

const options: VariationOptions = {
  crossoverProbability: 1,
  crossoverEta: 15,
  mutationProbability: 0,
  mutationEta: 20,
};

/** The two children of two parents. */
function pairOf(
  space: Space,
  first: readonly number[],
  second: readonly number[],
  changes: Partial<VariationOptions>,
  seed: number | string,
): [number[], number[]] {
  const n = space.length;
  const pair = new Float64Array(3 * Math.max(2, n));
  const x = Float64Array.of(...first, ...second);
  varyPair(space, x, 0, 1, pair, { ...options, ...changes }, randomOf(seed));
  return [[...pair.subarray(0, n)], [...pair.subarray(n, 2 * n)]];
}

const mixed = spaceOf({ a: real(-1, 1), b: integer(0, 6), c: choice('p', 'q', 'r') });

describe('two children of a pair', () => {
  test('are their parents, in order, when nothing is crossed or mutated', () => {
    expect(pairOf(mixed, [0.5, 2, 0], [-0.5, 4, 2], { crossoverProbability: 0 }, 1)).toEqual([
      [0.5, 2, 0],
      [-0.5, 4, 2],
    ]);
  });

  test('are their parents too in real values that differ by a rounding error alone', () => {
    const space = spaceOf({ a: real(0, 1), b: real(0, 1000), c: real(0, 1) });
    for (let seed = 0; seed < 20; seed++) {
      const [first, second] = pairOf(space, [0, 500, 0.5], [1e-17, 500 + 5e-12, 0.5 + 5e-14], {}, seed);
      expect(first.slice(0, 2)).toEqual([0, 500]);
      expect(second.slice(0, 2)).toEqual([1e-17, 500 + 5e-12]);
    }
    const children = Array.from({ length: 20 }, (_, seed) =>
      pairOf(space, [0, 0, 0.5], [0, 0, 0.5 + 5e-14], {}, seed),
    );
    expect(children.some(([first]) => first[2] !== 0.5)).toBe(true);
  });

  test('lie in the domain, whatever the operators do', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 2 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 2 }),
        fc.integer(),
        (a, b, c, d, e, f, seed) => {
          const changes = { crossoverEta: 1, mutationEta: 1, mutationProbability: 0.5 };
          for (const child of pairOf(mixed, [a, b, c], [d, e, f], changes, seed)) checkVector(mixed, child);
        },
      ),
    );
  });

  test('keep the mean of their parents in a real variable far from its bounds', () => {
    const wide = spaceOf({ a: real(-1e9, 1e9), b: real(-1e9, 1e9) });
    for (let seed = 0; seed < 50; seed++) {
      const [first, second] = pairOf(wide, [3, -2], [4, 6], {}, seed);
      expect(first[0] + second[0]).toBeCloseTo(7, 6);
      expect(first[1] + second[1]).toBeCloseTo(4, 6);
    }
  });

  test('share out the choices of their parents', () => {
    for (let seed = 0; seed < 50; seed++) {
      const [first, second] = pairOf(mixed, [0, 3, 0], [0, 3, 2], {}, seed);
      expect([first[2], second[2]].sort()).toEqual([0, 2]);
    }
  });

  test('exchange a choice every other time, a real value every fourth', () => {
    const draws = 4000;
    let choices = 0;
    let reals = 0;
    for (let seed = 0; seed < draws; seed++) {
      // With so large an eta the children of a crossover are the parents' values.
      const [first] = pairOf(mixed, [-0.5, 3, 0], [0.5, 3, 2], { crossoverEta: 1e12 }, seed);
      if (first[2] === 2) choices++;
      if (first[0] > 0) reals++;
    }
    const within = 5 * Math.sqrt(0.25 / draws);
    expect(Math.abs(choices / draws - 0.5)).toBeLessThan(within);
    expect(Math.abs(reals / draws - 0.25)).toBeLessThan(within);
  });

  test('mutate each by itself', () => {
    let same = 0;
    for (let seed = 0; seed < 200; seed++) {
      const [first, second] = pairOf(mixed, [0, 3, 1], [0, 3, 1], { mutationProbability: 1 }, seed);
      expect(first[0]).not.toBe(0);
      expect(first[1]).not.toBe(3);
      expect(first[2]).not.toBe(1);
      if (first[0] === second[0]) same++;
    }
    expect(same).toBe(0);
  });
});

test('the pair of simulated binary crossover has the child that sbx would choose on either side', () => {
  for (let seed = 0; seed < 100; seed++) {
    const children = new Float64Array(4);
    sbxPair(0.9, 0.2, 0, 1, 5, randomOf(seed), children, 2);
    // sbx draws the same first number, then a side.
    const single = sbx(0.9, 0.2, 0, 1, 5, randomOf(seed));
    expect([children[2], children[3]]).toContain(single);
    expect(children[2]).toBeLessThanOrEqual(children[3]);
    expect([...children.subarray(0, 2)]).toEqual([0, 0]);
  }
});

test('the pair of equal parents is the parents', () => {
  const children = new Float64Array(2);
  sbxPair(0.3, 0.3, 0, 1, 5, randomOf(1), children);
  expect([...children]).toEqual([0.3, 0.3]);
});
