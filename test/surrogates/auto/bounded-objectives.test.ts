import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../src/index.js';
import { boundedObjectives, withinBound } from '../../../src/surrogates/auto/bounded-objectives.js';
import { logWarping, noWarping } from '../../../src/surrogates/auto/output-warping.js';

const evaluationOf = (f: readonly number[], g: readonly number[], error: string | null = null) => ({
  f: Float64Array.from(f),
  g: Float64Array.from(g),
  error,
});

/** Ten evaluations of two objectives, the constraints computed from them. */
const measured = (constraints: (f: readonly number[]) => number[], count = 10) => {
  const random = randomOf('bounded objectives');
  return Array.from({ length: count }, () => {
    const f = [random.normal(), 100 * random.normal()];
    return evaluationOf(f, constraints(f));
  });
};

describe('constraints that only bound an objective', () => {
  it('are told from those that say something else', () => {
    const { bounds, implied } = boundedObjectives(
      measured(([a, b]) => [a * b, 3 * (b - 7), a - 0.5 + 1e-6 * b]),
      2,
      3,
    );
    expect(implied).toEqual([false, true, false]);
    expect(bounds[0]).toBe(Number.POSITIVE_INFINITY);
    expect(bounds[1]).toBeCloseTo(7, 9);
  });

  it('bound it from above: a bound from below is another question', () => {
    expect(
      boundedObjectives(
        measured(([a]) => [0.5 - a]),
        2,
        1,
      ).implied,
    ).toEqual([false]);
  });

  it('give the tightest of several bounds', () => {
    const { bounds, implied } = boundedObjectives(
      measured(([a]) => [a - 2, 2 * (a - 1), a - 3]),
      2,
      3,
    );
    expect(implied).toEqual([true, true, true]);
    expect(bounds[0]).toBeCloseTo(1, 9);
  });

  it('are not concluded from few evaluations, nor from constant outputs', () => {
    const floor = ([a]: readonly number[]) => [a - 1];
    expect(boundedObjectives(measured(floor, 5), 2, 1).implied).toEqual([false]);
    expect(boundedObjectives(measured(floor, 6), 2, 1).implied).toEqual([true]);
    expect(
      boundedObjectives(
        measured(() => [1]),
        2,
        1,
      ).implied,
    ).toEqual([false]);
    const constant = Array.from({ length: 8 }, (_, i) => evaluationOf([1, 1], [i]));
    expect(boundedObjectives(constant, 2, 1).implied).toEqual([false]);
  });

  it('are left alone while nothing is feasible', () => {
    expect(
      boundedObjectives(
        measured(([a]) => [a + 100]),
        2,
        1,
      ).implied,
    ).toEqual([false]);
  });

  it('do not ask evaluations that failed', () => {
    const failed = evaluationOf([Number.NaN, Number.NaN], [Number.NaN], 'no');
    const all = [failed, ...measured(([a]) => [a - 1])];
    expect(boundedObjectives(all, 2, 1).implied).toEqual([true]);
  });
});

describe('a warping within a bound', () => {
  it('counts the outcomes up to the bound, as a simulation does', () => {
    const random = randomOf('within a bound');
    for (const warping of [noWarping, logWarping(-3, 2)])
      for (const [mean, deviation, bound, level] of [
        [0.5, 0.3, 0.4, 1.2],
        [0.5, 0.3, 1.2, 0.4],
        [1, 0.8, -1, 0],
      ]) {
        let [sum, square] = [0, 0];
        for (let i = 0; i < 40_000; i++) {
          const y = warping.unwarp(mean + deviation * random.normal());
          const short = y <= bound ? Math.max(0, level - y) : 0;
          sum += short;
          square += short * short;
        }
        const average = sum / 40_000;
        const error = Math.sqrt((square / 40_000 - average ** 2) / 40_000);
        const value = withinBound(warping, bound).shortfall(mean, deviation, level);
        expect(Math.abs(value - average)).toBeLessThan(5 * error + 1e-9);
      }
  });

  it('has a shortfall whose logarithm goes on into the tail', () => {
    const value = fc.double({ min: -2, max: 3, noNaN: true });
    const deviation = fc.double({ min: 0.05, max: 2, noNaN: true });
    fc.assert(
      fc.property(value, deviation, value, value, (mean, sigma, bound, level) => {
        for (const warping of [noWarping, logWarping(-3, 2)]) {
          const bounded = withinBound(warping, bound);
          const shortfall = bounded.shortfall(mean, sigma, level);
          if (shortfall > 1e-12)
            expect(bounded.logShortfall(mean, sigma, level)).toBeCloseTo(Math.log(shortfall), 6);
        }
      }),
    );
    // 40 standard deviations away the probability is about exp(-800): no double, but its logarithm.
    expect(withinBound(noWarping, 0).logShortfall(40, 1, 1)).toBeGreaterThan(-810);
    expect(withinBound(noWarping, 0).logShortfall(40, 1, 1)).toBeLessThan(-800);
  });

  it('is the warping itself without a bound, and rules all out where the bound lies before its start', () => {
    expect(withinBound(noWarping, Number.POSITIVE_INFINITY)).toBe(noWarping);
    const bounded = withinBound(logWarping(5, 1), 2);
    expect(bounded.shortfall(0, 1, 8)).toBe(0);
    expect(bounded.logShortfall(0, 1, 8)).toBe(Number.NEGATIVE_INFINITY);
    expect(bounded.warp(7)).toBe(logWarping(5, 1).warp(7));
  });
});
