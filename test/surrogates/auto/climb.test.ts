import { describe, expect, it } from 'vitest';
import { choice, defineProblem, integer, minimize, real } from '../../../src/index.js';
import { climb, climbAround } from '../../../src/surrogates/auto/climb.js';

const spaceOf = (variables: Parameters<typeof defineProblem>[0]['variables']) =>
  defineProblem({
    name: 'space',
    variables,
    metrics: { f1: minimize(), f2: minimize() },
    evaluate: () => ({ f1: 0, f2: 0 }),
  }).space;
const plane = spaceOf({ a: real(0, 1), b: real(0, 10) });

describe('climbing', () => {
  it('follows a ridge a thousandth wide that runs across all variables, to its end', () => {
    const ridge = (x: Float64Array) => x[0] - ((x[0] - x[1] / 10) / 1e-3) ** 2;
    const { x, value } = climb(plane, ridge, Float64Array.of(0.1, 1), 60);
    expect(x[0]).toBeGreaterThan(0.99);
    expect(Math.abs(x[0] - x[1] / 10)).toBeLessThan(1e-3);
    expect(value).toBeCloseTo(1, 1);
  });

  it('stays within the bounds, and reaches them', () => {
    const { x } = climb(plane, ([a, b]) => a - b, Float64Array.of(0.5, 5), 60);
    expect([...x]).toEqual([1, 0]);
  });

  it('moves the real variables alone', () => {
    const space = spaceOf({ a: real(0, 1), n: integer(0, 9), c: choice('red', 'blue') });
    const { x } = climb(space, ([a, n, c]) => n + c - (a - 0.25) ** 2, Float64Array.of(0.9, 4, 1), 60);
    expect(x[0]).toBeCloseTo(0.25, 2);
    expect([...x.subarray(1)]).toEqual([4, 1]);
  });

  it('keeps the start where there is no score to climb by, and never ends below it', () => {
    const start = Float64Array.of(0.3, 7);
    expect(climb(plane, () => Number.NEGATIVE_INFINITY, start, 60).x).toEqual(start);
    const rough = ([a, b]: Float64Array) => Math.sin(40 * a) * Math.cos(7 * b);
    expect(climb(plane, rough, start, 60).value).toBeGreaterThanOrEqual(rough(start));
  });
});

describe('climbing around a vector', () => {
  it('finds the piece that begins on another bound, where the slope leads away from it', () => {
    const score = ([a, b]: Float64Array) => (a < 0.5 ? 1 - a : 3 * a) - (b - 4) ** 2;
    const start = Float64Array.of(0, 4);
    expect(climb(plane, score, start, 60).x[0]).toBe(0);
    const { x } = climbAround(plane, score, start, 60);
    expect(x[0]).toBe(1);
    expect(x[1]).toBeCloseTo(4, 2);
  });

  it('tries every value of a choice', () => {
    const space = spaceOf({ a: real(0, 1), c: choice('red', 'green', 'blue') });
    const { x } = climbAround(space, ([a, c]) => (c === 1 ? 1 : 0) + a, Float64Array.of(0.5, 0), 60);
    expect([...x]).toEqual([1, 1]);
  });

  it('is never worse than climbing from the start', () => {
    const score = ([a, b]: Float64Array) => -((a - 0.3) ** 2) - (b - 6) ** 2;
    const { x } = climbAround(plane, score, Float64Array.of(0.9, 1), 60);
    expect(x[0]).toBeCloseTo(0.3, 3);
    expect(x[1]).toBeCloseTo(6, 3);
  });
});
