import { describe, expect, test } from 'vitest';
import { bnh } from '../../problems/engineering.js';
import { createAdaptiveScale, fitScale } from '../../src/algorithms/ctaea/adaptive-scale.js';
import { createAdvance, followAdvance } from '../../src/algorithms/ctaea/advance.js';
import { updateConvergenceArchive } from '../../src/algorithms/ctaea/convergence-archive.js';
import { updateDiversityArchive } from '../../src/algorithms/ctaea/diversity-archive.js';
import {
  nondominatedShares,
  type Shares,
  selectParents,
  tournament,
} from '../../src/algorithms/ctaea/restricted-mating.js';
import { createTrailingScale, trailScale } from '../../src/algorithms/ctaea/trailing-scale.js';
import { ctaea } from '../../src/algorithms/ctaea.js';
import { evolve } from '../../src/algorithms/evolve.js';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { computeViolations, createPopulation, type Population } from '../../src/population.js';
import { scaleBetween, toUnitLength } from '../../src/ranking/association.js';
import { dasDennis } from '../../src/ranking/reference-directions.js';
import { choice, integer, real, spaceOf } from '../../src/space.js';

// Three subregions: d0 around (0, 1), d1 around (1/2, 1/2), d2 around (1, 0); their borders lie at 67.5 and 22.5 degrees.
const directions = dasDennis(2, 2);
const unit = toUnitLength(directions);
const scale = scaleBetween([0, 0], [1, 1]);

/** Rows of [f1, f2, cv]; the decision vector of a row is its number, so that rows can be told apart. */
function populationOf(...rows: readonly (readonly [number, number, number?])[]): Population {
  const population = createPopulation(rows.length, { variables: 1, objectives: 2, constraints: 1 });
  population.size = rows.length;
  rows.forEach(([f1, f2, cv = 0], i) => {
    population.x[i] = i;
    population.f.set([f1, f2], 2 * i);
    population.g[i] = cv;
  });
  computeViolations(population);
  return population;
}

const room = (capacity: number) =>
  createPopulation(capacity, { variables: 1, objectives: 2, constraints: 1 });
const rowsOf = ({ x, size }: Population) => [...x.subarray(0, size)];

