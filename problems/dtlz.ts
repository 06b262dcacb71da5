import { defineProblem, InputError, minimize, type Problem, real } from '../src/index.js';
import { numbered } from './numbered.js';

/** Writes the objectives of the row of variables that starts at `x[from]` to `f[to ...]`. */
/** Fills `g[to ...]` of one row, from its variables `x[from ...]` and its objectives `f[at ...]`. */
export type DtlzConstraints = (
  x: Float64Array,
  from: number,
  f: Float64Array,
  at: number,
  g: Float64Array,
  to: number,
) => void;

export type DtlzFunction = (x: Float64Array, from: number, f: Float64Array, to: number) => void;

/**
 * The scalable test problems of Deb, Thiele, Laumanns and Zitzler (in: Evolutionary Multiobjective Optimization, Springer,
 * 2005): any number of objectives m from 2 and of variables n from m. The first m - 1 variables place a solution along the
 * front, the last n - m + 1 give its distance g >= 0 from it. Each throws an InputError on other numbers.
 *
 * DTLZ1: the front is the plane `sum f = 0.5`, behind many local fronts.
 */
export const dtlz1 = (objectives = 3, variables = objectives + 4): Problem =>
  dtlz('dtlz1', objectives, variables, dtlz1Function(objectives, variables));

/** DTLZ2: the front is the unit sphere, `sum f^2 = 1`. */
export const dtlz2 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz('dtlz2', objectives, variables, dtlz2Function(objectives, variables));

/** DTLZ3: DTLZ2 with the rugged distance of DTLZ1. */
export const dtlz3 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz('dtlz3', objectives, variables, dtlz3Function(objectives, variables));

/** DTLZ4: DTLZ2 with position variables to the power of 100, so that uniform samples crowd at the edges. */
export const dtlz4 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz('dtlz4', objectives, variables, dtlz4Function(objectives, variables));

/**
 * DTLZ5: DTLZ2 whose angles but the first are pulled to 45 degrees as g falls, so that the front shrinks to a curve: for three
 * objectives `(cos t, cos t, sqrt 2 sin t) / sqrt 2`. With four or more, points off the curve are optimal too (Huband,
 * Hingston, Barone and While, IEEE TEVC 10(5), 2006).
 */
export const dtlz5 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz('dtlz5', objectives, variables, spherical(objectives, variables, quadratic, pulled));

/** DTLZ6: DTLZ5 with the distance `sum x^0.1`, steep only near the front, which lies at x = 0. */
export const dtlz6 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz('dtlz6', objectives, variables, spherical(objectives, variables, steep, pulled));

/** DTLZ7: the first m - 1 objectives are the position variables, and the front falls into 2^(m - 1) pieces. */
export const dtlz7 = (objectives = 3, variables = objectives + 19): Problem =>
  dtlz('dtlz7', objectives, variables, (x, from, f, to) => {
    const m = objectives;
    const g = 1 + (9 * sum(x, from + m - 1, from + variables)) / (variables - m + 1);
    let h = m;
    for (let j = 0; j < m - 1; j++) {
      const value = x[from + j];
      f[to + j] = value;
      h -= (value / (1 + g)) * (1 + Math.sin(3 * Math.PI * value));
    }
    f[to + m - 1] = (1 + g) * h;
  });

export const dtlz1Function =
  (m: number, n: number): DtlzFunction =>
  (x, from, f, to) => {
    const scale = 0.5 * (1 + ruggedDistance(x, from + m - 1, from + n));
    for (let j = 0; j < m; j++) {
      let value = scale;
      for (let v = 0; v < m - 1 - j; v++) value *= x[from + v];
      if (j > 0) value *= 1 - x[from + m - 1 - j];
      f[to + j] = value;
    }
  };

export const dtlz2Function = (m: number, n: number): DtlzFunction => spherical(m, n, quadratic, asItIs);
export const dtlz3Function = (m: number, n: number): DtlzFunction => spherical(m, n, ruggedDistance, asItIs);
export const dtlz4Function = (m: number, n: number): DtlzFunction => spherical(m, n, quadratic, crowded);

/** The distance of DTLZ1 and DTLZ3, `100 (k + sum((x - 0.5)^2 - cos(20 pi (x - 0.5))))` of `x[from] .. x[end - 1]`. */
export function ruggedDistance(x: Float64Array, from: number, end: number): number {
  let sum = end - from;
  for (let v = from; v < end; v++) sum += (x[v] - 0.5) ** 2 - Math.cos(20 * Math.PI * (x[v] - 0.5));
  return 100 * sum;
}

/** The unit box of `variables` variables. Throws an InputError unless there are as many as objectives, two or more. */
export function dtlzVariables(objectives: number, variables: number) {
  if (!Number.isInteger(objectives) || objectives < 2)
    throw new InputError(`a DTLZ problem needs a whole number of objectives from 2, got ${objectives}`);
  if (!Number.isInteger(variables) || variables < objectives)
    throw new InputError(
      `a DTLZ problem of ${objectives} objectives needs ${objectives} variables or more, got ${variables}`,
    );
  return numbered('x', variables, () => real(0, 1));
}

/** The problem of a DTLZ function, with the constraints of its constrained forms. */
export function dtlz(
  name: string,
  m: number,
  n: number,
  evaluate: DtlzFunction,
  constraints = 0,
  constrain: DtlzConstraints = () => {},
): Problem {
  return defineProblem({
    name,
    variables: dtlzVariables(m, n),
    metrics: numbered('f', m, () => minimize()),
    constraints: Array.from({ length: constraints }, (_, k) => `g${k + 1}`),
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        evaluate(x, i * n, f, i * m);
        constrain(x, i * n, f, i * m, g, i * constraints);
      }
    },
  });
}

/** A distance from the front: of the variables `from .. end - 1` of `x`. */
type Distance = (x: Float64Array, from: number, end: number) => number;

/** The angle, in units of pi / 2, of the position variable at `place` (from 0) at the distance `g`. */
type Angle = (value: number, place: number, g: number) => number;

function spherical(m: number, n: number, distance: Distance, angle: Angle): DtlzFunction {
  return (x, from, f, to) => {
    const g = distance(x, from + m - 1, from + n);
    // From the last objective to the first, each takes the sine of its own angle and the cosines of those before.
    let rest = 1 + g;
    for (let j = m - 1; j > 0; j--) {
      const radians = (Math.PI / 2) * angle(x[from + m - 1 - j], m - 1 - j, g);
      f[to + j] = rest * Math.sin(radians);
      rest *= Math.cos(radians);
    }
    f[to] = rest;
  };
}

const asItIs: Angle = (value) => value;
const crowded: Angle = (value) => value ** 100;
const pulled: Angle = (value, place, g) => (place === 0 ? value : (1 + 2 * g * value) / (2 * (1 + g)));

const quadratic: Distance = (x, from, end) => {
  let sum = 0;
  for (let v = from; v < end; v++) sum += (x[v] - 0.5) ** 2;
  return sum;
};

const steep: Distance = (x, from, end) => {
  let sum = 0;
  for (let v = from; v < end; v++) sum += x[v] ** 0.1;
  return sum;
};

const sum: Distance = (x, from, end) => {
  let total = 0;
  for (let v = from; v < end; v++) total += x[v];
  return total;
};
