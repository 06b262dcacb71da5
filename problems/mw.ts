import { defineProblem, InputError, minimize, type Problem, real } from '../src/index.js';
import { flatDistance, linkedDistance, type MwDistance, wavyDistance } from './mw-distance.js';
import { numbered } from './numbered.js';

/** A constraint on two objectives, fulfilled at 0 and below. */
export type OnPair = (f1: number, f2: number) => number;
const { PI, SQRT2, abs, atan2, cos, exp, max, min, sin, sqrt } = Math;

/**
 * The constrained test problems of Ma and Wang (IEEE TEVC 23(6), 2019): 15 variables unless told otherwise, two objectives
 * but for MW4, MW8 and MW14. Here d is the distance function, 1 on the front, and y = f2 - f1, t = the angle of (f1, f2).
 * An objective whose square root would be of a negative number by rounding takes 0 under it. Each throws an InputError
 * unless it has as many variables as objectives, two or more.
 *
 * MW1: `f = (x1, d - 0.85 x1)`; the constraint cuts the line f2 = 1 - 0.85 f1 into separate pieces.
 */
export const mw1 = (variables = 15): Problem =>
  pair(1, variables, 1, flatDistance, first, (x1, d) => d * (1 - (0.85 * x1) / d), [
    (f1, f2) => f1 + f2 - 1 - 0.5 * sin(2 * PI * SQRT2 * (f2 - f1)) ** 8,
  ]);

/** MW2: `f = (x1, d - x1)`; the whole line f1 + f2 = 1 is feasible, with fingers above it. */
export const mw2 = (variables = 15): Problem =>
  pair(2, variables, 1, wavyDistance, first, remainder, [
    (f1, f2) => f1 + f2 - 1 - 0.5 * sin(3 * PI * SQRT2 * (f2 - f1)) ** 8,
  ]);

/** MW3: MW2's objectives; the ends of the line f1 + f2 = 1 are cut off by a curve above it. */
export const mw3 = (variables = 15): Problem =>
  pair(3, variables, 1, linkedDistance, first, remainder, [
    (f1, f2) => f1 + f2 - 1.05 - 0.45 * sin(0.75 * PI * SQRT2 * (f2 - f1)) ** 6,
    (f1, f2) => 0.85 - f1 - f2 + 0.3 * sin(0.75 * PI * SQRT2 * (f2 - f1)) ** 2,
  ]);

/** MW4: any number of objectives; the front is the plane `sum f = 1`, all of it feasible. */
export function mw4(objectives = 3, variables = objectives + 12): Problem {
  const m = objectives;
  return several(4, m, variables, 1, flatDistance, (x, from, d, f, to) => {
    let rest = d;
    for (let j = m - 1; j > 0; j--) {
      const share = x[from + m - 1 - j];
      f[to + j] = rest * share;
      rest *= 1 - share;
    }
    f[to] = rest;
    const last = f[to + m - 1];
    let others = 0;
    for (let j = 0; j < m - 1; j++) others += f[to + j];
    return others + last - 1 - 0.4 * sin(2.5 * PI * (last - others)) ** 8;
  });
}

/** MW5: the unit circle, of which little more than sixteen points are feasible. */
export const mw5 = (variables = 15): Problem =>
  pair(5, variables, 1, flatDistance, scaled, onCircle(1), [
    (f1, f2) => f1 ** 2 + f2 ** 2 - (1.7 - 0.2 * sin(2 * atan2(f2, f1))) ** 2,
    (f1, f2) => (1 + 0.5 * sin(6 * folded(f1, f2) ** 3)) ** 2 - f1 ** 2 - f2 ** 2,
    (f1, f2) => (1 - 0.45 * sin(6 * folded(f1, f2) ** 3)) ** 2 - f1 ** 2 - f2 ** 2,
  ]);

/** MW6: the circle of radius 1.1, variables in [0, 1.1], feasible in pieces. */
export const mw6 = (variables = 15): Problem =>
  pair(6, variables, 1.1, wavyDistance, scaled, onCircle(1.1), [
    (f1, f2) => {
      const wave = cos(6 * atan2(f2, f1) ** 4) ** 10;
      return (f1 / (1 + 0.15 * wave)) ** 2 + (f2 / (1 + 0.75 * wave)) ** 2 - 1;
    },
  ]);

/** MW7: the front is in part the unit circle, in part the curve of radius `1.15 - 0.2 sin(4 t)^8` above it. */
export const mw7 = (variables = 15): Problem =>
  pair(7, variables, 1, linkedDistance, scaled, onCircle(1), [
    (f1, f2) => f1 ** 2 + f2 ** 2 - (1.2 + 0.4 * sin(4 * atan2(f2, f1)) ** 16) ** 2,
    (f1, f2) => (1.15 - 0.2 * sin(4 * atan2(f2, f1)) ** 8) ** 2 - f1 ** 2 - f2 ** 2,
  ]);