describe('the convergence archive', () => {
  const chosen = (h: Population, capacity: number, box = scale) => {
    const ca = room(capacity);
    updateConvergenceArchive(h, directions, unit, box, ca);
    return rowsOf(ca).sort((a, b) => a - b);
  };

  test('with many feasible solutions takes whole fronts, and no infeasible one', () => {
    const h = populationOf(
      [0.1, 0.9],
      [0.6, 0.6], // dominated by the third
      [0.5, 0.5],
      [0.05, 0.05, 1], // infeasible, though it dominates all
      [0.9, 0.1],
    );
    expect(chosen(h, 3)).toEqual([0, 2, 4]);
  });

  test('with a front too large drops, from the most crowded subregion, the worse of the closest pair', () => {
    const h = populationOf(
      [0.02, 0.98], // alone in d0
      [0.45, 0.55], // d1, Tchebycheff 1.1
      [0.5, 0.5], // d1, Tchebycheff 1
      [0.55, 0.47], // d1, Tchebycheff 1.1; at distance 0.058 from the one before, which is 0.071 from its other neighbour
      [0.98, 0.02], // alone in d2
    );
    expect(chosen(h, 4)).toEqual([0, 1, 2, 4]); // the pair (2, 3) loses 3
    expect(chosen(h, 3)).toEqual([0, 2, 4]); // then the pair (1, 2) loses 1
  });

  test('of equally crowded subregions thins that of the closest pair', () => {
    const h = populationOf(
      [0.02, 0.98], // d0
      [0.1, 0.95], // d0, at distance 0.085
      [0.5, 0.5], // alone in d1
      [0.95, 0.06], // d2
      [0.98, 0.02], // d2, at distance 0.05
    );
    expect(chosen(h, 4)).toEqual([0, 1, 2, 4]);
    expect(chosen(h, 3)).toEqual([0, 2, 4]);
  });

  test('of several pairs that are the closest thins the first', () => {
    // All in d1, each as far from the next; Tchebycheff values 1, 1 and 1.125.
    const h = populationOf([0.4375, 0.5], [0.5, 0.4375], [0.5625, 0.375]);
    expect(chosen(h, 2)).toEqual([0, 2]);
  });

  test('measures distance in normalised objectives', () => {
    // In d1 the pair (1, 2) is at 0.071 and (2, 3) at 0.102 of the box; as they stand at 5 and 2.
    const wide = populationOf([0.02, 98], [0.45, 55], [0.5, 50], [0.6, 48], [0.98, 2]);
    const box = scaleBetween([0, 0], [1, 100]);
    expect(chosen(wide, 4, box)).toEqual([0, 2, 3, 4]); // of the first pair row 1 has the larger value, 1.1
  });

  test('thins a last front that fits only partly together with the fronts before it', () => {
    // The first front is row 0 alone, the second rows 1 to 3. Row 0 shares d1 with row 2.
    const h = populationOf([0.4, 0.4], [0.41, 2], [0.5, 0.5], [2, 0.41]);
    expect(chosen(h, 3)).toEqual([0, 1, 3]); // d1 is crowded; of its pair row 2 has the larger value
  });

  test('with exactly as many feasible solutions as places keeps them all, dominated ones too', () => {
    const h = populationOf([0.9, 0.9], [0.5, 0.5], [0.1, 0.1, 3]);
    expect(chosen(h, 2)).toEqual([0, 1]);
  });

  test('with few feasible solutions adds infeasible ones by fronts of violation and Tchebycheff value', () => {
    const h = populationOf(
      [0.9, 0.9], // feasible
      [0.5, 0.5, 2], // (2, 1): first front
      [0.8, 0.8, 1], // (1, 1.6): first front
      [0.85, 0.95, 1.5], // (1.5, 1.9): dominated by the row before
      [0.6, 0.6, 3], // (3, 1.2): dominated by (2, 1)
    );
    expect(chosen(h, 3)).toEqual([0, 1, 2]);
    expect(chosen(h, 2)).toEqual([0, 2]); // of the first front the smaller violation
    expect(chosen(h, 4)).toEqual([0, 1, 2, 3]); // of the second front the smaller violation
  });

  test('ranks a more violated solution first when its Tchebycheff value is in an earlier front', () => {
    // Places 2 of 3, none feasible: (1, 1.6) and (5, 0.2) are the first front, (1.5, 1.8) the second.
    const h = populationOf([0.8, 0.8, 1], [0.9, 0.9, 1.5], [0.1, 0.1, 5]);
    expect(chosen(h, 2)).toEqual([0, 2]);
  });

  test('with fewer candidates than places takes them all', () => {
    expect(chosen(populationOf([0.5, 0.5], [0.6, 0.6, 2]), 5)).toEqual([0, 1]);
    expect(chosen(room(0), 5)).toEqual([]);
  });
});

