import { describe, expect, test } from 'vitest';
import { compress7 } from '../../problems/compress7.js';
import * as ctp from '../../problems/ctp.js';
import { srn, tnk, weldedBeam } from '../../problems/engineering.js';
import { type ProblemReference, problems } from '../../problems/index.js';
import * as mw from '../../problems/mw.js';
import { wireDiameters } from '../../problems/re/machines.js';
import { barAreas } from '../../problems/re/structures.js';
import { cre22, re22, re23 } from '../../problems/re/suite.js';
import { evolve, InputError, nsga2, numericFunction, type Problem, randomOf } from '../../src/index.js';
import { evaluateAt as measuredAt } from './evaluate-at.js';

/** Objectives, all minimised, and constraints at one decision vector. */
function evaluateAt(problem: Problem, x: readonly number[]): { f: number[]; g: number[] } {
  const { f, g } = measuredAt(problem, x);
  return { f: problem.objectives.map(({ sign, metric }) => sign * f[metric]), g };
}

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

/** t and d of a point d (t, curve(t)), d >= 1, by steps and bisection of the direction; the one whose d is least. */
function onRay([f1, f2]: readonly number[], end: number, curve: (t: number) => number): [number, number] {
  const side = (t: number) => curve(t) * f1 - t * f2;
  const found: [number, number][] = [];
  const scale = (t: number) => (t > 0.1 * end ? f1 / t : f2 / curve(t));
  for (const t of [0, end]) if (Math.abs(side(t)) < 1e-12) found.push([t, scale(t)]);
  for (let k = 0; k < 4000; k++) {
    let [low, high] = [(k / 4000) * end, ((k + 1) / 4000) * end];
    if (side(low) > 0 === side(high) > 0) continue;
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (side(middle) > 0 === side(low) > 0) low = middle;
      else high = middle;
    }
    found.push([high, scale(high)]);
  }
  return found.filter(([, d]) => d > 1 - 1e-9).sort((p, q) => p[1] - q[1])[0];
}

/** As `flat` and `wavy`, but with the last three variables moved so that together they make the distance d. */
const flatAway = (d: number) => {
  const apart = Math.sqrt(-Math.log(1 - Math.max(0, d - 1) / 3) / 10);
  return flat(2).map((x, i) => (i < 11 ? x : Math.max(0, x ** 13 - apart) ** (1 / 13)));
};
const wavyAway = (d: number) => {
  let [low, high] = [0, 0.5];
  for (let step = 0; step < 60; step++) {
    const z = (low + high) / 2;
    if (1.5 + (0.1 / 15) * z ** 2 - 1.5 * Math.cos(2 * Math.PI * z) < (d - 1) / 3) low = z;
    else high = z;
  }
  return wavy(2).map((x, i) => (i < 11 ? x : x - Math.sqrt(-Math.log(1 - low) / 10)));
};

/** d (1 - sqrt(f1 / d)) = f2 is a quadratic in sqrt d. */
const ctpInverse: Inverse = ([f1, f2]) => [
  f1,
  Math.max(0, ((Math.sqrt(f1) + Math.sqrt(f1 + 4 * f2)) / 2) ** 2 - 1),
];

