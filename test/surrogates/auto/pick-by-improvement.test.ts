import { describe, expect, it } from 'vitest';
import { measured } from '../../../src/archive.js';
import { createPopulation } from '../../../src/index.js';
import { pickByImprovement } from '../../../src/surrogates/auto/pick-by-improvement.js';
import { outlook, problem } from './one-variable.js';

/** The pick of a round of one, after seven evaluations whose constraint is `g`, where feasibility is expected below a = 1/2. */
function pick(
  round: number,
  g: (left: number, right: number) => number,
  // Where nothing else is said, what improves most lies at the end, a = 1.
  left = (a: number) => 0.4 - 0.1 * a,
  right = left,
  constraint = outlook((a) => a - 0.5, 0.01),
): number {
  const evaluations = Array.from({ length: 7 }, (_, i) => {
    const f = [i / 6, 1 - i / 6 + (i % 2) / 10];
    return measured(problem, Float64Array.of(i / 6), Float64Array.from(f), Float64Array.of(g(f[0], f[1])), {
      seconds: 0,
      origin: 'initial',
      round: 0,
    });
  });
  const outlooks = {
    objectives: [outlook(left, 0.05), outlook(right, 0.05)],
    constraints: [constraint],
    failure: null,
    cost: null,
  };
  const solved = createPopulation(0, { variables: 1, objectives: 2, constraints: 1 });
  const picked = pickByImprovement(problem, evaluations, outlooks, solved, { infill: 1, seed: 1 }, round);
  return picked[0][0];
}

describe('a pick by improvement', () => {
  it('keeps to where the constraints are expected to hold', () => {
    for (const round of [1, 2, 3, 4])
      expect(pick(round, (left, right) => left * right - 1)).toBeLessThan(0.5);
  });

  it('asks a constraint that only bounds an objective but once every other time', () => {
    const bound = (left: number) => left - 2;
    for (const round of [1, 3]) expect(pick(round, bound)).toBeLessThan(0.5);
    for (const round of [2, 4]) expect(pick(round, bound)).toBeGreaterThan(0.9);
  });

  it('is cautious every other time where next to nothing was feasible', () => {
    // Beyond 1/2 there is much to gain, and one chance in six that it is feasible.
    const gain = (a: number) => (a < 0.5 ? 0.4 : -0.3);
    const doubtful = outlook((a) => (a < 0.5 ? -1 : 0.1), 0.1);
    const one = (left: number) => Math.abs(left - 0.5) - 0.01;
    for (const round of [1, 3]) {
      expect(pick(round, one, gain, gain, doubtful)).toBeLessThan(0.5);
      expect(pick(round, () => -1, gain, gain, doubtful)).toBeGreaterThanOrEqual(0.5);
    }
    for (const round of [2, 4]) expect(pick(round, one, gain, gain, doubtful)).toBeGreaterThanOrEqual(0.5);
  });

  it('expects nothing beyond such a bound', () => {
    const rising = (a: number) => 0.2 + 0.3 * a;
    const falling = (a: number) => 0.5 - 0.4 * a;
    expect(pick(2, (left) => left - 2, rising, falling)).toBeGreaterThan(0.7);
    // Left reaches the bound at a = 1/2.
    expect(pick(2, (left) => 3 * (left - 0.35), rising, falling)).toBeLessThan(0.55);
  });
});
