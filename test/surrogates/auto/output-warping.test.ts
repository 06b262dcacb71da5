import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../src/index.js';
import {
  arcsinhWarping,
  logWarping,
  noWarping,
  relativeTo,
} from '../../../src/surrogates/auto/output-warping.js';

const warpings = [noWarping, logWarping(-3, 2), arcsinhWarping(0.5), relativeTo(0, logWarping(-3, 2))];
const outputs = fc.double({ min: -2.9, max: 1e3, noNaN: true });

describe('warpings of outputs', () => {
  it('are undone by their inverses', () => {
    fc.assert(
      fc.property(outputs, (y) => {
        for (const { warp, unwarp } of warpings) expect(unwarp(warp(y))).toBeCloseTo(y, 8);
      }),
    );
  });

  it('grow, at the rate that they say', () => {
    fc.assert(
      fc.property(outputs, (y) => {
        const h = 1e-5 * (1 + Math.abs(y));
        for (const { warp, logSlope } of warpings)
          expect((warp(y + h) - warp(y - h)) / (2 * h) / Math.exp(logSlope(y))).toBeCloseTo(1, 5);
      }),
    );
  });

  it('keep 0 in its place where they are for constraints', () => {
    for (const { warp } of [noWarping, arcsinhWarping(7), relativeTo(0, logWarping(-0.5, 7))]) {
      expect(warp(0)).toBe(0);
      expect(warp(-1e-9)).toBeLessThan(0);
      expect(warp(1e-9)).toBeGreaterThan(0);
    }
  });

  it('have the shortfall of a simulation', () => {
    const random = randomOf('shortfall');
    for (const warping of [noWarping, logWarping(-3, 2), relativeTo(0, logWarping(-3, 2))])
      for (const [mean, deviation, bound] of [
        [0.5, 0.3, 1.2],
        [1, 0.8, -1],
        [0.2, 0.05, 2],
      ]) {
        let sum = 0;
        let square = 0;
        for (let i = 0; i < 40_000; i++) {
          const short = Math.max(0, bound - warping.unwarp(mean + deviation * random.normal()));
          sum += short;
          square += short * short;
        }
        const average = sum / 40_000;
        const error = Math.sqrt((square / 40_000 - average ** 2) / 40_000);
        expect(Math.abs(warping.shortfall(mean, deviation, bound) - average)).toBeLessThan(5 * error + 1e-9);
      }
  });

  it('have shortfalls whose logarithm goes on into the tail', () => {
    for (const warping of [noWarping, logWarping(-3, 2)]) {
      fc.assert(
        fc.property(
          fc.double({ min: -1, max: 4, noNaN: true }),
          fc.double({ min: 0.01, max: 1, noNaN: true }),
          fc.double({ min: -2.5, max: 20, noNaN: true }),
          (mean, deviation, bound) => {
            const log = warping.logShortfall(mean, deviation, bound);
            const value = warping.shortfall(mean, deviation, bound);
            if (value > 1e-250) expect(log).toBeCloseTo(Math.log(value), 5);
            else expect(log).toBeLessThan(-500);
          },
        ),
      );
      let last = Number.POSITIVE_INFINITY;
      for (const mean of [1, 10, 100, 1e4]) {
        const log = warping.logShortfall(mean, 1e-2, -1);
        expect(Number.isFinite(log)).toBe(true);
        expect(log).toBeLessThan(last);
        last = log;
      }
    }
  });

  it('agree with a narrow normal where the lognormal is narrow', () => {
    const { shortfall, warp } = logWarping(0, 1);
    // W = N(log 2, s) makes Y = N(1, 2 s) to first order.
    for (const deviation of [9e-5, 1.1e-4])
      for (const z of [-2, 0, 2])
        expect(
          shortfall(warp(1), deviation, 1 + 2 * deviation * z) /
            noWarping.shortfall(1, 2 * deviation, 1 + 2 * deviation * z),
        ).toBeCloseTo(1, 2);
  });

  it('know that a lognormal never falls below its end', () => {
    expect(logWarping(5, 2).shortfall(0, 1, 2.9)).toBe(0);
    expect(logWarping(5, 2).logShortfall(0, 1, 2.9)).toBe(Number.NEGATIVE_INFINITY);
  });
});