describe('the diversity archive', () => {
  const chosen = (h: Population, ca: Population, capacity: number) => {
    const da = room(capacity);
    updateDiversityArchive(h, ca, directions, unit, scale, da);
    return rowsOf(da);
  };
  const h = populationOf(
    [0.1, 0.9], // d0, Tchebycheff 0.1 / 1e-4 = 1000
    [0.2, 0.95], // d0, dominated by the first
    [0.45, 0.5], // d1
    [0.9, 0.1], // d2
    [0.02, 0.99, 100], // d0, Tchebycheff 200, non-dominated, far from feasible
  );

  test('gives every subregion its best non-dominated solution, feasible or not, in rounds', () => {
    expect(chosen(h, room(0), 3)).toEqual([4, 2, 3]);
    expect(chosen(h, room(0), 4)).toEqual([4, 2, 3, 0]);
    expect(chosen(h, room(0), 5)).toEqual([4, 2, 3, 0, 1]);
  });

  test('leaves a subregion for later where the convergence archive is already', () => {
    const ca = populationOf([0.5, 0.5]);
    expect(chosen(h, ca, 2)).toEqual([4, 3]);
    expect(chosen(h, ca, 3)).toEqual([4, 3, 0]); // the second round starts with d0
    expect(chosen(h, ca, 4)).toEqual([4, 3, 0, 2]);
  });

  test('waits as many rounds as the convergence archive has solutions there', () => {
    const ca = populationOf([0.01, 0.9], [0.02, 0.8], [0.03, 0.7]); // all in d0
    expect(chosen(h, ca, 2)).toEqual([2, 3]);
    expect(chosen(h, ca, 4)).toEqual([2, 3, 4, 0]);
  });

  test('of equal Tchebycheff values prefers the one that is not dominated', () => {
    // (0.5, 0.5) and (0.5, 0.4) both have 0.5 / 0.5 = 1, and the second dominates the first.
    expect(chosen(populationOf([0.5, 0.5], [0.5, 0.4]), room(0), 1)).toEqual([1]);
  });

  test('is filled although all candidates share one subregion', () => {
    const crowd = populationOf([0.5, 0.5], [0.6, 0.6], [0.7, 0.7], [0.8, 0.8]);
    const ca = populationOf([0.3, 0.3], [0.3, 0.31], [0.31, 0.3]);
    expect(chosen(crowd, ca, 3)).toEqual([0, 1, 2]);
    expect(chosen(crowd, ca, 9)).toEqual([0, 1, 2, 3]);
    expect(chosen(room(0), ca, 9)).toEqual([]);
  });
});

describe('the scale of the convergence archive', () => {
  const boxOf = ({ ideal, nadir }: ReturnType<typeof scaleBetween>) => [...ideal, ...nadir];
  const scaleOf = (tolerance = 0) => createAdaptiveScale(2, 10, tolerance);

  test('goes from the smallest values so far to the ends of a front that is large enough', () => {
    const fitted = scaleOf();
    fitScale(fitted, populationOf([0, 4], [1, 2], [3, 1], [9, 9]), 3);
    expect(boxOf(fitted)).toEqual([0, 1, 3, 4]);
    fitScale(fitted, populationOf([1, 4], [2, 3], [3, 2]), 3);
    expect(boxOf(fitted).slice(0, 2)).toEqual([0, 1]);
  });

  test('takes in further fronts while those before have too few members', () => {
    const h = populationOf([0, 0], [5, 1], [1, 6], [9, 9]);
    const [two, four] = [scaleOf(), scaleOf()];
    fitScale(two, h, 2);
    expect(boxOf(two)).toEqual([0, 0, 5, 6]); // the first two fronts have three members
    fitScale(four, h, 4);
    expect(boxOf(four)).toEqual([0, 0, 9, 9]);
  });

  test('of three objectives is not moved by a solution far out on one axis', () => {
    const h = createPopulation(4, { variables: 1, objectives: 3, constraints: 0 });
    h.size = 4;
    h.f.set([1, 0, 0, 0, 1, 0, 0, 0, 1, 50, 0.4, -0]);
    const fitted = createAdaptiveScale(3, 4, 0);
    fitScale(fitted, h, 2);
    // The plane through (1, 0, 0), (0, 1, 0) and (0, 0, 1) meets the axes at 1; the fourth, non-dominated, lies at 50.
    fitScale(fitted, { ...h, f: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 50, 0.4, -0.01) }, 2);
    expect(fitted.nadir[0]).toBeLessThan(1.1);
  });

  test('is that of the feasible candidates', () => {
    const fitted = scaleOf();
    fitScale(fitted, populationOf([2, 4], [3, 3], [-1, 9, 1]), 1);
    expect(boxOf(fitted)).toEqual([2, 3, 3, 4]);
  });

  test('reaches down to infeasible solutions that lie lower by less than a tenth of the width', () => {
    const fitted = scaleOf();
    fitScale(fitted, populationOf([10, 20], [20, 10], [9.1, 30, 1], [30, 8.9, 1]), 2);
    expect(boxOf(fitted)).toEqual([9.1, 10, 20, 20]);
  });

  test('goes to the largest values of all while none is feasible', () => {
    const fitted = scaleOf();
    fitScale(fitted, populationOf([1, 5, 1], [3, 7, 2]), 1);
    expect(boxOf(fitted)).toEqual([1, 5, 3, 7]);
  });

  test('is not moved by dominated candidates', () => {
    const fitted = scaleOf();
    fitScale(fitted, populationOf([0, 4], [1, 2], [2, 0], [0.5, 9], [9, 0.5]), 3);
    expect(boxOf(fitted)).toEqual([0, 0, 2, 4]);
    // The extreme point (0, 4) is remembered, yet the front does not reach up to it any more, whatever (9, 9) does.
    fitScale(fitted, populationOf([0.5, 3], [1, 2], [2, 0], [9, 9]), 3);
    expect(boxOf(fitted)).toEqual([0, 0, 2, 3]);
  });

  test('takes a lower ideal point at once, within the tolerance too', () => {
    const fitted = scaleOf(0.1);
    fitScale(fitted, populationOf([0, 10], [10, 0]), 2);
    fitScale(fitted, populationOf([-0.5, 9.9], [9.9, 0]), 2);
    expect(boxOf(fitted)).toEqual([-0.5, 0, 10, 10]);
    expect(fitted.width[0]).toBe(10.5);
  });

  test('stays while the estimate is within its tolerance', () => {
    const fitted = scaleOf(0.1);
    fitScale(fitted, populationOf([0, 10], [10, 0]), 2);
    fitScale(fitted, populationOf([0, 9.5], [9.5, 0]), 2);
    expect(boxOf(fitted)).toEqual([0, 0, 10, 10]);
    fitScale(fitted, populationOf([0, 8], [9.5, 0]), 2);
    expect(boxOf(fitted)).toEqual([0, 0, 9.5, 8]);
  });
});

