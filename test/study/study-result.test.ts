import { describe, expect, it } from 'vitest';
import { type FinishedCell, studyResult } from '../../src/index.js';
import { verdict } from '../../src/study/verdict.js';
import { handMade } from '../report/records.js';

/** A run that found one point; to (10, 0) it dominates `(10 - cost) gain`. */
const cell = (configuration: string, seed: number, cost: number, gain = 1, reach = 10): FinishedCell => ({
  problem: 'shed',
  configuration,
  seed,
  options: {},
  folder: '',
  record: handMade({
    points: [[cost, gain]],
    front: [0],
    referencePoint: { cost: reach, gain: 0 },
    history: [(reach - cost) * gain],
  }),
});

describe('the result of a study', () => {
  const [result] = studyResult([
    ...[1, 2, 3, 4].map((seed) => cell('good', seed, seed)), // 9, 8, 7, 6
    ...[1, 2, 3, 4].map((seed) => cell('poor', seed, seed === 4 ? 2 : 4 + seed)), // 5, 4, 3, 8
  ]);

  it('gives mean, deviation, quartiles and wins of every configuration', () => {
    const [good, poor] = result.configurations;
    expect(good.values).toEqual([9, 8, 7, 6]);
    expect(good.mean).toBe(7.5);
    expect(good.deviation).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(good.quartiles).toEqual([6, 6.75, 7.5, 8.25, 9]);
    expect([good.wins, poor.wins]).toEqual([3, 1]);
    expect(poor.quartiles[2]).toBe(4.5);
  });

  it('compares every pair, the better by its median', () => {
    expect(result.comparisons).toHaveLength(1);
    const [{ better, worse, difference, p }] = result.comparisons;
    expect([better, worse, difference]).toEqual(['good', 'poor', 3]);
    // Ranks of `good`: 8, 6.5, 5, 4 = 23.5; of the 70 splits 5 reach it or more
    // (8 with both 6.5 and 5, 4 or 3; 8 with either 6.5, 5 and 4).
    expect(p).toBeCloseTo((2 * 5) / 70, 12);
  });

  it('takes all hypervolumes of a problem to one reference point', () => {
    const [{ referencePoint, configurations }] = studyResult([
      cell('near', 1, 4, 2, 5),
      cell('far', 1, 4, 2, 10),
    ]);
    expect(referencePoint).toEqual({ cost: 10, gain: 0 });
    expect(configurations.map(({ values }) => values)).toEqual([[12], [12]]);
    expect(configurations.map(({ wins }) => wins)).toEqual([1, 1]);
  });

  it('says so where the runs are too few for any difference to be significant', () => {
    // The smallest two-sided p of 4 against 4 is 2 / 70.
    expect(result.leastP).toBeCloseTo(2 / 70, 12);
    expect(verdict(result)).toBe(
      'No difference is significant at 5 % (two-sided Wilcoxon rank-sum tests, Holm).',
    );
    const [few] = studyResult([cell('a', 1, 1), cell('b', 1, 2)]);
    expect(few.leastP).toBe(1);
    expect(verdict(few)).toMatch(/^With so few runs no difference can be significant/);
  });
});
