import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../src/archive.js';
import { costsOf } from '../../../src/surrogates/auto/costs.js';

const costing = (...costs: number[]) =>
  costs.map((cost) => ({ metrics: Float64Array.of(0.5, cost) }) as unknown as Evaluation);

describe('costs of evaluations', () => {
  it('are their logarithms', () => {
    const costs = costsOf(costing(1, Math.E, Math.E ** 2), 1);
    expect([...costs.logarithms]).toEqual([0, 1, 2]);
    expect(costs).not.toHaveProperty('warning');
  });

  it('that are 0, negative or no number stand with the least of the others, however large that is, and a warning', () => {
    const costs = costsOf(costing(Math.E ** 3, 0, Math.E ** 2, -1, Number.NaN), 1);
    expect([...costs.logarithms]).toEqual([3, 2, 2, 2, 2]);
    expect(costs.warning).toBe(
      'a cost must be finite and above 0, got 0: such a one is taken for the nearest that is',
    );
  });

  it('that are infinite stand with the largest of the others, and a warning', () => {
    const costs = costsOf(costing(1, Number.POSITIVE_INFINITY, Math.E), 1);
    expect([...costs.logarithms]).toEqual([0, 1, 1]);
    expect(costs.warning).toContain('got Infinity');
  });

  it('of which none is above 0 are all the same', () => {
    expect([...costsOf(costing(0, -4), 1).logarithms]).toEqual([0, 0]);
  });
});
