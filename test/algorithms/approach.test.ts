import { describe, expect, test } from 'vitest';
import { mw1 } from '../../problems/mw.js';
import type { Algorithm } from '../../src/algorithm.js';
import { createApproach, followApproach, settingsFor } from '../../src/algorithms/approach.js';
import { algorithms } from '../../src/algorithms/catalogue.js';
import { evolve } from '../../src/algorithms/evolve.js';
import { randomOf } from '../../src/math/random.js';
import { numericFunction } from '../../src/numeric-function.js';
import { defaultVariation } from '../../src/operators/variation.js';
import { createPopulation } from '../../src/population.js';
import { real, spaceOf } from '../../src/space.js';

const line = spaceOf({ a: real(0, 1) });
const shape = { variables: 1, objectives: 2, constraints: 1 };

describe('the approach to a first feasible solution', () => {
  const approach = () => createApproach(defaultVariation(line));
  const stalledAfter = (violations: readonly (readonly number[])[]) => {
    const followed = approach();
    return violations.map((cv) => {
      const survivors = createPopulation(5, shape);
      survivors.size = cv.length;
      survivors.cv.set(cv);
      followApproach(followed, survivors);
      return followed.stalled;
    });
  };

  test('stalls after a generation that brings the smallest violation no lower', () => {
    const generations = [[3, 5], [5, 2], [2, 2], [2, 4], [1.9]];
    expect(stalledAfter(generations)).toEqual([false, false, true, true, false]);
  });

  test('is over with a feasible solution', () => {
    expect(stalledAfter([[3], [3], [0, 3], [0, 3]])).toEqual([false, true, false, false]);
  });

  test('gives every second mating a mutation without a preference for near values while it stalls', () => {
    const followed = approach();
    const etas = () => [0, 1, 2, 3].map((mating) => settingsFor(followed, mating).mutationEta);
    expect(etas()).toEqual([20, 20, 20, 20]);
    followed.stalled = true;
    expect(etas()).toEqual([0, 20, 0, 20]);
  });
});

describe.each(['nsga2', 'nsga3', 'ctaea'] as const)('%s', (name) => {
  const algorithm = algorithms[name] as Algorithm;
  const populationSize = 40;
  const variation = { crossoverProbability: 0, mutationProbability: 1, mutationEta: 1e9 };

  /** The rows of the children that lie farther than a thousandth from all that was evaluated, generation by generation. */
  function farther(asPublished: boolean, violations: readonly number[]): number[][] {
    const state = algorithm.create(line, shape, { populationSize, variation, asPublished });
    const random = randomOf(1);
    const f = Float64Array.from({ length: 2 * populationSize }, (_, i) => (i % 2 ? populationSize - i : i));
    const known: number[] = [];
    return violations.map((violation) => {
      const { x, count } = algorithm.ask(state, random);
      const children = [...x.subarray(0, count)];
      const far = children.flatMap((child, row) =>
        known.every((value) => Math.abs(value - child) > 1e-3) ? [row] : [],
      );
      known.push(...children);
      const g = new Float64Array(populationSize).fill(violation);
      algorithm.tell(state, { x: Float64Array.from(children), count }, f, g);
      return far;
    });
  }

  test('looks anywhere, in every second mating, after a generation that came no nearer to a feasible solution', () => {
    const [, nearer, stalled, again] = farther(false, [2, 1, 1, 0.5, 0.5]);
    expect(nearer).toEqual([]);
    expect(stalled).toEqual([]);
    expect(again.length).toBeGreaterThan(5);
    for (const row of again) expect((name === 'ctaea' ? row : row >> 1) % 2).toBe(0);
  });

  test('stays near once it comes nearer, or has come there', () => {
    const [, , , stalled, nearer] = farther(false, [2, 1, 1, 0.5, 0.5]);
    expect(stalled.length).toBeGreaterThan(5);
    expect(nearer).toEqual([]);
    expect(farther(false, [0, 0, 0, 0]).slice(1)).toEqual([[], [], []]);
  });

  test('stays near as published', () => {
    expect(farther(true, [2, 2, 2, 2]).slice(1)).toEqual([[], [], []]);
  });

  test('finds what is feasible of MW1, of which a third of the runs had lost what a variable needs', () => {
    const problem = mw1();
    for (let seed = 1; seed <= 6; seed++) {
      const { cv, size } = evolve(
        algorithm,
        problem.space,
        { variables: 15, objectives: 2, constraints: 1 },
        { populationSize: 50, generations: 200 },
        numericFunction(problem),
        randomOf(seed, 'approach'),
      );
      expect(Math.min(...cv.subarray(0, size)), `seed ${seed}`).toBeLessThanOrEqual(0);
    }
  });
});
