import { defineProblem, InputError, minimize, type Problem, real } from '../src/index.js';
import { numbered } from './numbered.js';

/**
 * The constrained test problems of Deb, Pratap and Meyarivan (EMO 2001, LNCS 1993): two variables unless told otherwise,
 * `f1 = x1` and a distance `d = 1 + x2 + ... + xn`, as in the NSGA-II program of Deb's laboratory. Each throws an
 * InputError unless it has two or more variables.
 *
 * CTP1: `f2 = d exp(-f1 / d)`, under two exponential curves `f2 >= a_j exp(-b_j f1)` that cut the front off.
 */
export function ctp1(variables = 2): Problem {
  const n = checked(1, variables);
  const curves = exponentials(2);
  return defineProblem({
    name: 'ctp1',
    variables: numbered('x', n, () => real(0, 1)),
    metrics: { f1: minimize(), f2: minimize() },
    constraints: ['g1', 'g2'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const d = distance(x, i * n, n);
        f[2 * i] = x[i * n];
        f[2 * i + 1] = d * Math.exp(-x[i * n] / d);
        for (let j = 0; j < 2; j++)
          g[2 * i + j] = curves[2 * j] * Math.exp(-curves[2 * j + 1] * x[i * n]) - f[2 * i + 1];
      }
    },
  });
}

/** CTP2: `f2 = d (1 - sqrt(f1 / d))`, as in all that follow; the front falls into pieces. */
export const ctp2 = (variables = 2): Problem => ctp(2, variables, 1);

/** CTP3: the pieces are single points. */
export const ctp3 = (variables = 2): Problem => ctp(3, variables, 1);

/** CTP4: the points lie at the ends of long, narrow corridors. */
export const ctp4 = (variables = 2): Problem => ctp(4, variables, 1);

/** CTP5: the points are crowded towards one end. */
export const ctp5 = (variables = 2): Problem => ctp(5, variables, 1);

/** CTP6: bands of infeasible points lie across the way; x2 .. xn go to 20. */
export const ctp6 = (variables = 2): Problem => ctp(6, variables, 20);

/** CTP7: the front of the unconstrained problem, in pieces, with bands that run towards it. */
export const ctp7 = (variables = 2): Problem => ctp(7, variables, 1);

/** CTP8: bands both ways leave islands; x2 .. xn go to 20. */
export const ctp8 = (variables = 2): Problem => ctp(8, variables, 20);

/**
 * A constraint of equation 7 of the paper, `along >= a |sin(b pi across^c)|^d` in axes that start at f2 = e and are turned by
 * theta, given in units of pi.
 */
export interface Wave {
  readonly theta: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
}

/** The constraints of CTP2 .. CTP8. */
export const ctpWaves = {
  2: [{ theta: -0.2, a: 0.2, b: 10, c: 1, d: 6, e: 1 }],
  3: [{ theta: -0.2, a: 0.1, b: 10, c: 1, d: 0.5, e: 1 }],
  4: [{ theta: -0.2, a: 0.75, b: 10, c: 1, d: 0.5, e: 1 }],
  5: [{ theta: -0.2, a: 0.1, b: 10, c: 2, d: 0.5, e: 1 }],
  6: [{ theta: 0.1, a: 40, b: 0.5, c: 1, d: 2, e: -2 }],
  7: [{ theta: -0.05, a: 40, b: 5, c: 1, d: 6, e: 0 }],
  8: [
    { theta: 0.1, a: 40, b: 0.5, c: 1, d: 2, e: -2 },
    { theta: -0.05, a: 40, b: 2, c: 1, d: 6, e: 0 },
  ],
} as const satisfies Record<number, readonly Wave[]>;

type Constraint = (f1: number, f2: number) => number;

/**
 * The wave as a constraint, fulfilled at 0 and below: right minus left. The program's `1 - along / right`, of the same sign,
 * is undefined where the right is 0.
 */
export function waveConstraint({ theta, a, b, c, d, e }: Wave): Constraint {
  const cosine = Math.cos(theta * Math.PI);
  const sine = Math.sin(theta * Math.PI);
  return (f1, f2) => {
    const along = (f2 - e) * cosine - f1 * sine;
    const across = (f2 - e) * sine + f1 * cosine;
    return a * Math.abs(Math.sin(b * Math.PI * across ** c)) ** d - along;
  };
}

function ctp(number: keyof typeof ctpWaves, variables: number, upper: number): Problem {
  const n = checked(number, variables);
  const constraints = ctpWaves[number].map(waveConstraint);
  const k = constraints.length;
  return defineProblem({
    name: `ctp${number}`,
    variables: numbered('x', n, (place) => real(0, place === 1 ? 1 : upper)),
    metrics: { f1: minimize(), f2: minimize() },
    constraints: constraints.map((_, place) => `g${place + 1}`),
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const d = distance(x, i * n, n);
        const f1 = x[i * n];
        const f2 = d * (1 - Math.sqrt(f1 / d));
        f[2 * i] = f1;
        f[2 * i + 1] = f2;
        for (let j = 0; j < k; j++) g[i * k + j] = constraints[j](f1, f2);
      }
    },
  });
}

/** The pairs a, b of CTP1 for `count` constraints, by the recurrence of the paper: each starts where the last one ends. */
export function exponentials(count: number): Float64Array {
  const curves = new Float64Array(2 * count);
  let a = 1;
  let b = 1;
  for (let j = 0; j < count; j++) {
    const f1 = (j + 1) / (count + 1);
    const reached = a * Math.exp(-b * f1);
    a = (a + reached) / 2;
    b = -Math.log(reached / a) / f1;
    curves[2 * j] = a;
    curves[2 * j + 1] = b;
  }
  return curves;
}

function distance(x: Float64Array, from: number, n: number): number {
  let d = 1;
  for (let v = 1; v < n; v++) d += x[from + v];
  return d;
}

function checked(number: number, variables: number): number {
  if (!Number.isInteger(variables) || variables < 2)
    throw new InputError(`CTP${number} needs a whole number of variables from 2, got ${variables}`);
  return variables;
}
