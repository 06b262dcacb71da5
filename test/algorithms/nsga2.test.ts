import { describe, expect, test } from 'vitest';
import { bnh } from '../../problems/engineering.js';
import { createDeck, draw } from '../../src/algorithms/deck.js';
import { evolve } from '../../src/algorithms/evolve.js';
import { createSurvivors, selectSurvivors } from '../../src/algorithms/nsga2/survivors.js';
import { nsga2 } from '../../src/algorithms/nsga2.js';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { numericFunction } from '../../src/numeric-function.js';
import { createPopulation } from '../../src/population.js';
import { choice, integer, real, spaceOf } from '../../src/space.js';

type Row = readonly [f1: number, f2: number, cv?: number];

function select(rows: readonly Row[], places: number) {
  const candidates = createPopulation(rows.length, { variables: 1, objectives: 2, constraints: 1 });
  candidates.size = rows.length;
  rows.forEach(([f1, f2, cv = 0], i) => {
    candidates.f.set([f1, f2], 2 * i);
    candidates.cv[i] = cv;
  });
  const survivors = createSurvivors(rows.length, 2);
  const count = selectSurvivors(candidates, places, survivors);
  return { ...survivors, rows: [...survivors.chosen.subarray(0, count)].sort((a, b) => a - b) };
}

describe('environmental selection', () => {
  // The front (0, 8) (1, 4) (2, 3.5) (4, 2) (8, 0), then two rows that it dominates.
  // Distances of the inner three: 2/8 + 4.5/8, 3/8 + 2/8, 6/8 + 3.5/8.
  const rows: Row[] = [
    [0, 8],
    [9, 9],
    [1, 4],
    [2, 3.5],
    [4, 2],
    [8, 0],
    [5, 5],
  ];

  test('takes whole fronts while they fit', () => {
    expect(select(rows, 5).rows).toEqual([0, 2, 3, 4, 5]);
    expect(select(rows, 6).rows).toEqual([0, 2, 3, 4, 5, 6]); // (5, 5) dominates (9, 9)
    expect([...select(rows, 7).rank]).toEqual([0, 2, 0, 0, 0, 0, 1]);
  });

  test('thins the front that does not fit by crowding distance', () => {
    expect(select(rows, 4).rows).toEqual([0, 2, 4, 5]);
    expect(select(rows, 3).rows).toEqual([0, 4, 5]);
    expect(select(rows, 2).rows).toEqual([0, 5]);
  });

  test('gives those chosen their distances among themselves', () => {
    // Row 3 goes first, then row 2, of 4/8 + 6/8 against 7/8 + 4/8.
    const { distance } = select(rows, 3);
    expect(distance[4]).toBe(8 / 8 + 8 / 8);
    expect(select(rows, 4).distance[2]).toBe(4 / 8 + 6 / 8);
    expect(select(rows, 5).distance[2]).toBe(2 / 8 + 4.5 / 8);
  });

  test('thins an even front evenly', () => {
    const even: Row[] = [
      [0, 4],
      [1, 3],
      [2, 2],
      [3, 1],
      [4, 0],
    ];
    expect(select(even, 3).rows).toEqual([0, 2, 4]);
  });

  test('takes any feasible row before infeasible ones, and those by violation', () => {
    const mixed: Row[] = [
      [0, 0, 3],
      [9, 9],
      [1, 1, 1],
      [8, 8],
      [5, 5, 2],
    ];
    expect(select(mixed, 1).rows).toEqual([3]);
    expect(select(mixed, 2).rows).toEqual([1, 3]);
    expect(select(mixed, 3).rows).toEqual([1, 2, 3]);
    expect(select(mixed, 4).rows).toEqual([1, 2, 3, 4]);
  });

  test('takes all candidates where there are no more than places', () => {
    expect(select(rows, 20).rows).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(select([], 5).rows).toEqual([]);
  });
});

