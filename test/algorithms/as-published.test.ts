import { describe, expect, test } from 'vitest';
import { tnk } from '../../problems/engineering.js';
import { configured } from '../../src/algorithms/configured.js';
import { evolve } from '../../src/algorithms/evolve.js';
import { createSurvivors, selectSurvivors } from '../../src/algorithms/nsga2/survivors.js';
import { nsga2 } from '../../src/algorithms/nsga2.js';
import { addAtRandom } from '../../src/algorithms/nsga3/at-random.js';
import { createNiches, niching } from '../../src/algorithms/nsga3/niching.js';
import { nsga3 } from '../../src/algorithms/nsga3.js';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { numericFunction } from '../../src/numeric-function.js';
import { optimize } from '../../src/optimize.js';
import { createPopulation } from '../../src/population.js';
import { cutByCrowding } from '../../src/ranking/crowding-thinning.js';

describe('the selection of NSGA-II as published', () => {
  function select(rows: readonly (readonly [number, number])[], places: number) {
    const candidates = createPopulation(rows.length, { variables: 1, objectives: 2, constraints: 0 });
    candidates.size = rows.length;
    for (const [i, row] of rows.entries()) candidates.f.set(row, 2 * i);
    const survivors = createSurvivors(rows.length, 2);
    const count = selectSurvivors(candidates, places, survivors, cutByCrowding);
    return { ...survivors, rows: [...survivors.chosen.subarray(0, count)].sort((a, b) => a - b) };
  }

  // Distances of the inner three: 2/8 + 4.5/8, 3/8 + 2/8, 6/8 + 3.5/8.
  const front = [
    [0, 8],
    [1, 4],
    [2, 3.5],
    [4, 2],
    [8, 0],
  ] as const;

  test('takes the largest distances of the whole front, and keeps them', () => {
    expect(select(front, 4).rows).toEqual([0, 1, 3, 4]);
    const { rows, distance } = select(front, 3);
    expect(rows).toEqual([0, 3, 4]);
    expect(distance[3]).toBe(9.5 / 8);
  });

  test('takes the first of equal distances', () => {
    const even = [
      [0, 4],
      [1, 3],
      [2, 2],
      [3, 1],
      [4, 0],
    ] as const;
    expect(select(even, 3).rows).toEqual([0, 1, 4]);
  });
});

describe('the niching of NSGA-III as published', () => {
  function niched(region: readonly number[], filled: number, places: number, seed: number) {
    const chosen = Int32Array.from({ length: places }, (_, i) => i);
    const front = region.map((_, i) => i).slice(filled);
    const niches = createNiches(3, region.length);
    const random = randomOf(seed);
    // The distance from the direction is the number of the row.
    const rows = region.map((_, i) => i);
    const placed = niching(chosen, filled, places, front, front.length, region, rows, niches, random);
    addAtRandom(chosen, placed, places, region, niches, random);
    return [...chosen];
  }
  const seeds = 600;
  /** Five standard deviations of a share of 1/3 over the seeds. */
  const isThird = (count: number) =>
    expect(Math.abs(count / seeds - 1 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / seeds));

  test('takes any solution of a niche that is not empty, close or not', () => {
    const wins = [0, 0, 0, 0];
    for (let seed = 0; seed < seeds; seed++) wins[niched([0, 0, 0, 0], 1, 2, seed)[1]]++;
    expect(wins[0]).toBe(0);
    for (const count of wins.slice(1)) isThird(count);
  });

  test('goes to the niches of smallest count, of several to one at random', () => {
    // Niche 0 holds rows 0 to 2, niches 1 and 2 a row each: rows 5 and 6 come before row 7.
    const firsts = [0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const added = niched([0, 0, 0, 1, 2, 1, 2, 0], 5, 8, seed).slice(5);
      expect(added[2]).toBe(7);
      expect([...added.slice(0, 2)].sort()).toEqual([5, 6]);
      firsts[added[0] - 5]++;
    }
    for (const count of firsts)
      expect(Math.abs(count / seeds - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / seeds));
  });

  test('takes every candidate once where there is room for all', () => {
    expect(niched([0, 1, 1, 2, 0, 0], 1, 6, 1).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('an algorithm as published', () => {
  const problem = tnk();
  const shape = { variables: 2, objectives: 2, constraints: 2 };
  const settings = { populationSize: 20, generations: 30 };
  const run = (algorithm: typeof nsga2 | typeof nsga3, asPublished: boolean) => [
    ...evolve(
      algorithm as typeof nsga2,
      problem.space,
      shape,
      { ...settings, asPublished },
      numericFunction(problem),
      1,
    ).f,
  ];

  test.each([
    ['nsga2', nsga2],
    ['nsga3', nsga3],
  ] as const)('is another run than the usual %s, the same every time', (_, algorithm) => {
    expect(run(algorithm, true)).not.toEqual(run(algorithm, false));
    expect(run(algorithm, true)).toEqual(run(algorithm, true));
  });

  test('goes into a run of optimize by its configuration', async () => {
    const options = { surrogate: false, budget: 60, populationSize: 20 } as const;
    const published = await optimize(problem, {
      ...options,
      algorithm: configured(nsga2, { asPublished: true }),
    });
    const usual = await optimize(problem, { ...options, algorithm: nsga2 });
    const points = ({ evaluations }: typeof usual) => evaluations.map(({ x }) => [...x]);
    expect(points(published)).not.toEqual(points(usual));
  });

  test('is asked for by true or false', () => {
    const options = { ...settings, asPublished: 'yes' as never };
    expect(() => evolve(nsga2, problem.space, shape, options, numericFunction(problem), 1)).toThrow(
      InputError,
    );
    expect(() => evolve(nsga2, problem.space, shape, options, numericFunction(problem), 1)).toThrow(
      'asPublished must be true or false, got "yes"',
    );
  });
});
