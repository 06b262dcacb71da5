import { describe, expect, test } from 'vitest';
import { dtlz2 } from '../../problems/dtlz.js';
import { evolve } from '../../src/algorithms/evolve.js';
import { addFarthest } from '../../src/algorithms/nsga3/farthest.js';
import { createNiches, niching } from '../../src/algorithms/nsga3/niching.js';
import {
  createNormalisation,
  type NormalisationChoices,
  updateNormalisation,
} from '../../src/algorithms/nsga3/normalisation.js';
import { createSurvivors, selectSurvivors } from '../../src/algorithms/nsga3/survivors.js';
import { nsga3 } from '../../src/algorithms/nsga3.js';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { numericFunction } from '../../src/numeric-function.js';
import { createPopulation } from '../../src/population.js';
import { toUnitLength } from '../../src/ranking/association.js';
import { dasDennis } from '../../src/ranking/reference-directions.js';
import { real, spaceOf } from '../../src/space.js';

describe('the normalisation', () => {
  /** Normalises by the rows, of which the first `frontCount` are the first front. */
  function normalised(
    rows: readonly (readonly number[])[],
    frontCount = rows.length,
    choices?: NormalisationChoices,
  ) {
    const state = createNormalisation(rows[0].length, choices);
    const update = (next: readonly (readonly number[])[], front: number) =>
      updateNormalisation(
        state,
        Float64Array.from(next.flat()),
        next.map((_, i) => i),
        next.length,
        front,
      );
    update(rows, frontCount);
    return { ...state, update };
  }

  test('takes the intercepts of the plane through the extreme points', () => {
    // The points of the axes, translated by the ideal point (1, 1, 1): 2, 4 and 8 long.
    const { ideal, nadir, extreme } = normalised([
      [1, 1, 9],
      [3, 1, 1],
      [1.5, 2, 3],
      [1, 5, 1],
    ]);
    expect([...ideal]).toEqual([1, 1, 1]);
    expect([...extreme]).toEqual([3, 1, 1, 1, 5, 1, 1, 1, 9]);
    expect([...nadir].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([3, 5, 9]);
  });

  test('reaches beyond the front where the plane does, but not beyond the candidates', () => {
    // Extreme points (1, 0, 0), (0, 1, 0) and (0.4, 0.4, 0.1) span x + y + 2 z = 1: the third intercept is 1/2.
    const front = [
      [1, 0, 0],
      [0, 1, 0],
      [0.4, 0.4, 0.1],
    ];
    expect(normalised([...front, [1, 1, 1]], 3).nadir[2]).toBeCloseTo(0.5, 12);
    expect(normalised([...front, [1, 1, 0.3]], 3).nadir[2]).toBe(0.3);
    expect(normalised(front).nadir[2]).toBe(0.1);
  });

  test('takes the worst of the front when the extreme points span no plane', () => {
    // All axes share one extreme point, the first of equal ones.
    const front = [
      [1, 2, 0],
      [1, 0, 3],
      [0, 2, 3],
    ];
    const { extreme, nadir } = normalised([...front, [5, 5, 5]], 3);
    expect(new Set([0, 1, 2].map((j) => extreme.slice(3 * j, 3 * j + 3).join())).size).toBeLessThan(3);
    expect([...nadir]).toEqual([1, 2, 3]);
  });

  test('takes the worst of the front when an intercept is negative', () => {
    // (1, 0, 0), (0, 1, 0) and (0.6, 0.6, 0.1) span x + y - 2 z = 1.
    const front = [
      [1, 0, 0],
      [0, 1, 0],
      [0.6, 0.6, 0.1],
    ];
    expect([...normalised([...front, [2, 2, 2]], 3).nadir]).toEqual([1, 1, 0.1]);
  });

  test('takes the worst of the candidates on an axis where the front has no width', () => {
    const { ideal, nadir } = normalised(
      [
        [2, 2],
        [5, 3],
      ],
      1,
    );
    expect([...ideal]).toEqual([2, 2]);
    expect([...nadir]).toEqual([5, 3]);
  });

  test('keeps the ideal point and an extreme point until better ones come', () => {
    const state = normalised([
      [0, 8],
      [8, 0],
    ]);
    state.update(
      [
        [1, 4],
        [4, 1],
      ],
      2,
    );
    expect([...state.ideal]).toEqual([0, 0]);
    expect([...state.extreme]).toEqual([8, 0, 0, 8]);
    expect([...state.nadir]).toEqual([8, 8]);
    state.update(
      [
        [-1, 4],
        [4, 0],
      ],
      2,
    );
    // With the ideal at (-1, 0), (0, 8) lies off its axis and (4, 0) is nearer on the other.
    expect([...state.extreme]).toEqual([4, 0, -1, 4]);
  });

  test('keeps the nadir point within the worst ever, or the worst at hand, as it is told', () => {
    const nadirWithin = (within: NormalisationChoices['within']) => {
      const state = normalised(
        [
          [0, 8],
          [8, 0],
          [6, 9],
        ],
        2,
        { negligible: 0, within },
      );
      state.update(
        [
          [1, 4],
          [4, 1],
        ],
        2,
      );
      return [...state.nadir];
    };
    expect(nadirWithin('worst')).toEqual([4, 4]);
    expect(nadirWithin('worst ever')).toEqual([8, 8]);
  });

  test('counts a distance from the ideal point of a thousandth of the range as none for an extreme point', () => {
    // (900, 0) lies on its axis, (2, 0.9) a little off it, and (0, 1000) on the other, which makes the range.
    const rows = [
      [900, 0],
      [2, 0.9],
      [0, 1000],
    ];
    expect([...normalised(rows).extreme]).toEqual([2, 0.9, 0, 1000]);
    expect([...normalised(rows, 3, { negligible: 0, within: 'worst' }).extreme]).toEqual([900, 0, 0, 1000]);
    const further = [
      [900, 0],
      [2, 1.1],
      [0, 1000],
    ];
    expect([...normalised(further).extreme]).toEqual([900, 0, 0, 1000]);
  });
});

describe('niching', () => {
  /**
   * Regions, distances from the direction and positions along one objective by row; rows `0 .. filled - 1` are chosen already,
   * the rest compete.
   */
  function niched(
    region: readonly number[],
    distance: readonly number[],
    filled: number,
    places: number,
    { seed = 1, f = region.map(() => 0), width = 1 } = {},
  ) {
    const chosen = Int32Array.from({ length: places }, (_, i) => i);
    const front = region.map((_, i) => i).slice(filled);
    const niches = createNiches(3, region.length);
    const random = randomOf(seed);
    const placed = niching(chosen, filled, places, front, front.length, region, distance, niches, random);
    const candidates = { f: Float64Array.from(f), objectives: 1 };
    addFarthest(candidates, { width: Float64Array.of(width) }, chosen, placed, places, region, niches);
    return { chosen: [...chosen], count: [...niches.count], placed };
  }

  test('fills the emptiest niche first, with its closest solution', () => {
    // Niche 0 holds rows 0 and 1. Row 2 waits for it, rows 3 and 4 for niche 1, none for niche 2.
    const region = [0, 0, 0, 1, 1];
    const distance = [0, 0, 0, 0.3, 0.1];
    expect(niched(region, distance, 2, 3)).toEqual({ chosen: [0, 1, 4], count: [2, 1, 0], placed: 3 });
    expect(niched(region, distance, 2, 4)).toEqual({ chosen: [0, 1, 4, 3], count: [2, 2, 0], placed: 3 });
    expect(niched(region, distance, 2, 5).chosen.slice(4)).toEqual([2]);
  });

  test('takes the first of equally close solutions', () => {
    expect(niched([1, 1, 1], [0.5, 0.2, 0.2], 0, 1).chosen).toEqual([1]);
  });

  const seeds = 2000;
  const near = (observed: number, share: number) =>
    expect(Math.abs(observed / seeds - share)).toBeLessThan(5 * Math.sqrt(0.25 / seeds));

  test('chooses among empty niches at random', () => {
    const wins = [0, 0, 0];
    for (let seed = 0; seed < seeds; seed++) wins[niched([0, 1, 2], [1, 1, 1], 0, 1, { seed }).chosen[0]]++;
    for (const count of wins) near(count, 1 / 3);
  });

  test('takes of niches that are not empty the solution farthest from those chosen, close to its direction or not', () => {
    // Row 0 is chosen, at 0. The farthest is row 3 at 9, then row 1 at 4 (4 and 5 away), then row 2 at 1.
    const f = [0, 4, 1, 9];
    expect(niched([0, 0, 0, 0], [0, 1, 2, 3], 1, 4, { f }).chosen).toEqual([0, 3, 1, 2]);
    expect(niched([0, 0, 0, 0], [0, 1, 2, 3], 1, 4, { f, width: 7 }).chosen).toEqual([0, 3, 1, 2]);
  });

  test('looks for it in the niches of smallest count alone', () => {
    // Niche 0 holds rows 0 and 1, niche 1 row 2: rows 4 and 5 are its candidates, row 3 that of niche 0 and far out.
    const f = [0, 1, 2, 99, 3, 5];
    const region = [0, 0, 1, 0, 1, 1];
    expect(niched(region, region, 3, 4, { f }).chosen.slice(3)).toEqual([5]);
    // Both hold two then.
    expect(niched(region, region, 3, 6, { f }).chosen.slice(3)).toEqual([5, 3, 4]);
  });

  test('takes the first of equally far solutions', () => {
    expect(niched([1, 1, 1, 0], [0, 0, 0, 0], 1, 4, { f: [0, 2, -2, 0] }).chosen).toEqual([0, 3, 1, 2]);
  });
});

describe('environmental selection', () => {
  const unit = toUnitLength(dasDennis(2, 2)); // (0, 1), (1/2, 1/2), (1, 0)

  function select(rows: readonly (readonly [number, number, number?])[], places: number) {
    const candidates = createPopulation(rows.length, { variables: 1, objectives: 2, constraints: 1 });
    candidates.size = rows.length;
    rows.forEach(([f1, f2, cv = 0], i) => {
      candidates.f.set([f1, f2], 2 * i);
      candidates.cv[i] = cv;
    });
    const survivors = createSurvivors(rows.length, unit);
    const count = selectSurvivors(candidates, places, unit, survivors, randomOf(1));
    return { ...survivors, rows: [...survivors.chosen.subarray(0, count)].sort((a, b) => a - b) };
  }

  test('splits the last front by niches', () => {
    // The box is (0, 0) to (10, 10); directions 0 and 2 have an end each, direction 1 the three in the middle.
    const rows = [
      [0, 10],
      [4, 6],
      [5.1, 5],
      [6, 4],
      [10, 0],
    ] as const;
    const { rows: chosen, region, distance } = select(rows, 3);
    expect([...region]).toEqual([0, 1, 1, 1, 2]);
    expect(chosen).toEqual([0, 2, 4]);
    expect(distance[1]).toBeCloseTo(0.02, 12); // (0.4, 0.6) from the diagonal
    expect(distance[0]).toBeCloseTo(0, 12);
  });

  test('counts the niches of the fronts before it', () => {
    // The first front is rows 0 to 2, one of each direction; rows 3 and 4 follow, both nearest to direction 1.
    const rows = [
      [0, 10],
      [5, 5],
      [10, 0],
      [6, 6],
      [10.5, 4],
    ] as const;
    expect(select(rows, 4).rows.slice(0, 3)).toEqual([0, 1, 2]);
    expect(select(rows, 5).rows).toEqual([0, 1, 2, 3, 4]);
  });

  test('takes all feasible candidates, then the least violated', () => {
    const rows = [
      [0, 0, 3],
      [9, 9],
      [1, 1, 1],
      [8, 8],
      [5, 5, 2],
    ] as const;
    const { rows: chosen, normalisation } = select(rows, 4);
    expect(chosen).toEqual([1, 2, 3, 4]);
    expect([...normalisation.ideal]).toEqual([8, 8]); // infeasible ones have no part in it
    expect(select(rows, 2).rows).toEqual([1, 3]);
  });

  test('splits a front of equally violated candidates by position', () => {
    const rows = [
      [3, 3, 1],
      [2, 2, 1],
      [1, 1, 1],
    ] as const;
    expect(select(rows, 2).rows).toEqual([0, 1]);
  });
});

describe('NSGA-III', () => {
  const space = spaceOf({ a: real(0, 1), b: real(0, 1) });
  const shape = { variables: 2, objectives: 3, constraints: 0 };

  test('takes directions for its population, which may be larger than their number', () => {
    expect(nsga3.create(space, shape, { populationSize: 91 }).unit.count).toBe(91);
    expect(nsga3.create(space, shape, { populationSize: 100 }).unit.count).toBe(91);
  });

  test('takes directions of one’s own, more of them than the population too', () => {
    const directions = dasDennis(3, 4);
    const evaluate = (x: Float64Array, count: number, f: Float64Array) => {
      for (let i = 0; i < count; i++)
        f.set([x[2 * i], x[2 * i + 1], (1 - x[2 * i]) ** 2 + (1 - x[2 * i + 1]) ** 2], 3 * i);
    };
    for (const populationSize of [6, 15, 40]) {
      const options = { populationSize, generations: 20, directions };
      const result = evolve(nsga3, space, shape, options, evaluate, randomOf(populationSize));
      expect(result.size).toBeGreaterThan(populationSize / 2);
    }
  });

  test('refuses directions of another number of objectives', () => {
    expect(() => nsga3.create(space, shape, { populationSize: 10, directions: dasDennis(2, 4) })).toThrow(
      'reference directions must have the 3 objectives of the problem, got 2',
    );
  });

  test('refuses a population of fewer than two', () => {
    expect(() => nsga3.create(space, shape, { populationSize: 1 })).toThrow(InputError);
  });

  test('breaks the ties of a tell with the generator of the ask before it', () => {
    const run = (seed: number) => {
      const state = nsga3.create(space, shape, { populationSize: 10 });
      const random = randomOf(seed);
      const f = new Float64Array(30).fill(1); // no solution is better than another
      const batch = nsga3.ask(state, random);
      nsga3.tell(state, batch, f, new Float64Array(0));
      nsga3.tell(state, nsga3.ask(state, random), f, new Float64Array(0));
      return [...state.population.x];
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  test('comes to the sphere of DTLZ2, one solution along every direction', () => {
    const problem = dtlz2(3, 7);
    const result = evolve(
      nsga3,
      problem.space,
      { variables: 7, objectives: 3, constraints: 0 },
      { populationSize: 28, generations: 200 },
      numericFunction(problem),
      randomOf(1, 'dtlz2'),
    );
    expect(result.size).toBe(28);
    const { count, w } = toUnitLength(dasDennis(3, 6));
    for (let i = 0; i < 28; i++) expect(Math.hypot(...result.f.subarray(3 * i, 3 * i + 3))).toBeCloseTo(1, 1);
    for (let d = 0; d < count; d++) {
      // The front is the unit sphere: the solution of a direction is the direction itself.
      const distances = Array.from({ length: 28 }, (_, i) =>
        Math.hypot(...[0, 1, 2].map((j) => result.f[3 * i + j] - w[3 * d + j])),
      );
      expect(Math.min(...distances)).toBeLessThan(0.06);
    }
  });
});
