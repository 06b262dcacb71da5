import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nondominatedOf } from '../../../src/surrogates/auto/improvement-region.js';
import { properlyEfficient } from '../../../src/surrogates/auto/proper-efficiency.js';

const f = (...values: number[]) => Float64Array.from(values);

describe('the properly efficient of a non-dominated set', () => {
  it('are without what loses twenty times what it gains', () => {
    const front = [f(0, 8), f(2, 6), f(4, 4), f(6, 2), f(8, 0)];
    // The quartiles are 2 and 6 (and 0 or 2 lower), so that both objectives are measured by 8 at most; 10 is lost against (8, 0).
    expect(properlyEfficient(2, [...front, f(18, -0.2)])).toEqual(front);
    expect(properlyEfficient(2, [...front, f(18, -1)])).toHaveLength(6);
  });

  it('are not measured by a few that are far off', () => {
    const front = [f(0, 1), f(0.25, 0.75), f(0.5, 0.5), f(0.75, 0.25), f(1, 0)];
    expect(properlyEfficient(2, [...front, f(1e6, -1e-3)])).toEqual(front);
  });

  it('are without the far ends of faces where an objective is 0 but for rounding', () => {
    const corners = [f(1, 0, 0), f(0, 1, 0), f(0, 0, 1)];
    const resistant = [f(2, 0, -1e-17), f(-1e-17, 1.7, 0), f(0, -1e-16, 1.4)];
    expect(properlyEfficient(3, [...resistant, ...corners])).toEqual(corners);
  });

  it('do not depend on the units of the objectives, and are never none', () => {
    const vectors = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(vectors, (rows) => {
        const set = nondominatedOf(
          3,
          rows.map((row) => f(...row)),
        );
        const kept = properlyEfficient(3, set);
        expect(kept.length).toBeGreaterThan(0);
        const scaled: Float64Array[] = set.map((row) => row.map((value, j) => value * [4, 1 / 8, 1024][j]));
        expect(properlyEfficient(3, scaled).map((row) => scaled.indexOf(row))).toEqual(
          kept.map((row) => set.indexOf(row)),
        );
      }),
    );
  });

  it('are all where an objective has no width, and none of none', () => {
    expect(properlyEfficient(2, [])).toEqual([]);
    expect(properlyEfficient(2, [f(3, 3)])).toHaveLength(1);
    expect(properlyEfficient(3, [f(3, 0, 7), f(3, 1, 0)])).toHaveLength(2);
  });
});