/** MW8: any number of objectives; the unit sphere, feasible in bands of the last objective. */
export function mw8(objectives = 3, variables = objectives + 12): Problem {
  const m = objectives;
  return several(8, m, variables, 1, wavyDistance, (x, from, d, f, to) => {
    let rest = d;
    for (let j = m - 1; j > 0; j--) {
      const radians = (PI / 2) * x[from + m - 1 - j];
      f[to + j] = rest * sin(radians);
      rest *= cos(radians);
    }
    f[to] = rest;
    // The objectives are d times a point of the unit sphere, so the sum of their squares is d squared.
    const latitude = Math.asin(min(1, f[to + m - 1] / d));
    return d ** 2 - (1.25 - 0.5 * sin(6 * latitude) ** 2) ** 2;
  });
}

/** MW9: `f2 = d (1 - (f1 / d)^0.6)`; feasible in two crescents beyond it. */
export const mw9 = (variables = 15): Problem =>
  pair(9, variables, 1, flatDistance, scaled, (x1, d) => d * (1 - x1 ** 0.6), mw9Bounds.constraints);

/** MW10: `f = d (x1^n, 1 - x1^2n)`, crowded at f1 = 0; parabolas bound the feasible pieces. */
export const mw10 = (variables = 15): Problem =>
  pair(
    10,
    variables,
    1,
    wavyDistance,
    (x1, d) => d * x1 ** variables,
    (x1, d) => d * (1 - x1 ** (2 * variables)),
    mw10Bounds.constraints,
  );

/** MW11: the circle of radius sqrt 2, variables in [0, sqrt 2]; the front lies on parabolas beyond it. */
export const mw11 = (variables = 15): Problem =>
  pair(11, variables, SQRT2, linkedDistance, scaled, onCircle(SQRT2), mw11Bounds.constraints);

/** MW12: a line with waves, `d (0.85 - 0.8 x1 - 0.08 |sin(3.2 pi x1)|)`; feasible between wavy lines beyond it. */
export const mw12 = (variables = 15): Problem =>
  pair(
    12,
    variables,
    1,
    flatDistance,
    scaled,
    (x1, d) => d * (0.85 - 0.8 * x1 - 0.08 * abs(sin(3.2 * PI * x1))),
    mw12Bounds.constraints,
  );

/** MW13: `d (5 - e^x1 - |sin(3 pi x1)| / 2)`, variables in [0, 1.5]; feasible between waves beyond it. */
export const mw13 = (variables = 15): Problem =>
  pair(
    13,
    variables,
    1.5,
    wavyDistance,
    scaled,
    (x1, d) => d * (5 - exp(x1) - abs(0.5 * sin(3 * PI * x1))),
    mw13Bounds.constraints,
  );

/** MW14: any number of objectives, variables in [0, 1.5]; the front falls into 2^(m - 1) pieces, all feasible. */
export function mw14(objectives = 3, variables = objectives + 12): Problem {
  const m = objectives;
  return several(14, m, variables, 1.5, linkedDistance, (x, from, d, f, to) => {
    let inside = 0;
    let bound = 0;
    for (let j = 0; j < m - 1; j++) {
      const value = x[from + j];
      const swing = 1.5 * sin(1.1 * PI * value ** 2);
      f[to + j] = value;
      inside += 6 - exp(value) - swing;
      bound += 6.1 - (1 + value + 0.5 * value ** 2 + swing);
    }
    f[to + m - 1] = (d * inside) / (m - 1);
    return f[to + m - 1] - bound / (m - 1);
  });
}

/** The curves that bound the feasible pieces of a problem, each where a function is 0, and the constraints made of them. */
export interface Bounded {
  readonly curves: readonly OnPair[];
  readonly constraints: readonly OnPair[];
}

/** Pairs of curves: feasible between the two, or, for `outside`, where they are on the same side. */
const between = (...pairs: readonly (readonly [OnPair, OnPair, 'outside'?])[]): Bounded => ({
  curves: pairs.flatMap(({ 0: a, 1: b }) => [a, b]),
  constraints: pairs.map(
    ([a, b, outside]): OnPair =>
      (f1, f2) =>
        outside ? -a(f1, f2) * b(f1, f2) : a(f1, f2) * b(f1, f2),
  ),
});

/** A parabola, f2 = top - slope f1^2. */
const parabola =
  (top: number, slope: number): OnPair =>
  (f1, f2) =>
    top - slope * f1 ** 2 - f2;