describe('the deck of competitors', () => {
  test('deals every row once before any again, in changing order', () => {
    const deck = createDeck(10);
    const random = randomOf('deck');
    const rounds = Array.from({ length: 5 }, () => Array.from({ length: 10 }, () => draw(deck, 10, random)));
    for (const round of rounds)
      expect([...round].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(rounds.map((round) => round.join())).size).toBe(5);
  });

  test('is shuffled anew when the number of rows changes', () => {
    const deck = createDeck(5);
    const random = randomOf('deck');
    draw(deck, 3, random);
    const dealt = Array.from({ length: 5 }, () => draw(deck, 5, random));
    expect(dealt.sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('NSGA-II', () => {
  const space = spaceOf({ a: real(0, 1), b: integer(2, 5), c: choice('p', 'q') });
  const shape = { variables: 3, objectives: 2, constraints: 1 };

  test('starts with the known good vectors, once each, then samples', () => {
    const seeds = { x: Float64Array.of(0.25, 3, 1, 0.5, 2, 0, 0.25, 3, 1), count: 3 };
    const batch = nsga2.ask(nsga2.create(space, shape, { populationSize: 6, seeds }), randomOf(1));
    expect(batch.count).toBe(6);
    expect([...batch.x.subarray(0, 6)]).toEqual([0.25, 3, 1, 0.5, 2, 0]);
  });

  test('takes the winners of tournaments by rank for parents', () => {
    const wide = spaceOf({ a: real(0, 100) });
    const state = nsga2.create(wide, { variables: 1, objectives: 1, constraints: 0 }, { populationSize: 4 });
    const x = Float64Array.of(10, 11, 89, 90);
    nsga2.tell(state, { x, count: 4 }, Float64Array.of(1, 2, 3, 4), new Float64Array(0));
    expect([...state.rank]).toEqual([0, 1, 2, 3]);
    const random = randomOf('parents');
    let near10 = 0;
    let near90 = 0;
    for (let i = 0; i < 200; i++) {
      const batch = nsga2.ask(state, random);
      for (const value of batch.x.subarray(0, batch.count)) {
        if (value < 30) near10++;
        if (value > 89.5) near90++;
      }
    }
    // The worst row wins against no other: it is a parent only where a new deal gives it twice.
    expect(near10).toBeGreaterThan(3 * near90);
  });

  test('takes the winners by crowding distance where ranks are equal', () => {
    // Rows 0 and 3 are the ends, row 1 has the larger distance of the others.
    const wide = spaceOf({ a: real(0, 100) });
    const state = nsga2.create(wide, { variables: 1, objectives: 2, constraints: 0 }, { populationSize: 4 });
    const x = Float64Array.of(10, 11, 60, 90);
    nsga2.tell(state, { x, count: 4 }, Float64Array.of(0, 9, 3, 4, 4, 3, 5, 0), new Float64Array(0));
    expect([...state.distance]).toEqual([
      Number.POSITIVE_INFINITY,
      4 / 5 + 6 / 9,
      2 / 5 + 4 / 9,
      Number.POSITIVE_INFINITY,
    ]);
    const random = randomOf('crowding');
    let near11 = 0;
    let near60 = 0;
    for (let i = 0; i < 500; i++) {
      const batch = nsga2.ask(state, random);
      for (const value of batch.x.subarray(0, batch.count)) {
        if (Math.abs(value - 11) < 0.5) near11++;
        if (Math.abs(value - 60) < 0.5) near60++;
      }
    }
    expect(near11).toBeGreaterThan(near60);
  });

  test('takes a larger distance before a lower rank under constraints, unless it is dominated', () => {
    // Row 4 has rank 1 and is alone there, infinitely far: row 3 dominates it, rows 1 and 2, of finite distance, do not.
    const wide = spaceOf({ a: real(0, 100) });
    const variation = { crossoverEta: 1000, mutationEta: 1000 };
    const sharesOf = (constraints: number) => {
      const state = nsga2.create(
        wide,
        { variables: 1, objectives: 2, constraints },
        { populationSize: 5, variation },
      );
      const x = Float64Array.of(10, 30, 50, 70, 90);
      const f = Float64Array.of(0, 4, 1, 3, 2, 2, 4, 0, 9, 1);
      nsga2.tell(state, { x, count: 5 }, f, new Float64Array(5 * constraints));
      expect([...state.rank]).toEqual([0, 0, 0, 0, 1]);
      const random = randomOf('constrained');
      const near = new Float64Array(5);
      for (let i = 0; i < 400; i++) {
        const { x: children, count } = nsga2.ask(state, random);
        for (const value of children.subarray(0, count))
          for (let row = 0; row < 5; row++) if (Math.abs(value - x[row]) < 1) near[row]++;
      }
      const all = near.reduce((sum, n) => sum + n);
      return near.map((n) => n / all);
    };
    const [byRank, byDomination] = [sharesOf(0), sharesOf(1)];
    expect(byRank[4]).toBeLessThan(0.05);
    // Of its rivals it beats rows 1 and 2, row 0 in half the cases, row 3 never.
    expect(byDomination[4]).toBeGreaterThan(0.15);
    expect(byDomination[3]).toBeGreaterThan(byDomination[4]);
  });

  test('stands for its first front alone', () => {
    const state = nsga2.create(space, shape, { populationSize: 4 });
    const x = Float64Array.of(0.1, 2, 0, 0.2, 2, 0, 0.3, 2, 0, 0.4, 2, 0);
    nsga2.tell(
      state,
      { x, count: 4 },
      Float64Array.of(1, 5, 3, 2, 4, 6, 0, 0),
      Float64Array.of(-1, 0, -1, 0.5),
    );
    const { size, f } = nsga2.result(state);
    expect([...f.subarray(0, 2 * size)]).toEqual([1, 5, 3, 2]);
  });

  test('while nothing is feasible stands for the least violated', () => {
    const state = nsga2.create(space, shape, { populationSize: 3 });
    const x = Float64Array.of(0.1, 2, 0, 0.2, 2, 0, 0.3, 2, 0);
    nsga2.tell(state, { x, count: 3 }, new Float64Array(6), Float64Array.of(2, 0.5, 1));
    expect([...nsga2.result(state).g]).toEqual([0.5]);
  });

  test('samples anew after a generation of which nothing could be evaluated', () => {
    const state = nsga2.create(space, shape, { populationSize: 6 });
    const random = randomOf(1);
    const none = new Float64Array(0);
    nsga2.ask(state, random);
    nsga2.tell(state, { x: none, count: 0 }, none, none);
    expect(nsga2.ask(state, random).count).toBe(6);
    expect(nsga2.result(state).size).toBe(0);
  });

  test('refuses a population of fewer than two', () => {
    expect(() => nsga2.create(space, shape, { populationSize: 1 })).toThrow(InputError);
  });

  test('comes to the front of BNH, of which the decision vectors are known', () => {
    const problem = bnh();
    const result = evolve(
      nsga2,
      problem.space,
      { variables: 2, objectives: 2, constraints: 2 },
      { populationSize: 40, generations: 100 },
      numericFunction(problem),
      randomOf(1, 'bnh'),
    );
    expect(result.size).toBe(40);
    const front = Array.from({ length: 40 }, (_, i) => [result.f[2 * i], result.f[2 * i + 1]]).sort(
      (a, b) => a[0] - b[0],
    );
    const gaps = front.map(([f1, f2]) => {
      const [x1, x2] = f1 <= 72 ? [Math.sqrt(f1 / 8), Math.sqrt(f1 / 8)] : [Math.sqrt(f1 / 4 - 9), 3];
      const above = f2 - ((x1 - 5) ** 2 + (x2 - 5) ** 2); // in an objective that goes from 4 to 50
      expect(above).toBeGreaterThan(-1e-9);
      // At the steep end of the front the gap shows in f1, which goes from 0 to 136.
      const beside = f2 >= 8 ? f1 - 8 * (5 - Math.sqrt(f2 / 2)) ** 2 : Number.POSITIVE_INFINITY;
      return Math.min(above / 46, beside / 136);
    });
    expect(Math.max(...gaps)).toBeLessThan(0.06);
    expect(gaps.reduce((sum, gap) => sum + gap) / 40).toBeLessThan(0.008);
    expect(front[0][0]).toBeLessThan(0.5);
    expect(front[39][0]).toBeGreaterThan(134);
    for (let i = 1; i < 40; i++) expect(front[i][0] - front[i - 1][0]).toBeLessThan(12);
  });
});
