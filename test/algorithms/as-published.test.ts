import { describe, expect, test } from 'vitest';
import { tnk } from '../../problems/engineering.js';
import { configured } from '../../src/algorithms/configured.js';
import { updateConvergenceArchive } from '../../src/algorithms/ctaea/convergence-archive.js';
import { updateDiversityArchive } from '../../src/algorithms/ctaea/diversity-archive.js';
import { createPlainScale, lowerIdeal } from '../../src/algorithms/ctaea/plain-scale.js';
import { publishedShares, selectParents } from '../../src/algorithms/ctaea/restricted-mating.js';
import { ctaea } from '../../src/algorithms/ctaea.js';
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
import { computeViolations, createPopulation, type Population } from '../../src/population.js';
import { toUnitLength } from '../../src/ranking/association.js';
import { cutByCrowding } from '../../src/ranking/crowding-thinning.js';
import { dasDennis } from '../../src/ranking/reference-directions.js';

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

describe('C-TAEA as published', () => {
  // Three subregions: d0 around (0, 1), d1 around (1/2, 1/2), d2 around (1, 0); their borders lie at 67.5 and 22.5 degrees.
  const directions = dasDennis(2, 2);
  const unit = toUnitLength(directions);

  /** Rows of [f1, f2, cv]; the decision vector of a row is its number. */
  function populationOf(...rows: readonly (readonly [number, number, number?])[]): Population {
    const population = createPopulation(rows.length, { variables: 1, objectives: 2, constraints: 1 });
    population.size = rows.length;
    for (const [i, [f1, f2, cv = 0]] of rows.entries()) {
      population.x[i] = i;
      population.f.set([f1, f2], 2 * i);
      population.g[i] = cv;
    }
    computeViolations(population);
    return population;
  }
  const rowsOf = ({ x, size }: Population) => [...x.subarray(0, size)];
  const scaleOf = (...seen: readonly Population[]) => {
    const scale = createPlainScale(2);
    for (const population of seen) lowerIdeal(scale, population);
    return scale;
  };
  const room = (capacity: number) =>
    createPopulation(capacity, { variables: 1, objectives: 2, constraints: 1 });

  describe('takes objectives', () => {
    test('as they stand, from the smallest values so far, infeasible ones too', () => {
      const scale = scaleOf(populationOf([3, 8], [5, 4, 2]), populationOf([4, 2, 1], [9, 9]));
      expect([...scale.ideal]).toEqual([3, 2]);
      expect([...scale.width]).toEqual([1, 1]);
      expect([...scale.nadir]).toEqual([4, 3]);
    });
  });

  describe('updates the convergence archive (Algorithm 2)', () => {
    const chosen = (h: Population, capacity: number) => {
      const ca = room(capacity);
      updateConvergenceArchive(h, directions, unit, scaleOf(h), ca, undefined, true);
      return rowsOf(ca);
    };

    test('in subregions of the objectives as they stand', () => {
      // From (0, 0) rows 1 to 3 all lie within 22.5 degrees of the second axis, in d0: they are crowded, and rows 2 and 3
      // the closest. By Tchebycheff with d0, of weights (1e-4, 1), row 3 is the worst: 6 / 1e-4.
      const h = populationOf([0, 100], [2, 60], [5, 40], [6, 30], [90, 0]);
      expect(chosen(h, 4)).toEqual([0, 1, 2, 4]);
    });

    test('of equally crowded subregions thins the first', () => {
      // d0 holds rows 0 and 1, d2 rows 3 and 4, which are closer to each other. With d0 row 1 is worse: 1 / 1e-4.
      const h = populationOf([0, 10], [1, 8], [5, 5], [8, 0.25], [8.5, 0]);
      expect(chosen(h, 4)).toEqual([0, 2, 3, 4]);
      // Then d1 and d0 hold a row each, d2 two, of which row 3 is the worse: 0.25 / 1e-4 = 2500, row 4: 8.5.
      expect(chosen(h, 3)).toEqual([0, 2, 4]);
    });

    test('drops the worst of all that are as close to another', () => {
      // From (0, 0) all are in d1, each as far from the next; Tchebycheff values 8, 8 and 9.
      const h = populationOf([3.5, 4], [4, 3.5], [4.5, 3], [0, 9, 1], [9, 0, 1]);
      expect(chosen(h, 2)).toEqual([0, 1]);
    });

    test('with few feasible solutions by fronts of violation and Tchebycheff value, the last by violation', () => {
      // From (1, 1): row 1 is (2, 2 / 0.5 = 4) of violation and value, row 2 (1, 16), row 3 (1.5, 18), row 4 (5, 0).
      // The first front is 1, 2 and 4, the second 3.
      const h = populationOf([9, 9], [3, 3, 2], [9, 9, 1], [10, 10, 1.5], [1, 1, 5]);
      expect(chosen(h, 2)).toEqual([0, 2]);
      expect(chosen(h, 3)).toEqual([0, 1, 2]);
      expect(chosen(h, 4)).toEqual([0, 1, 2, 4]);
    });
  });

  test('updates the diversity archive (Algorithm 3) in the subregions of the same scale', () => {
    // From (0, 0): rows 0 and 1 in d0, of values 100 and 10 / 1e-4; row 2 in d1; row 3, infeasible, in d2. In the box of these
    // candidates row 2 would lie in d0: (0.3, 0.8).
    const h = populationOf([0, 100], [10, 90], [30, 40], [100, 0, 7], [29, 50]);
    const scale = scaleOf(h);
    const update = (ca: Population, capacity: number) => {
      const da = room(capacity);
      updateDiversityArchive(h, ca, directions, unit, scale, da);
      return rowsOf(da);
    };
    expect(update(room(0), 3)).toEqual([0, 2, 3]);
    expect(update(populationOf([20, 20]), 3)).toEqual([0, 3, 1]); // d1 waits for the second round, which begins with d0
    expect(update(populationOf([20, 20]), 4)).toEqual([0, 3, 1, 2]); // of d1 row 2: 80, and row 4: 100
  });

  describe('mates (Algorithm 4)', () => {
    test('by the shares of each archive in all that is non-dominated, whatever is feasible', () => {
      const union = populationOf([0, 1], [1, 0], [2, 2], [0.5, 0.5, 9], [3, 3]);
      expect(publishedShares(union, 3)).toEqual({ ca: 2 / 3, da: 1 / 3, second: 2 / 3 });
      // Infeasible members of the diversity archive dominate all: the convergence archive is never mated.
      const behind = populationOf([3, 5], [5, 3], [0, 1, 1], [1, 0, 1], [6, 6]);
      expect(publishedShares(behind, 2)).toEqual({ ca: 0, da: 1, second: 0 });
      expect(publishedShares(room(0), 0)).toEqual({ ca: 0, da: 0, second: 0 });
    });

    test('with the first parent of the archive ahead, the second of the convergence archive as often as its share', () => {
      const [ca, da] = [populationOf([0, 1], [1, 0]), populationOf([0, 2], [2, 0])];
      const draws = 20_000;
      const random = randomOf('mating as published');
      let second = 0;
      for (let i = 0; i < draws; i++) {
        const [p, q] = selectParents(ca, da, { ca: 0.6, da: 0.4, second: 0.6 }, random);
        expect(p.archive).toBe(ca);
        if (q.archive === ca) second++;
      }
      expect(Math.abs(second / draws - 0.6)).toBeLessThan(5 * Math.sqrt(0.24 / draws));
    });
  });
});

describe('an algorithm as published', () => {
  const problem = tnk();
  const shape = { variables: 2, objectives: 2, constraints: 2 };
  const settings = { populationSize: 20, generations: 30 };
  const run = (algorithm: typeof nsga2 | typeof nsga3 | typeof ctaea, asPublished: boolean) => [
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
    ['ctaea', ctaea],
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