const wavyLine =
  (height: number, slope: number, f2Scale: number, f1Scale: number): OnPair =>
  (f1, f2) =>
    height - slope * f1 - f2 + 0.08 * sin(2 * PI * (f2 / f2Scale - f1 / f1Scale));

/** 5 less a wave, less the height at f1. */
const wave =
  (height: (f1: number) => number): OnPair =>
  (f1, f2) =>
    5 - 0.5 * sin(3 * PI * f1) - f2 - height(f1);

/** The lesser of two products: feasible between either pair of curves. */
const crescents = between(
  [parabola(1, 0.64), parabola(1, 0.36)],
  [(f1, f2) => 1.35 ** 2 - (f1 + 0.35) ** 2 - f2, (f1, f2) => 1.15 ** 2 - (f1 + 0.15) ** 2 - f2],
);
export const mw9Bounds: Bounded = {
  curves: crescents.curves,
  constraints: [(f1, f2) => min(crescents.constraints[0](f1, f2), crescents.constraints[1](f1, f2))],
};

export const mw10Bounds = between(
  [parabola(2, 4), parabola(2, 8), 'outside'],
  [parabola(2, 2), parabola(2, 16)],
  [parabola(1, 1), parabola(1.2, 1.2)],
);

export const mw11Bounds = between(
  [parabola(3, 1), parabola(3, 2), 'outside'],
  [parabola(3, 0.625), parabola(3, 7)],
  [parabola(1.62, 0.18), parabola(1.125, 0.125), 'outside'],
  [parabola(2.07, 0.23), parabola(0.63, 0.07)],
);

export const mw12Bounds = between(
  [wavyLine(1, 0.625, 1, 1.6), wavyLine(1.4, 0.875, 1.4, 1.6), 'outside'],
  [wavyLine(1, 0.8, 1, 1.5), wavyLine(1.8, 1.125, 1.8, 1.6)],
);

export const mw13Bounds = between(
  [wave((f1) => 1 + f1 + 0.5 * f1 ** 2), wave((f1) => 1 + 0.7 * f1), 'outside'],
  [wave((f1) => exp(f1)), wave((f1) => 1 + 0.4 * f1)],
);

/** An objective by the first variable and the distance. */
type OfPosition = (x1: number, d: number) => number;

const first: OfPosition = (x1) => x1;
const scaled: OfPosition = (x1, d) => d * x1;
const remainder: OfPosition = (x1, d) => d * (1 - x1 / d);
const onCircle =
  (radius: number): OfPosition =>
  (x1, d) =>
    d * sqrt(max(0, radius ** 2 - x1 ** 2));

/** The angle of (f1, f2) folded at 45 degrees: 0 on the axes, pi / 2 between them. */
const folded = (f1: number, f2: number) => 0.5 * PI - 2 * abs(atan2(f2, f1) - 0.25 * PI);

function pair(
  number: number,
  n: number,
  upper: number,
  distance: MwDistance,
  f1: OfPosition,
  f2: OfPosition,
  constraints: readonly OnPair[],
): Problem {
  const k = constraints.length;
  return defineProblem({
    name: `mw${number}`,
    variables: box(number, 2, n, upper),
    metrics: numbered('f', 2, () => minimize()),
    constraints: constraints.map((_, place) => `g${place + 1}`),
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const d = distance(x, i * n, n, 2);
        f[2 * i] = f1(x[i * n], d);
        f[2 * i + 1] = f2(x[i * n], d);
        for (let c = 0; c < k; c++) g[i * k + c] = constraints[c](f[2 * i], f[2 * i + 1]);
      }
    },
  });
}

/** A problem with one constraint, which `evaluate` returns after it has written the objectives to `f[to ...]`. */
function several(
  number: number,
  m: number,
  n: number,
  upper: number,
  distance: MwDistance,
  evaluate: (x: Float64Array, from: number, d: number, f: Float64Array, to: number) => number,
): Problem {
  return defineProblem({
    name: `mw${number}`,
    variables: box(number, m, n, upper),
    metrics: numbered('f', m, () => minimize()),
    constraints: ['g1'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) g[i] = evaluate(x, i * n, distance(x, i * n, n, m), f, i * m);
    },
  });
}

function box(number: number, m: number, n: number, upper: number) {
  if (!Number.isInteger(m) || m < 2)
    throw new InputError(`MW${number} needs a whole number of objectives from 2, got ${m}`);
  if (!Number.isInteger(n) || n < m)
    throw new InputError(`MW${number} needs a whole number of variables from ${m}, got ${n}`);
  return numbered('x', n, () => real(0, upper));
}
