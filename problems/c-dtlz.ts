import type { Problem } from '../src/index.js';
import { dtlz, dtlz1Function, dtlz2Function, dtlz4Function } from './dtlz.js';

/**
 * C1-DTLZ1 (Jain and Deb, IEEE TEVC 18(4), 2014): DTLZ1 with `f_m / 0.6 + sum of the others / 0.5 <= 1`. The front is that of
 * DTLZ1; only a band above it is feasible, so that convergence is what the constraint makes hard.
 */
export const c1Dtlz1 = (objectives = 3, variables = objectives + 4): Problem =>
  dtlz(
    'c1-dtlz1',
    objectives,
    variables,
    dtlz1Function(objectives, variables),
    1,
    (_x, _from, f, from, g, to) => {
      let sum = f[from + objectives - 1] / 0.6;
      for (let j = 0; j < objectives - 1; j++) sum += f[from + j] / 0.5;
      g[to] = sum - 1;
    },
  );

/**
 * C2-DTLZ2 (the same paper): DTLZ2 whose feasible parts are the balls of radius r around the m corners (1, 0, ..., 0), ...
 * of the front and around its middle (1, ..., 1) / sqrt(m). r is 0.4 for three objectives and 0.5 for more, as in the
 * paper, and 0.2 for two.
 */
export const c2Dtlz2 = (objectives = 3, variables = objectives + 9): Problem => {
  const radius = objectives === 2 ? 0.2 : objectives === 3 ? 0.4 : 0.5;
  return dtlz(
    'c2-dtlz2',
    objectives,
    variables,
    dtlz2Function(objectives, variables),
    1,
    (_x, _from, f, from, g, to) => {
      let squares = 0;
      let toMiddle = 0;
      for (let j = from; j < from + objectives; j++) {
        squares += f[j] ** 2;
        toMiddle += (f[j] - 1 / Math.sqrt(objectives)) ** 2;
      }
      let nearest = toMiddle;
      for (let j = from; j < from + objectives; j++)
        nearest = Math.min(nearest, (f[j] - 1) ** 2 + squares - f[j] ** 2);
      g[to] = nearest - radius ** 2;
    },
  );
};

/**
 * C3-DTLZ4 (the same paper): DTLZ4 with a constraint for every objective, `f_j^2 / 4 + sum of the other f^2 >= 1`. The front
 * is where the ellipsoids lie outermost, beyond the unit sphere, and made of the constraints alone.
 */
export const c3Dtlz4 = (objectives = 3, variables = objectives + 4): Problem =>
  dtlz(
    'c3-dtlz4',
    objectives,
    variables,
    dtlz4Function(objectives, variables),
    objectives,
    (_x, _from, f, from, g, to) => {
      let squares = 0;
      for (let j = from; j < from + objectives; j++) squares += f[j] ** 2;
      for (let j = 0; j < objectives; j++) g[to + j] = 1 - squares + 0.75 * f[from + j] ** 2;
    },
  );
