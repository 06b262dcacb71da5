import { choice, defineProblem, InputError, minimize, type Problem, real } from '../src/index.js';
import { numbered } from './numbered.js';

/**
 * The test problems of Zitzler, Deb and Thiele (Evolutionary Computation 8(2), 2000), two objectives, no constraints:
 * `f2 = g h(f1, g)`, where g grows with the distance of x2 .. xn from the front (g = 1). Each throws an InputError unless it has two or more variables.
 */
export const zdt1 = (variables = 30): Problem =>
  zdt('zdt1', unitBox(variables), linearDistance, firstVariable, convex);

/** ZDT2: the front f2 = 1 - f1^2 is concave. */
export const zdt2 = (variables = 30): Problem =>
  zdt('zdt2', unitBox(variables), linearDistance, firstVariable, concave);

/** ZDT3: the front falls into five pieces. */
export const zdt3 = (variables = 30): Problem =>
  zdt('zdt3', unitBox(variables), linearDistance, firstVariable, disconnected);

/** ZDT4: x2 .. xn lie in [-5, 5] and g has 21^(n - 1) local minima. */
export const zdt4 = (variables = 10): Problem =>
  zdt(
    'zdt4',
    numbered('x', checked(variables), (place) => (place === 1 ? real(0, 1) : real(-5, 5))),
    ruggedDistance,
    firstVariable,
    convex,
  );

/**
 * ZDT5: `strings` bit strings, the first of 30 bits and the others of 5, every bit a choice of 0 or 1. With u ones in the
 * first, `f1 = 1 + u` and `f2 = sum of v / f1`, where a string of ones has v = 1 and one with fewer, k, has v = 2 + k, which
 * leads away from it. Not normalised. Throws an InputError unless there are two or more strings.
 */
export function zdt5(strings = 11): Problem {
  if (!Number.isInteger(strings) || strings < 2)
    throw new InputError(`ZDT5 needs a whole number of bit strings from 2, got ${strings}`);
  const n = 30 + 5 * (strings - 1);
  return defineProblem({
    name: 'zdt5',
    variables: numbered('x', n, () => choice(0, 1)),
    metrics: { f1: minimize(), f2: minimize() },
    evaluateBatch(x, count, f) {
      for (let i = 0; i < count; i++) {
        const f1 = 1 + ones(x, i * n, 30);
        let g = 0;
        for (let v = i * n + 30; v < (i + 1) * n; v += 5) {
          const u = ones(x, v, 5);
          g += u === 5 ? 1 : 2 + u;
        }
        f[2 * i] = f1;
        f[2 * i + 1] = g / f1;
      }
    },
  });
}

/** ZDT6: f1 is a rough function of x1, and the front is thinly covered. */
export const zdt6 = (variables = 10): Problem =>
  zdt('zdt6', unitBox(variables), steepDistance, roughFirst, concave);

/** A function of the row of `n` variables that starts at `x[offset]`. */
type OfRow = (x: Float64Array, offset: number, n: number) => number;

function zdt(
  name: string,
  variables: Record<string, ReturnType<typeof real>>,
  distance: OfRow,
  first: OfRow,
  shape: (f1: number, g: number) => number,
): Problem {
  const n = Object.keys(variables).length;
  return defineProblem({
    name,
    variables,
    metrics: { f1: minimize(), f2: minimize() },
    evaluateBatch(x, count, f) {
      for (let i = 0; i < count; i++) {
        const g = distance(x, i * n, n);
        f[2 * i] = first(x, i * n, n);
        f[2 * i + 1] = g * shape(f[2 * i], g);
      }
    },
  });
}

const firstVariable: OfRow = (x, offset) => x[offset];
const roughFirst: OfRow = (x, offset) =>
  1 - Math.exp(-4 * x[offset]) * Math.sin(6 * Math.PI * x[offset]) ** 6;

const linearDistance: OfRow = (x, offset, n) => 1 + 9 * meanOfRest(x, offset, n);
const steepDistance: OfRow = (x, offset, n) => 1 + 9 * meanOfRest(x, offset, n) ** 0.25;
const ruggedDistance: OfRow = (x, offset, n) => {
  let sum = 1 + 10 * (n - 1);
  for (let v = offset + 1; v < offset + n; v++) sum += x[v] ** 2 - 10 * Math.cos(4 * Math.PI * x[v]);
  return sum;
};

const convex = (f1: number, g: number) => 1 - Math.sqrt(f1 / g);
const concave = (f1: number, g: number) => 1 - (f1 / g) ** 2;
const disconnected = (f1: number, g: number) =>
  1 - Math.sqrt(f1 / g) - (f1 / g) * Math.sin(10 * Math.PI * f1);

function ones(x: Float64Array, from: number, length: number): number {
  let u = 0;
  for (let v = from; v < from + length; v++) u += x[v];
  return u;
}

function meanOfRest(x: Float64Array, offset: number, n: number): number {
  let sum = 0;
  for (let v = offset + 1; v < offset + n; v++) sum += x[v];
  return sum / (n - 1);
}

function unitBox(variables: number) {
  return numbered('x', checked(variables), () => real(0, 1));
}

function checked(variables: number): number {
  if (!Number.isInteger(variables) || variables < 2)
    throw new InputError(`a ZDT problem needs a whole number of variables from 2, got ${variables}`);
  return variables;
}