describe('the scale of the diversity archive', () => {
  const ahead = scaleBetween([0, 0], [2, 3]);

  test('begins as the range of all candidates, feasible or not', () => {
    const scale = createTrailingScale(2);
    trailScale(scale, populationOf([4, 7], [2, 7], [12, 7, 1], [Number.POSITIVE_INFINITY, 7]), ahead);
    expect([...scale.ideal]).toEqual([2, 7]);
    expect([...scale.width]).toEqual([10, 1]);
  });

  test('goes a twentieth of the way in ratio to the widths ahead in each generation, whatever the candidates', () => {
    const scale = createTrailingScale(2);
    trailScale(scale, populationOf([0, 0], [10, 1]), ahead);
    for (let generation = 0; generation < 10; generation++) trailScale(scale, populationOf([5, -1]), ahead);
    expect(scale.width[0]).toBeCloseTo(2 * 5 ** (0.95 ** 10), 12);
    expect(scale.width[1]).toBeCloseTo(3 * (1 / 3) ** (0.95 ** 10), 12);
    expect([...scale.ideal]).toEqual([0, -1]);
  });

  test('stands still where it is told to, its ideal point aside', () => {
    const scale = createTrailingScale(2);
    trailScale(scale, populationOf([0, 0], [10, 1]), ahead);
    trailScale(scale, populationOf([5, -1]), ahead, true);
    expect([...scale.width]).toEqual([10, 1]);
    expect([...scale.nadir]).toEqual([10, 0]);
  });
});

