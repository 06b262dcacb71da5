import { describe, expect, test } from 'vitest';
import { problems } from '../../problems/index.js';
import * as mw from '../../problems/mw.js';
import { InputError, type Problem, randomOf } from '../../src/index.js';
import { evaluateAt } from './evaluate-at.js';

/** The decision vector, worked out by hand from the definition, that gives a point of the front. */
type Inverse = (f: readonly number[]) => readonly number[];

const rest = (count: number, value: number) => Array<number>(count).fill(value);
const clamp = (value: number) => Math.min(1, Math.max(0, value));
/** The two angles of a point in the first octant, in units of pi / 2. */
const angles = ([f1, f2, f3]: readonly number[]) => [
  (2 / Math.PI) * Math.atan2(f3, Math.hypot(f1, f2)),
  (2 / Math.PI) * Math.atan2(f2, f1),
];
const spherical: Inverse = (f) => [...angles(f), ...rest(10, 0.5)];
const planar: Inverse = ([f1, f2, f3]) => [1 - 2 * f3, f1 + f2 > 0 ? f1 / (f1 + f2) : 0, ...rest(5, 0.5)];
const fromF1: (count: number, value: number) => Inverse =
  (count, value) =>
  ([f1]) => [f1, ...rest(count, value)];
const circle: Inverse = ([f1, f2]) => [(2 / Math.PI) * Math.atan2(f2, f1), ...rest(5 + 1, 0.5)];

/** Distance variables of MW with 15 variables of which the first m - 1 give the position. */
const flat = (m: number) =>
  Array.from({ length: 16 - m }, (_, i) => (0.5 + (i + m - 1) / 30) ** (1 / (15 - m)));
const wavy = (m: number) => Array.from({ length: 16 - m }, (_, i) => (i + m - 1) / 15);
/** Linked variables after `last`, the final one moved so that the distance is d. */
const linked = (last: number, count: number, d = 1) => {
  const values: number[] = [];
  for (let before = last; values.length < count; before = values[values.length - 1])
    values.push(1 - (before - 0.5) ** 2);
  values[count - 1] -= Math.sqrt(Math.max(0, d - 1) / 2);
  return values;
};

const inverses: Record<string, Inverse> = {
  zdt1: fromF1(29, 0),
  zdt2: fromF1(29, 0),
  zdt3: fromF1(29, 0),
  zdt4: fromF1(9, 0),
  zdt5: ([f1]) => [...rest(f1 - 1, 1), ...rest(31 - f1, 0), ...rest(50, 1)],
  zdt6: ([f1]) => [firstOfZdt6(f1), ...rest(9, 0)],
  dtlz1: planar,
  dtlz2: spherical,
  dtlz3: spherical,
  dtlz4: (f) => [...angles(f).map((x) => x ** (1 / 100)), ...rest(10, 0.5)],
  dtlz5: spherical,
  dtlz6: (f) => [...angles(f), ...rest(10, 0)],
  dtlz7: ([f1, f2]) => [f1, f2, ...rest(20, 0)],
  'c1-dtlz1': planar,
  'c2-dtlz2': spherical,
  // The squared distance of five variables from 0.5 is what is missing from radius 1.
  'c3-dtlz4': (f) => [
    ...angles(f).map((x) => x ** (1 / 100)),
    ...rest(5, 0.5 + Math.sqrt(Math.max(0, Math.hypot(...f) - 1) / 5)),
  ],
  'dc1-dtlz1': planar,
  'dc1-dtlz3': spherical,
  'dc2-dtlz1': planar,
  'dc2-dtlz3': spherical,
  'dc3-dtlz1': ([f1, f2, f3]) => [1 - 2 * f3, f1 / (f1 + f2 || 1), ...rest(5, 0.5)],
  'dc3-dtlz3': spherical,
  mw1: ([f1]) => [f1, ...flat(2)],
  mw2: ([f1]) => [f1, ...wavy(2)],
  mw3: ([f1, f2]) => [f1, ...linked(f1, 14, f1 + f2)],
  mw4: ([f1, f2, f3]) => [f3, f1 + f2 > 0 ? f2 / (f1 + f2) : 0, ...flat(3)],
  mw5: ([f1]) => [f1, ...flat(2)],
  mw6: ([f1]) => [f1, ...wavy(2)],
  mw7: (f) => {
    const d = Math.hypot(...f);
    return [clamp(f[0] / d), ...linked(clamp(f[0] / d), 14, d)];
  },
  mw8: (f) => [...angles(f), ...wavy(3)],
  mw14: ([f1, f2]) => [f1, f2, ...linked(f2, 13)],
  bnh: ([f1]) => (f1 <= 72 ? [Math.sqrt(f1 / 8), Math.sqrt(f1 / 8)] : [Math.sqrt(f1 / 4 - 9), 3]),
  'two-bar-truss': ([volume, stress]) => {
    // Both bars bear the same stress; b = 80 sqrt(1 + y^2) / (y stress) is 0.01 at most.
    const squared = (stress / 8000) ** 2;
    const y = volume < 0.02 * Math.sqrt(5) ? 2 : Math.sqrt(1 / (squared - 1));
    return [(20 * Math.sqrt(16 + y ** 2)) / (y * stress), (80 * Math.sqrt(1 + y ** 2)) / (y * stress), y];
  },
  'zdt1-m2-n7': fromF1(6, 0),
  'zdt2-m2-n7': fromF1(6, 0),
  'dtlz2-m2-n7': circle,
  'c2-dtlz2-m2-n7': circle,
};