/** x of an increasing function by bisection. */
function solve(value: number, low: number, high: number, increasing: (x: number) => number): number {
  let [below, above] = [low, high];
  for (let step = 0; step < 100; step++) {
    const middle = (below + above) / 2;
    if (increasing(middle) < value) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}

/** Three pieces: the line, x1 = -2.5, the circle. */
const srnInverse: Inverse = ([f1]) => {
  if (f1 <= 24.5) {
    const x1 = 1.1 - Math.sqrt(0.9 * Math.max(0, f1 - 10.1));
    return [x1, (x1 + 10) / 3];
  }
  if (f1 <= 22.25 + (Math.sqrt(218.75) - 1) ** 2) return [-2.5, 1 + Math.sqrt(f1 - 22.25)];
  // f1 = 232 - 4 x1 - 2 x2 on the circle
  const angle = Math.atan2(2, 4) + Math.acos((232 - f1) / (15 * Math.sqrt(20)));
  return [15 * Math.cos(angle), 15 * Math.sin(angle)];
};

const osyInverse: Inverse = ([f1, f2]) => {
  if (f1 < -258) return [5, 1, 1 + Math.sqrt(Math.max(0, -f1 - 258)), 0, 5, 0];
  if (f1 < -242) return [5, 1, 1 + Math.sqrt(-f1 - 242), 0, 1, 0];
  const v = (4 / 3 + Math.sqrt(16 / 9 - (904 / 9) * (20 + f1))) / (452 / 9);
  if (Math.abs((2 + v) ** 2 + v ** 2 / 9 + 2 - f2) < 1e-6) return [2 + v, v / 3, 1, 0, 1, 0];
  if (f1 < -116) return [0, 2, 1 + Math.sqrt(-f1 - 116), 0, 1, 0];
  const x1 = (100 - Math.sqrt(10000 - 104 * (116 + f1))) / 52;
  return [x1, 2 - x1, 1, 0, 1, 0];
};

/** Radii 20 mm apart, or 80 and more, of the area; a force of 3000 N. */
const brakeOf = (mass: number, surfaces: number) => {
  const area = mass / 4.9e-5 / (surfaces - 1);
  const inner = Math.min(80, area / 40 - 10);
  return [inner, Math.sqrt(area + inner ** 2), 3000, surfaces];
};
const discBrakeInverse: Inverse = ([mass, time]) =>
  Array.from({ length: 19 }, (_, i) => brakeOf(mass, 20 - i)).find(([inner, outer, , surfaces]) => {
    const arm = (outer ** 2 + outer * inner + inner ** 2) / (outer + inner);
    return inner > 55 - 1e-9 && Math.abs(9.82e6 / (3000 * surfaces * arm) / time - 1) < 1e-9;
  })!;
const cre23Inverse: Inverse = ([mass]) => brakeOf(mass, Math.min(20, Math.max(11, mass / 4.9e-5 / 3600 + 1)));

const re21At = (s: number) => [
  Math.min(3, Math.max(1, s)),
  Math.min(3, Math.max(Math.SQRT2, Math.SQRT2 * s)),
  Math.SQRT2,
  Math.min(3, Math.max(1, Math.SQRT2 * s)),
];

/** Numbers of teeth of the given error, the largest as given, by trying all. */
const gears: Inverse = ([error, largest]) => {
  for (let a = 12; a <= largest; a++)
    for (let b = a; b <= largest; b++)
      for (let c = 12; c <= largest; c++)
        for (let d = c; d <= largest; d++)
          if (Math.abs(Math.abs(6.931 - (c * d) / (a * b)) - error) < 1e-12 && Math.max(b, d) === largest)
            return [a, b, c, d];
  return [];
};

/** The first of the decision vectors that gives the point, to parts of 1e-8. */
const giving = (problem: Problem, point: readonly number[], candidates: Iterable<readonly number[]>) => {
  for (const x of candidates) {
    const { f } = evaluateAt(problem, x);
    if (f.every((value, j) => Math.abs(value - point[j]) < 1e-8 * Math.max(1, Math.abs(point[j])))) return x;
  }
  return [];
};

/** Where a function of one valley is least. */
function lowest(from: number, to: number, f: (x: number) => number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 45; step++) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (f(left) < f(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

/** By the product q of breadth and depth that the cost leaves, the violation is a quadratic in the depth, or one part of it. */
const concreteInverse: Inverse = ([cost, violation]) => {
  const candidates = barAreas.flatMap((area, place) => {
    const q = (cost - 29.4 * area) / 0.6;
    if (q < -1e-9) return [];
    const depths = [(area * q) / 2 - (7.735 * area ** 2) / 2, 2 * Math.sqrt(Math.max(0, q))];
    depths.push(Math.sqrt(Math.max(0, q) * (violation + 4)), q / 20);
    return depths.map((depth) => {
      const bounded = Math.min(40, Math.max(depth, 1e-12));
      return [place, Math.min(20, Math.max(0, q) / bounded || 20), bounded];
    });
  });
  return giving(re22(), [cost, violation], candidates);
};

const vesselInverse: Inverse = ([cost, violation]) => {
  const shortage = Math.max(0, violation - 2);
  const volume = (r: number) => (1296000 - (4 / 3) * Math.PI * r ** 3) / (Math.PI * r ** 2);
  function* candidates() {
    // The cheapest radius of a volume, the thinnest wall; at the start, where the radius is at its bound, the length by the cost.
    const length = (r: number) => {
      const walls = Math.max(0, 0.0193 * r - 1 / 16) + Math.max(0, 0.00954 * r - 1 / 16);
      return volume(r) - (violation - walls) / (Math.PI * r ** 2);
    };
    if (shortage > 0) {
      const price = (r: number) => {
        const l = length(r);
        return l < 10
          ? 1e9 - l
          : 0.0389 * r * l + (1.7781 / 16) * r ** 2 + (3.1661 / 256) * l + (19.84 / 256) * r;
      };
      const r = lowest(10, 60, price);
      yield [1, 1, r, length(r)];
      yield [1, 1, 10, length(10)];
    }
    for (let shell = 1; shell <= 12; shell++)
      for (let head = 1; head <= 6; head++) {
        const walls = [shell / 16, head / 16];
        for (const r of [
          (violation + walls[0] + walls[1]) / (0.0193 + 0.00954),
          (violation + walls[0]) / 0.0193,
          (violation + walls[1]) / 0.00954,
        ])
          if (r > 37.6 && r < 60) yield [shell, head, r, Math.min(240, volume(r) * (1 + 1e-14))];
      }
  }
  return giving(re23(), [cost, violation], candidates());
};

const hatchInverse: Inverse = ([cost]) => {
  if (cost <= 64) return [cost - 60, 0.5];
  const product = 4500 / 700;
  if (cost <= 4 + 30 * product) return [4, (cost - 4) / 120];
  const height = (cost + Math.sqrt(cost ** 2 - 480 * product)) / 240;
  return [cost - 120 * height, height];
};

/** The ratio is what the violation leaves of 3; above 1 it is of stress, and the diameter the least. */
const springInverse: Inverse = ([volume, violation]) => {
  const wire = wireDiameters.findIndex((d) => {
    const outer = violation < 1 ? (3 - violation) * d : 0.6;
    return Math.abs((Math.PI ** 2 * outer * d ** 2 * 3) / 4 - volume) < 1e-9;
  });
  return [1, violation < 1 ? (3 - violation) * wireDiameters[wire] : 0.6, wire];
};

/** The stress gives the shaft, or, where that is at its greatest, the product of module and teeth. */
const reducerInverse: Inverse = ([, stress]) => {
  const stressOf = (shaft: number, product: number) =>
    Math.sqrt(((745 * Math.max(7.3, 1.5 * shaft + 1.9)) / product) ** 2 + 1.69e7) / (0.1 * shaft ** 3);
  if (stress >= stressOf(3.9, 11.9)) {
    const shaft = -solve(stress, -3.9, -2.9, (s) => stressOf(-s, 11.9));
    return [3.5, 0.7, 17, Math.max(7.3, 1.5 * shaft + 1.9), 7.4, shaft, 5];
  }
  const product = -solve(stress, -30, -10, (p) => stressOf(3.9, -p));
  const teeth = Math.min(28, Math.floor(product / 0.7 + 1e-7));
  return [(5 * product) / teeth, product / teeth, teeth, 7.75, 7.4, 3.9, 5];
};

/** By deflection: the greatest depth that bending and buckling allow, and the cheapest weld that bears the shear. */
const weldInverse =
  (problem: Problem): Inverse =>
  ([, deflection]) => {
    const stiffness = 2.1952 / deflection;
    const broken = (x: readonly number[], c: number) => evaluateAt(problem, x).g[c] > 0;
    const beam = (t: number) => [0.125, 0.1, t, stiffness / t ** 3];
    const depth = solve(0.5, 5, 10, (t) => (broken(beam(t), 1) || broken(beam(t), 3) ? 1 : 0)) - 1e-12;
    const width = stiffness / depth ** 3;
    const shortest = (h: number) => {
      let [low, high] = [0.1, 12];
      for (let step = 0; step < 44; step++) {
        const middle = (low + high) / 2;
        if (broken([h, middle, depth, width], 0)) low = middle;
        else high = middle;
      }
      return high;
    };
    const price = (h: number) => {
      const l = shortest(h);
      return l > 10 ? 1e3 - h : evaluateAt(problem, [h, l, depth, width]).f[0];
    };
    const h = lowest(0.125, width, price);
    return [h, shortest(h), depth, width];
  };

/** The cheapest split of a share of non-zero weights, by small steps and thirds. */
const compress7Inverse: Inverse = ([loss, nonZero]) => {
  const problem = compress7();
  const candidates = [1, 2].map((target) => {
    const vector = (x3: number) => {
      const x4 = (1 - nonZero / 100 - x3 * (target === 2 ? 0.39 : 0.385)) / 0.6;
      return [2, 2, x3, x4, target, 1, 0];
    };
    const lossOf = (x3: number) => evaluateAt(problem, vector(x3)).f[0];
    const steps = Array.from({ length: 51 }, (_, i) => 0.4 + i / 100);
    const best = steps.reduce((a, b) => (lossOf(b) < lossOf(a) ? b : a));
    return vector(lowest(best - 0.01, best + 0.01, lossOf));
  });
  return giving(problem, [loss, nonZero], candidates);
};

const inverses: Record<string, Inverse> = {
  'welded-beam': weldInverse(weldedBeam()),
  compress7: compress7Inverse,
  re22: concreteInverse,
  re23: vesselInverse,
  re24: hatchInverse,
  re25: springInverse,
  cre22: weldInverse(cre22()),
  cre24: reducerInverse,
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
  mw9: (f) => {
    const [t, d] = onRay(f, 1, (x) => 1 - x ** 0.6);
    return [t, ...flatAway(d)];
  },
  mw10: (f) => {
    const [t, d] = onRay(f, 1, (x) => 1 - x ** 2);
    return [t ** (1 / 15), ...wavyAway(d)];
  },
  mw11: (f) => {
    const [t, d] = onRay(f, Math.SQRT2, (x) => Math.sqrt(Math.max(0, 2 - x ** 2)));
    return [t, ...linked(t, 14, d)];
  },
  mw12: (f) => {
    const [t, d] = onRay(f, 1, (x) => 0.85 - 0.8 * x - 0.08 * Math.abs(Math.sin(3.2 * Math.PI * x)));
    return [t, ...flatAway(d)];
  },
  mw13: (f) => {
    const [t, d] = onRay(f, 1.5, (x) => 5 - Math.exp(x) - Math.abs(0.5 * Math.sin(3 * Math.PI * x)));
    return [t, ...wavyAway(d)];
  },
  ctp1: ([f1, f2]) => [f1, solve(f2, 1, 2, (d) => d * Math.exp(-f1 / d)) - 1],
  ctp2: ctpInverse,
  ctp3: ctpInverse,
  ctp4: ctpInverse,
  ctp5: ctpInverse,
  ctp6: ctpInverse,
  ctp7: ctpInverse,
  ctp8: ctpInverse,
  srn: srnInverse,
  tnk: (f) => f,
  osy: osyInverse,
  'disc-brake': discBrakeInverse,
  re21: ([f1]) =>
    re21At(
      solve(f1, Math.SQRT1_2, 3, (s) => {
        const [x1, x2, x3, x4] = re21At(s);
        return 200 * (2 * x1 + Math.SQRT2 * x2 + Math.sqrt(x3) + x4);
      }),
    ),
  re36: gears,
  cre21: ([, stress]) => {
    const a = 20 / stress;
    const y = Math.min(3, Math.sqrt((16 * a + 8e-4) / (a + 8e-4)));
    return [(a * Math.sqrt(16 + y ** 2)) / y, (8e-4 * Math.sqrt(1 + y ** 2)) / y, y];
  },
  cre23: cre23Inverse,
  cre25: gears,
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

/** Where the box of the catalogue is that of a protocol, and not the front's. */
const extents: Record<string, ProblemReference> = {
  'welded-beam': { ideal: [2.380959, 0.00043904], nadir: [36.420885, 0.0157592] },
  compress7: { ideal: [-94.9939332, 35.2036], nadir: [-90, 58.8464] },
};

const withFront = problems.flatMap(({ name, create, reference, front }) =>
  front ? [{ name, problem: create(), reference: extents[name] ?? reference!, front }] : [],
);

test('every problem of two objectives has a front, and every other one a reference at least', () => {
  for (const { name, create, reference, front } of problems) {
    expect(reference, name).toBeDefined();
    if (create().objectives.length === 2) expect(front, name).toBeDefined();
    expect(front === undefined, name).toBe(reference?.approximate ?? false);
  }
});

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
    if (!['zdt5', 'mw5', 'ctp3', 'ctp4', 're36', 'cre25'].includes(name))
      expect(rows.length).toBeGreaterThan(0.7 * 300);
    expect(front(10).length / m).toBeLessThanOrEqual(10);
  });

  test('has no point that dominates another', () => {
    expect(rows.some((p) => rows.some((q) => dominates(p, q, 1e-9)))).toBe(false);
  });

  test('lies between ideal and nadir, and comes near both', () => {
    for (let j = 0; j < m; j++) {
      const column = rows.map((row) => row[j]);
      const [low, high] = [reference.ideal[j], reference.nadir[j]];
      const tolerance = 2e-4 * (high - low);
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
 * Problems with a single free distance variable, whose runs objectives a grid covers: the positions at all steps, the
 * distance variables at their best but the last one free.
 */
const gridded: [string, Problem, (t: number) => readonly number[], number][] = [
  ['mw1', mw.mw1(3), (t) => [t, 0.5 + 1 / 6], 1],
  ['mw2', mw.mw2(3), (t) => [t, 1 / 3], 1],
  ['mw3', mw.mw3(2), (t) => [t], 1],
  ['mw5', mw.mw5(3), (t) => [t, 0.5 + 1 / 6], 1],
  ['mw6', mw.mw6(2), (t) => [1.1 * t], 1.1],
  ['mw7', mw.mw7(2), (t) => [t], 1],
  ['mw9', mw.mw9(3), (t) => [t, 0.5 + 1 / 6], 1],
  ['mw10', mw.mw10(2), (t) => [Math.sqrt(t)], 1],
  ['mw11', mw.mw11(2), (t) => [Math.SQRT2 * t], Math.SQRT2],
  ['mw12', mw.mw12(3), (t) => [t, 0.5 + 1 / 6], 1],
  ['mw13', mw.mw13(2), (t) => [1.5 * t], 1.5],
  ['ctp1', ctp.ctp1(), (t) => [t], 1],
  ['ctp2', ctp.ctp2(), (t) => [t], 1],
  ['ctp3', ctp.ctp3(), (t) => [t], 1],
  ['ctp4', ctp.ctp4(), (t) => [t], 1],
  ['ctp5', ctp.ctp5(), (t) => [t], 1],
  ['ctp6', ctp.ctp6(), (t) => [t], 20],
  ['ctp7', ctp.ctp7(), (t) => [t], 1],
  ['ctp8', ctp.ctp8(), (t) => [t], 20],
  ['srn', srn(), (t) => [40 * t - 20], 20],
  ['tnk', tnk(), (t) => [1.2 * t], 1.2],
];

test.each(gridded)(
  'no feasible point of a grid dominates the front of %s by much',
  (name, problem, position, upper) => {
    const { reference, front } = withFront.find((entry) => entry.name === name)!;
    // In parts of the range between ideal and nadir.
    const scaled = (f: readonly number[]) =>
      f.map((value, j) => (value - reference.ideal[j]) / (reference.nadir[j] - reference.ideal[j]));
    const rows = rowsOf(front(400), 2).map(scaled);
    for (let i = 0; i <= 100; i++)
      for (let j = 0; j <= 100; j++) {
        const { f: raw, g } = evaluateAt(problem, [...position(i / 100), (upper * j) / 100]);
        if (g.some((value) => value > 0)) continue;
        const f = scaled(raw);
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

test.each([
  'mw8',
  'mw14',
  'dtlz7',
  'two-bar-truss',
  'osy',
  'disc-brake',
  're21',
  'cre21',
  'cre23',
  're36',
  'cre25',
  're22',
  're23',
  're24',
  're25',
  'cre22',
  'cre24',
  'welded-beam',
  'compress7',
])('no feasible random point dominates the front of %s', (name) => {
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
    if (Object.values(problem.variables)[moved].kind === 'integer') x[moved] = Math.round(x[moved]);
    const { f, g } = evaluateAt(problem, x);
    if (g.some((value) => value > 0)) continue;
    expect(rows.some((point) => dominates(f, point, 1e-9))).toBe(false);
  }
});

/** How far, in parts of the range, the farthest point of the front may be from the end of the run; none where it is hard. */
const runs: [string, number | null][] = [
  ...['mw12', 'ctp1', 'ctp2', 'ctp3', 'ctp5', 'ctp6', 'ctp7', 'ctp8'].map((name): [string, number] => [
    name,
    0.05,
  ]),
  ...['bnh', 'srn', 'tnk', 'disc-brake', 're21', 'cre21', 'cre23', 're24', 'compress7'].map(
    (name): [string, number] => [name, 0.05],
  ),
  ...[
    'mw9',
    'mw10',
    'mw11',
    'mw13',
    'ctp4',
    'osy',
    're36',
    'cre25',
    're22',
    're23',
    're25',
    'cre22',
    'cre24',
    'welded-beam',
  ].map((name): [string, null] => [name, null]),
];

test.each(runs)('a long run of NSGA-II does not get beyond the front of %s', (name, farthest) => {
  const { problem, reference, front } = withFront.find((entry) => entry.name === name)!;
  const { length: variables } = problem.space;
  const m = problem.objectives.length;
  const shape = { variables, objectives: m, constraints: problem.constraints.length };
  const options = { populationSize: 200, generations: 300 };
  const run = evolve(nsga2, problem.space, shape, options, numericFunction(problem), 1);
  const scaled = (f: readonly number[]) =>
    f.map((value, j) => (value - reference.ideal[j]) / (reference.nadir[j] - reference.ideal[j]));
  const reached = rowsOf(run.f, m)
    .slice(0, run.size)
    .filter((_, i) => run.cv[i] === 0)
    .map(scaled);
  const rows = rowsOf(front(1000), m).map(scaled);
  expect(reached.length).toBeGreaterThan(0);
  // The margin is what lies between two points of the front.
  for (const point of reached) expect(rows.some((row) => dominates(point, row, 0.002))).toBe(false);
  if (farthest !== null)
    for (const row of rows) {
      const distances = reached.map((point) => Math.hypot(...point.map((value, j) => value - row[j])));
      expect(Math.min(...distances)).toBeLessThan(farthest);
    }
});