describe('the advance of the diversity archive', () => {
  const ca = populationOf([0, 0], [10, 100], [20, 200]);
  /** Whether it is under way after each span of 20 generations, in which the middle lies at the distances given. */
  const underWayAfter = (middles: readonly (readonly [number, number])[], others = ca, box = scale) => {
    const advance = createAdvance(2, 3);
    return middles.map(([f1, f2]) => {
      const da = populationOf([0, 0], [f1, f2], [1e9, 1e9]);
      for (let generation = 0; generation < 20; generation++) followAdvance(advance, others, da, box);
      return advance.underWay;
    });
  };

  test('is told by the second span in a row that brings its middle a tenth nearer', () => {
    // With a tenth of the distance of the other archive, (1, 10), the middle comes from 10 to 8, to 6, to 5.5 and to 4.
    const spans = [9, 7, 5, 4.5, 3].map((near) => [near, 10 * near] as const);
    expect(underWayAfter(spans)).toEqual([false, false, true, false, false]);
  });

  test('takes the geometric mean over the objectives, so that their units do not matter', () => {
    // One objective halves as the other grows: by 1.6 in all a fifth nearer, by 1.9 only a twentieth.
    const towards = (growth: number) => [0, 1, 2].map((k) => [8 * 0.5 ** k, 1e6 * growth ** k] as const);
    const none = populationOf([0, 0], [0, 0], [0, 0]);
    expect(underWayAfter(towards(1.6), none)).toEqual([false, false, true]);
    expect(underWayAfter(towards(1.9), none)).toEqual([false, false, false]);
  });

  test('is none for an archive at the ideal point, and from infinite values to infinite ones', () => {
    const [small, tiny] = [1e-3, 1e-6];
    const spans = [small, tiny, tiny ** 2].map((near) => [near, near] as const);
    expect(underWayAfter(spans)).toEqual([false, false, false]);
    const lost = [1, 2, 3].map(() => [Number.POSITIVE_INFINITY, 1] as const);
    expect(underWayAfter(lost)).toEqual([false, false, false]);
  });
});

describe('the shares of non-dominated members', () => {
  test('count within each archive what no member of either dominates, constraints aside', () => {
    // (0, 1) and (1, 0) of the convergence archive; (0.5, 0.5) of the diversity archive, infeasible.
    const union = populationOf([0, 1], [1, 0], [2, 2], [0.5, 0.5, 9], [3, 3]);
    expect(nondominatedShares(union, 3)).toMatchObject({ ca: 2 / 3, da: 1 / 2 });
  });

  test('are 0 for an empty archive', () => {
    expect(nondominatedShares(populationOf([0, 1]), 0)).toEqual({ ca: 0, da: 1, second: 0 });
    expect(nondominatedShares(room(0), 0)).toEqual({ ca: 0, da: 0, second: 0 });
  });

  test('give the second parent by the part of all non-dominated solutions when the convergence archive is ahead', () => {
    // Two of three non-dominated solutions, the third infeasible, are of the convergence archive: 1 > 1 / 3.
    const union = populationOf([0, 1], [1, 0], [0.5, 0.5, 9], [2, 2], [3, 3]);
    expect(nondominatedShares(union, 2).second).toBe(2 / 3);
  });

  test('compare feasible solutions alone when the diversity archive is ahead', () => {
    // Infeasible solutions dominate all: 0 < 2 / 3. Of the feasible, two of three rows of the convergence archive are
    // non-dominated, and one of the diversity archive: the larger of 2 / 3 and 2 / 3, halved.
    const union = populationOf([3, 5], [5, 3], [6, 6], [0, 1, 1], [1, 0, 1], [4, 4]);
    const { ca, da, second } = nondominatedShares(union, 3);
    expect([ca, da]).toEqual([0, 2 / 3]);
    expect(second).toBeCloseTo(1 / 3, 15);
    // Without (4, 4) all of the feasible front is of the convergence archive.
    const better = populationOf([3, 5], [5, 3], [6, 6], [0, 1, 1], [1, 0, 1], [7, 7]);
    expect(nondominatedShares(better, 3).second).toBe(1 / 2);
  });

  test('leave the diversity archive to itself while it is ahead and under way, whatever is feasible', () => {
    const behind = populationOf([3, 5], [5, 3], [6, 6], [0, 1, 1], [1, 0, 1], [4, 4]);
    expect(nondominatedShares(behind, 3, undefined, undefined, true).second).toBe(0);
    const ahead = populationOf([0, 1], [1, 0], [0.5, 0.5, 9], [2, 2], [3, 3]);
    expect(nondominatedShares(ahead, 2, undefined, undefined, true).second).toBe(2 / 3);
    const noneFeasible = populationOf([0, 1, 1], [3, 3, 1], [0.5, 0.5, 1], [1, 0, 1]);
    expect(nondominatedShares(noneFeasible, 2, undefined, undefined, true).second).toBe(0);
  });

  test('compare all while none is feasible', () => {
    const union = populationOf([0, 1, 1], [3, 3, 1], [0.5, 0.5, 1], [1, 0, 1]);
    // One of the two rows of the convergence archive is non-dominated, and one of three in all: the larger share, halved.
    expect(nondominatedShares(union, 2)).toEqual({ ca: 1 / 2, da: 1, second: 1 / 4 });
  });
});

