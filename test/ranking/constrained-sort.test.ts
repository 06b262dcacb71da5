import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPopulation } from '../../src/population.js';
import { constrainedSort } from '../../src/ranking/constrained-sort.js';
import { constrainedDominates } from '../../src/ranking/dominance.js';
import { frontsOf } from '../../src/ranking/fronts.js';

/** Rows of [f1, f2, cv]. */
function populationOf(rows: readonly (readonly [number, number, number])[]) {
  const population = createPopulation(rows.length, { variables: 1, objectives: 2, constraints: 1 });
  population.size = rows.length;
  rows.forEach(([f1, f2, cv], i) => {
    population.f.set([f1, f2], 2 * i);
    population.cv[i] = cv;
  });
  return population;
}

function sorted(rows: readonly (readonly [number, number, number])[]) {
  const rank = new Int32Array(rows.length);
  const fronts = constrainedSort(populationOf(rows), rank);
  return { rank: [...rank], fronts };
}

describe('the sort by constrained domination', () => {
  test('puts feasible fronts first, then a front for each violation', () => {
    expect(
      sorted([
        [0, 0, 2],
        [5, 5, 0],
        [1, 9, 1],
        [4, 6, 0],
        [9, 9, 1],
        [6, 6, 0],
      ]),
    ).toEqual({ rank: [3, 0, 2, 0, 2, 1], fronts: 4 });
  });

  test('counts a NaN as an infinite violation', () => {
    expect(
      sorted([
        [0, 0, Number.NaN],
        [0, 0, 7],
        [1, 1, Number.POSITIVE_INFINITY],
      ]),
    ).toEqual({ rank: [1, 0, 1], fronts: 2 });
  });

  test('has no fronts for no rows', () => {
    expect(sorted([])).toEqual({ rank: [], fronts: 0 });
  });

  test('agrees with peeling by the definition', () => {
    const few = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(few, few, few), { maxLength: 30 }), (rows) => {
        const population = populationOf(rows);
        const expected = rows.map(() => -1);
        for (let front = 0; expected.includes(-1); front++) {
          const left = expected.flatMap((rank, i) => (rank < 0 ? [i] : []));
          const free = left.filter((i) => !left.some((j) => constrainedDominates(population, j, i)));
          for (const i of free) expected[i] = front;
        }
        expect(sorted(rows)).toEqual({ rank: expected, fronts: new Set(expected).size });
      }),
    );
  });
});

test('fronts hold their rows in ascending order', () => {
  const fronts = { rows: new Int32Array(6), end: new Int32Array(6) };
  frontsOf([2, 0, 1, 0, 2, 0], 6, 3, fronts);
  expect([...fronts.rows]).toEqual([1, 3, 5, 2, 0, 4]);
  expect([...fronts.end.subarray(0, 3)]).toEqual([3, 4, 6]);
});
