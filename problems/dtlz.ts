import { defineProblem, InputError, minimize, type Problem, real } from '../src/index.js';
import { numbered } from './numbered.js';

/** Writes the objectives of the row of variables that starts at `x[from]` to `f[to ...]`. */
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
  dtlz('dtlz3', objectives, variables, spherical(objectives, variables, rugged, 1));

/** DTLZ4: DTLZ2 with position variables to the power of 100, so that uniform samples crowd at the edges. */
export const dtlz4 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz('dtlz4', objectives, variables, spherical(objectives, variables, quadratic, 100));

export const dtlz1Function =
  (m: number, n: number): DtlzFunction =>
  (x, from, f, to) => {
    const scale = 0.5 * (1 + rugged(x, from + m - 1, from + n));
    for (let j = 0; j < m; j++) {
      let value = scale;
      for (let v = 0; v < m - 1 - j; v++) value *= x[from + v];
      if (j > 0) value *= 1 - x[from + m - 1 - j];
      f[to + j] = value;
    }
  };

export const dtlz2Function = (m: number, n: number): DtlzFunction => spherical(m, n, quadratic, 1);

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

function dtlz(name: string, m: number, n: number, evaluate: DtlzFunction): Problem {
  return defineProblem({
    name,
    variables: dtlzVariables(m, n),
    metrics: numbered('f', m, () => minimize()),
    evaluateBatch(x, count, f) {
      for (let i = 0; i < count; i++) evaluate(x, i * n, f, i * m);
    },
  });
}

/** A distance from the front: of the variables `from .. end - 1` of `x`. */
type Distance = (x: Float64Array, from: number, end: number) => number;

function spherical(m: number, n: number, distance: Distance, power: number): DtlzFunction {
  return (x, from, f, to) => {
    const radius = 1 + distance(x, from + m - 1, from + n);
    for (let j = 0; j < m; j++) {
      let value = radius;
      for (let v = 0; v < m - 1 - j; v++) value *= Math.cos((Math.PI / 2) * x[from + v] ** power);
      if (j > 0) value *= Math.sin((Math.PI / 2) * x[from + m - 1 - j] ** power);
      f[to + j] = value;
    }
  };
}

const quadratic: Distance = (x, from, end) => {
  let sum = 0;
  for (let v = from; v < end; v++) sum += (x[v] - 0.5) ** 2;
  return sum;
};

const rugged: Distance = (x, from, end) => {
  let sum = end - from;
  for (let v = from; v < end; v++) sum += (x[v] - 0.5) ** 2 - Math.cos(20 * Math.PI * (x[v] - 0.5));
  return 100 * sum;
};