const draws = 20_000;
const near = (observed: number, expected: number) =>
  expect(Math.abs(observed - expected)).toBeLessThan(5 * Math.sqrt(0.25 / draws));

describe('mating selection', () => {
  const ca = populationOf([0, 1], [1, 0]);
  const da = populationOf([0, 2], [2, 0]);
  const archives = (shares: Shares) => {
    const random = randomOf('mating');
    return Array.from({ length: draws }, () =>
      selectParents(ca, da, shares, random).map(({ archive }) => archive === ca),
    );
  };
  const fromCa = (pairs: boolean[][], which: 0 | 1) => pairs.filter((pair) => pair[which]).length / draws;

  test('takes the first parent from the archive with the larger share', () => {
    expect(fromCa(archives({ ca: 0.6, da: 0.5, second: 0 }), 0)).toBe(1);
    expect(fromCa(archives({ ca: 0.5, da: 0.6, second: 1 }), 0)).toBe(0);
    expect(fromCa(archives({ ca: 0.5, da: 0.5, second: 1 }), 0)).toBe(0);
  });

  test('takes the second from the convergence archive with the probability given', () => {
    near(fromCa(archives({ ca: 0.9, da: 0.9, second: 0.3 }), 1), 0.3);
    expect(fromCa(archives({ ca: 0, da: 1, second: 1 }), 1)).toBe(1);
    expect(fromCa(archives({ ca: 1, da: 0, second: 0 }), 1)).toBe(0);
  });
});

describe('the tournament', () => {
  const wins = (archive: Population, row: number) => {
    const random = randomOf('tournament');
    let count = 0;
    for (let i = 0; i < draws; i++) if (tournament(archive, random) === row) count++;
    return count / draws;
  };

  test('is won by the dominating one of two feasible solutions', () => {
    expect(wins(populationOf([1, 1], [2, 2]), 0)).toBe(1);
    expect(wins(populationOf([2, 2], [1, 1]), 0)).toBe(0);
    near(wins(populationOf([1, 1], [2, 2], [3, 3]), 0), 2 / 3); // two of the three pairs
  });

  test('is won by either of two that do not compare', () => {
    near(wins(populationOf([1, 2], [2, 1]), 0), 0.5);
  });

  test('is won by the feasible one against an infeasible one that dominates it', () => {
    expect(wins(populationOf([2, 2], [1, 1, 0.1]), 0)).toBe(1);
    expect(wins(populationOf([1, 1, 0.1], [2, 2]), 0)).toBe(0);
  });

  test('has one winner where there is one member', () => {
    expect(wins(populationOf([1, 1]), 0)).toBe(1);
  });

  test('is won by either of two infeasible ones, whatever they violate and dominate', () => {
    near(wins(populationOf([1, 1, 0.1], [2, 2, 9]), 0), 0.5);
  });
});

