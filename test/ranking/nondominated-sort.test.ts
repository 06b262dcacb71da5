import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../src/math/random.js';
import { dominates } from '../../src/ranking/dominance.js';
import { nondominated, nondominatedSort } from '../../src/ranking/nondominated-sort.js';

/** Ranks by peeling: what no remaining row dominates gets the next rank. */
function peeled(f: readonly number[], m: number, rows: readonly number[]): number[] {
  const rank = rows.map(() => -1);
  for (let front = 0; rank.includes(-1); front++) {
    const left = rows.flatMap((_, i) => (rank[i] < 0 ? [i] : []));
    for (const i of left)
      if (!left.some((j) => dominates(f, rows[j], rows[i], m))) rank[i] = front + 1_000_000;
    for (let i = 0; i < rank.length; i++) if (rank[i] >= 1_000_000) rank[i] -= 1_000_000;
  }
  return rank;
}

function sorted(f: readonly number[], m: number, rows: readonly number[]) {
  const rank = new Int32Array(rows.length);
  const fronts = nondominatedSort(f, m, rows, rows.length, rank);
  return { rank: [...rank], fronts };
}

const all = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('the non-dominated sort', () => {
  test('peels a hand-made set', () => {
    // (1,5) (2,3) (4,1) are the front, (2,5) (3,3) (5,1) the second, (5,5) the third.
    const f = [2, 3, 5, 5, 4, 1, 2, 5, 1, 5, 3, 3, 5, 1];
    expect(sorted(f, 2, all(7))).toEqual({ rank: [0, 2, 0, 1, 0, 1, 1], fronts: 3 });
  });

  test('has no fronts for no rows, and one for one', () => {
    expect(sorted([], 3, [])).toEqual({ rank: [], fronts: 0 });
    expect(sorted([7, 7, 7], 3, [0])).toEqual({ rank: [0], fronts: 1 });
  });

  test('gives equal rows the same rank', () => {
    expect(sorted([1, 1, 0, 0, 1, 1, 0, 0], 2, all(4))).toEqual({ rank: [1, 0, 1, 0], fronts: 2 });
  });

  test('makes a front of each distinct value of one objective', () => {
    expect(sorted([3, 1, 2, 1], 1, all(4))).toEqual({ rank: [2, 0, 1, 0], fronts: 3 });
  });

  test('ranks only the rows named, in the order named', () => {
    const f = [0, 0, 3, 3, 1, 1, 2, 2];
    expect(sorted(f, 2, [3, 1, 2])).toEqual({ rank: [1, 2, 0], fronts: 3 });
  });

  test('orders rows that share an infinity by their other objectives', () => {
    const infinity = Number.POSITIVE_INFINITY;
    expect(sorted([infinity, 2, infinity, 1], 2, all(2))).toEqual({ rank: [1, 0], fronts: 2 });
    expect(sorted([0, -infinity, 1, 0, -infinity, 0, 0, 0], 2, all(4)).rank).toEqual([0, 2, 0, 1]);
  });

  // Few distinct values make ties and duplicates common.
  const values = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 4 }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.5) },
  );
  test.each([1, 2, 3, 4, 5])('agrees with peeling in %i objectives, ties and duplicates included', (m) => {
    fc.assert(
      fc.property(
        fc.array(fc.array(values, { minLength: m, maxLength: m }), { maxLength: 40 }),
        (vectors) => {
          const f = vectors.flat();
          const rows = all(vectors.length);
          const { rank, fronts } = sorted(f, m, rows);
          expect(rank).toEqual(peeled(f, m, rows));
          expect(fronts).toBe(new Set(rank).size);
          const front = rank.flatMap((r, i) => (r === 0 ? [i] : []));
          expect(nondominated(f, m, rows, rows.length)).toEqual(front);
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each([2, 3, 5])('agrees with peeling on 300 uniform rows of %i objectives', (m) => {
    const random = randomOf('sort', m);
    const f = Array.from({ length: 300 * m }, () => random.uniform());
    expect(sorted(f, m, all(300)).rank).toEqual(peeled(f, m, all(300)));
  });
});

describe('the non-dominated rows', () => {
  test('are positions in the list of rows, ascending', () => {
    expect(nondominated([9, 9, 1, 2, 5, 5, 2, 1], 2, [3, 2, 1], 3)).toEqual([0, 2]);
  });

  test('keep every copy of an equal row', () => {
    expect(nondominated([1, 1, 2, 2, 1, 1], 2, [0, 1, 2], 3)).toEqual([0, 2]);
  });
});