/** x1 with 1 - exp(-4 x1) sin(6 pi x1)^6 = f1, by bisection between 0 (1) and the first lowest point, about 0.0811. */
function firstOfZdt6(f1: number): number {
  let [low, high] = [0, 0.08145];
  for (let step = 0; step < 60; step++) {
    const x = (low + high) / 2;
    if (1 - Math.exp(-4 * x) * Math.sin(6 * Math.PI * x) ** 6 > f1) low = x;
    else high = x;
  }
  return low;
}

const rowsOf = (points: Float64Array, m: number) =>
  Array.from({ length: points.length / m }, (_, i) => [...points.subarray(i * m, (i + 1) * m)]);

const dominates = (p: readonly number[], q: readonly number[], margin: number) =>
  p.every((value, j) => value <= q[j] - margin) && p.some((value, j) => value < q[j] - margin);

const withFront = problems.flatMap(({ name, create, reference, front }) =>
  front ? [{ name, problem: create(), reference: reference!, front }] : [],
);

test('every front of the catalogue is tested', () => {
  expect(withFront.map(({ name }) => name).sort()).toEqual(Object.keys(inverses).sort());
});

describe.each(withFront)('the front of $name', ({ name, problem, reference, front }) => {
  const m = problem.objectives.length;
  const rows = rowsOf(front(300), m);

  test('is what decision vectors give, and feasible', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const point of rows) {
      const { f, g } = evaluateAt(problem, inverses[name](point));
      point.forEach((value, j) => {
        expect(Math.abs(f[j] - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
      });
      for (const value of g) expect(value).toBeLessThan(1e-6);
    }
  });

  test('has at most as many points as asked for, and most of them where it is more than points', () => {
    expect(rows.length).toBeLessThanOrEqual(300);
    if (!['zdt5', 'mw5'].includes(name)) expect(rows.length).toBeGreaterThan(0.7 * 300);
    expect(front(10).length / m).toBeLessThanOrEqual(10);
  });

  test('has no point that dominates another', () => {
    expect(rows.some((p) => rows.some((q) => dominates(p, q, 1e-9)))).toBe(false);
  });

  test('lies between ideal and nadir, and comes near both', () => {
    for (let j = 0; j < m; j++) {
      const column = rows.map((row) => row[j]);
      const [low, high] = [reference.ideal[j], reference.nadir[j]];
      const tolerance = 1e-6 * Math.max(1, high - low);
      expect(Math.min(...column)).toBeGreaterThanOrEqual(low - tolerance);
      expect(Math.max(...column)).toBeLessThanOrEqual(high + tolerance);
      expect(Math.min(...column)).toBeLessThan(low + 0.06 * (high - low));
      expect(Math.max(...column)).toBeGreaterThan(high - 0.06 * (high - low));
    }
  });

  test('refuses a count that is none', () => {
    expect(() => front(1.5)).toThrow(InputError);
    expect(() => front(0)).toThrow('a front needs a whole number of points from 2, got 0');
  });
});

/**
 * Problems with a single free distance variable, whose reachable objectives a grid covers: the positions at all steps, the
 * distance variables at their best but the last one free.
 */
const gridded: [string, Problem, (t: number) => readonly number[], number][] = [
  ['mw1', mw.mw1(3), (t) => [t, 0.5 + 1 / 6], 1],
  ['mw2', mw.mw2(3), (t) => [t, 1 / 3], 1],
  ['mw3', mw.mw3(2), (t) => [t], 1],
  ['mw5', mw.mw5(3), (t) => [t, 0.5 + 1 / 6], 1],
  ['mw6', mw.mw6(2), (t) => [1.1 * t], 1.1],
  ['mw7', mw.mw7(2), (t) => [t], 1],
];

test.each(gridded)(
  'no feasible point of a grid dominates the front of %s by much',
  (name, problem, position, upper) => {
    const rows = rowsOf(withFront.find((entry) => entry.name === name)!.front(400), 2);
    for (let i = 0; i <= 100; i++)
      for (let j = 0; j <= 100; j++) {
        const { f, g } = evaluateAt(problem, [...position(i / 100), (upper * j) / 100]);
        if (g.some((value) => value > 0)) continue;
        expect(rows.some((point) => dominates(f, point, 0.004))).toBe(false);
        // It is itself on the front or dominated by it, but for the step between the points.
        expect(
          rows.some((point) =>
            dominates(
              point,
              f.map((value) => value + 0.03),
              0,
            ),
          ),
        ).toBe(true);
      }
  },
);

test.each(['mw8', 'mw14', 'dtlz7', 'two-bar-truss'])(
  'no feasible random point dominates the front of %s',
  (name) => {
    const { problem, front } = withFront.find((entry) => entry.name === name)!;
    const m = problem.objectives.length;
    const rows = rowsOf(front(200), m);
    const random = randomOf('fronts', name);
    const { lower, upper } = problem.space;
    for (let i = 0; i < 1000; i++) {
      // Half of the vectors lie at a point of the front but for one variable.
      const x =
        i % 2 === 0
          ? [...inverses[name](rows[random.integer(rows.length)])]
          : Array.from(lower, (low, v) => low + random.uniform() * (upper[v] - low));
      const moved = random.integer(x.length);
      x[moved] = lower[moved] + random.uniform() * (upper[moved] - lower[moved]);
      const { f, g } = evaluateAt(problem, x);
      if (g.some((value) => value > 0)) continue;
      expect(rows.some((point) => dominates(f, point, 1e-9))).toBe(false);
    }
  },
);