describe('C-TAEA', () => {
  const space = spaceOf({ a: real(0, 1), b: integer(2, 5), c: choice('p', 'q') });
  const shape = { variables: 3, objectives: 2, constraints: 1 };

  test('starts with the known good vectors, once each, then samples', () => {
    const seeds = { x: Float64Array.of(0.25, 3, 1, 0.5, 2, 0, 0.25, 3, 1), count: 3 };
    const state = ctaea.create(space, shape, { populationSize: 6, seeds });
    const batch = ctaea.ask(state, randomOf(1));
    expect(batch.count).toBe(6);
    expect([...batch.x.subarray(0, 6)]).toEqual([0.25, 3, 1, 0.5, 2, 0]);
  });

  test('takes no more seeds than places', () => {
    const seeds = { x: Float64Array.of(0.1, 2, 0, 0.2, 2, 0, 0.3, 2, 0), count: 3 };
    const batch = ctaea.ask(ctaea.create(space, shape, { populationSize: 2, seeds }), randomOf(1));
    expect(batch.count).toBe(2);
    expect([...batch.x.subarray(0, 6)]).toEqual([0.1, 2, 0, 0.2, 2, 0]);
  });

  test('has a scale for each archive: the front of the feasible solutions, the range of all', () => {
    const state = ctaea.create(space, shape, { populationSize: 4 });
    const x = Float64Array.of(0.1, 2, 0, 0.2, 2, 0, 0.3, 2, 0, 0.4, 2, 0);
    // The last is infeasible; two of the others are the front of the feasible, the third is dominated.
    ctaea.tell(
      state,
      { x, count: 4 },
      Float64Array.of(1, 5, 3, 2, 4, 6, -1, 9),
      Float64Array.of(-1, 0, -1, 0.5),
    );
    expect([...state.caScale.ideal]).toEqual([1, 2]);
    expect([...state.caScale.nadir]).toEqual([3, 5]);
    expect([...state.daScale.ideal]).toEqual([-1, 2]);
    expect([...state.daScale.nadir]).toEqual([4, 9]);
  });

  test('samples anew after a generation of which nothing could be evaluated', () => {
    const state = ctaea.create(space, shape, { populationSize: 6 });
    const random = randomOf(1);
    const none = new Float64Array(0);
    ctaea.ask(state, random);
    ctaea.tell(state, { x: none, count: 0 }, none, none);
    const { x, count } = ctaea.ask(state, random);
    expect(count).toBe(6);
    for (let i = 0; i < count; i++) expect(x[3 * i + 1]).toBeGreaterThanOrEqual(2);
  });

  test('refuses a population of fewer than two', () => {
    expect(() => ctaea.create(space, shape, { populationSize: 1 })).toThrow(
      'the population size must be a whole number from 2, got 1',
    );
    expect(() => ctaea.create(space, shape, { populationSize: 2.5 })).toThrow(InputError);
  });

  test('comes to the front of BNH, of which the decision vectors are known', () => {
    // The Pareto set: x1 = x2 up to 3, then x2 = 3 with x1 up to 5 (Binh and Korn).
    const problem = bnh();
    const { evaluation } = problem;
    if (evaluation.form !== 'numeric') throw new Error('BNH is numeric');
    const result = evolve(
      ctaea,
      problem.space,
      { variables: 2, objectives: 2, constraints: 2 },
      { populationSize: 40, generations: 100 },
      (x, count, f, g) => evaluation.evaluateBatch(x, count, f, g),
      randomOf(1, 'bnh'),
    );
    expect(result.size).toBe(40);
    const distances = Array.from({ length: 40 }, (_, i) => {
      expect(result.cv[i]).toBeLessThanOrEqual(0);
      const [f1, f2] = result.f.subarray(2 * i, 2 * i + 2);
      const [x1, x2] = f1 <= 72 ? [Math.sqrt(f1 / 8), Math.sqrt(f1 / 8)] : [Math.sqrt(f1 / 4 - 9), 3];
      return f2 - ((x1 - 5) ** 2 + (x2 - 5) ** 2); // above the front, in an objective that goes from 4 to 50
    });
    expect(Math.min(...distances)).toBeGreaterThan(-1e-9);
    expect(distances.filter((distance) => distance < 0.5).length).toBeGreaterThanOrEqual(38);
    expect(Math.max(...distances)).toBeLessThan(2);
    // Spread over the whole of it: on the front f1 goes from 0 to 136.
    const f1 = Array.from({ length: 40 }, (_, i) => result.f[2 * i]).sort((a, b) => a - b);
    expect(f1[0]).toBeLessThan(2);
    expect(f1[39]).toBeGreaterThan(125);
    // The widest gap lies at the flat end, where the directions are few degrees apart and the front runs along them.
    for (let i = 1; i < 40; i++) expect(f1[i] - f1[i - 1]).toBeLessThan(40);
  });
});
