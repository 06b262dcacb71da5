import { describe, expect, it } from 'vitest';
import { choice, integer, randomOf, real } from '../../../src/index.js';
import { spaceOf } from '../../../src/space.js';
import { maximise } from '../../../src/surrogates/auto/maximise.js';

const space = spaceOf({ a: real(-3, 5), n: integer(0, 9), kind: choice('x', 'y', 'z') });
const effort = { samples: 50, starts: 4, steps: 150 };
const score = ([a, n, kind]: Float64Array) => -((a - 1.25) ** 2) - (n - 7) ** 2 - Number(kind !== 2);

describe('the search for a high score', () => {
  it('finds the top of a mixed space', () => {
    const best = maximise(space, score, [], randomOf('top'), effort)!;
    expect([...best.x.slice(1)]).toEqual([7, 2]);
    expect(best.x[0]).toBeCloseTo(1.25, 2);
    expect(best.value).toBe(score(best.x));
  });

  it('stays within the bounds and on whole numbers', () => {
    const seen: Float64Array[] = [];
    maximise(
      space,
      (x) => {
        seen.push(x.slice());
        return x[0] + x[1] + x[2];
      },
      [],
      randomOf('edge'),
      effort,
    );
    for (const [a, n, kind] of seen) {
      expect(a >= -3 && a <= 5 && n >= 0 && n <= 9 && kind >= 0 && kind <= 2).toBe(true);
      expect(Number.isInteger(n) && Number.isInteger(kind)).toBe(true);
    }
    expect(Math.max(...seen.map(([a, n, kind]) => a + n + kind))).toBe(16);
  });

  it('is never worse than its seeds', () => {
    const seed = Float64Array.of(1.25, 7, 2);
    expect(maximise(space, score, [seed], randomOf('seed'), { samples: 1, starts: 1, steps: 0 })!.x).toEqual(
      seed,
    );
  });

  it('takes nothing that is ruled out', () => {
    expect(maximise(space, () => Number.NEGATIVE_INFINITY, [], randomOf('none'), effort)).toBeNull();
    expect(maximise(space, () => Number.NaN, [], randomOf('none'), effort)).toBeNull();
    const even = maximise(
      space,
      (x) => (x[1] % 2 === 0 ? score(x) : Number.NEGATIVE_INFINITY),
      [],
      randomOf('even'),
      effort,
    )!;
    expect(even.x[1] % 2).toBe(0);
  });
});
