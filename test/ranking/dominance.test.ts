import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeViolations, createPopulation, type Population } from '../../src/population.js';
import { constrainedDominates, dominates } from '../../src/ranking/dominance.js';

const compared = (a: number[], b: number[]) => dominates([...a, ...b], 0, 1, a.length);

describe('Pareto domination', () => {
  test('asks for nowhere worse and somewhere better', () => {
    expect(compared([1, 2], [2, 3])).toBe(true);
    expect(compared([1, 2], [1, 3])).toBe(true);
    expect(compared([1, 2], [1, 2])).toBe(false);
    expect(compared([1, 4], [2, 3])).toBe(false);
    expect(compared([2, 3], [1, 2])).toBe(false);
  });

  test('orders infinities like any other value', () => {
    expect(compared([1, Number.POSITIVE_INFINITY], [2, Number.POSITIVE_INFINITY])).toBe(true);
    expect(compared([Number.NEGATIVE_INFINITY, 1], [0, 1])).toBe(true);
  });

  test('takes NaN for neither better nor worse', () => {
    expect(compared([Number.NaN, 1], [0, 2])).toBe(true);
    expect(compared([Number.NaN, 1], [0, 1])).toBe(false);
  });

  test('is a strict partial order', () => {
    const vector = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(vector, vector, vector, (a, b, c) => {
        expect(compared(a, a)).toBe(false);
        expect(compared(a, b) && compared(b, a)).toBe(false);
        if (compared(a, b) && compared(b, c)) expect(compared(a, c)).toBe(true);
      }),
    );
  });
});

/** Rows of [f1, f2, g1, g2]. */
function populationOf(...rows: [number, number, number, number][]): Population {
  const population = createPopulation(rows.length, { variables: 1, objectives: 2, constraints: 2 });
  population.size = rows.length;
  rows.forEach(([f1, f2, g1, g2], i) => {
    population.f.set([f1, f2], 2 * i);
    population.g.set([g1, g2], 2 * i);
  });
  computeViolations(population);
  return population;
}

describe('constrained domination', () => {
  test('puts any feasible solution before any infeasible one', () => {
    const population = populationOf([9, 9, -1, 0], [1, 1, 0.1, -5]);
    expect(constrainedDominates(population, 0, 1)).toBe(true);
    expect(constrainedDominates(population, 1, 0)).toBe(false);
  });

  test('orders infeasible solutions by the sum of their violations alone', () => {
    const population = populationOf([9, 9, 0.2, 0.2], [1, 1, 0.5, -5], [5, 5, 0.5, 0]);
    expect([...population.cv]).toEqual([0.4, 0.5, 0.5]);
    expect(constrainedDominates(population, 0, 1)).toBe(true);
    expect(constrainedDominates(population, 1, 0)).toBe(false);
    expect(constrainedDominates(population, 1, 2)).toBe(false);
    expect(constrainedDominates(population, 2, 1)).toBe(false);
  });

  test('compares feasible solutions by their objectives, however deep inside they lie', () => {
    const population = populationOf([1, 2, -9, -9], [2, 2, 0, 0], [3, 1, -1, -1]);
    expect(constrainedDominates(population, 0, 1)).toBe(true);
    expect(constrainedDominates(population, 1, 0)).toBe(false);
    expect(constrainedDominates(population, 0, 2)).toBe(false);
  });

  test('takes a solution with a constraint that is NaN for infeasible', () => {
    const population = populationOf([1, 1, Number.NaN, -1], [9, 9, 0, 0]);
    expect(population.cv[0]).toBeNaN();
    expect(constrainedDominates(population, 0, 1)).toBe(false);
    expect(constrainedDominates(population, 1, 0)).toBe(true);
  });
});
