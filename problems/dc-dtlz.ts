import type { Problem } from '../src/index.js';
import { type DtlzConstraints, dtlz, dtlz1Function, dtlz3Function, ruggedDistance } from './dtlz.js';

/**
 * The DC-DTLZ problems of Li, Chen, Fu and Yao (IEEE TEVC 23(2), 2019): DTLZ1 and DTLZ3 with constraints on the decision
 * variables, not on the objectives. The constants are those of the authors' program (Samaritan, testproblem/DCDTLZ), which
 * divides g by a hundred in DC2; others are in use (PlatEMO has cos(3 pi x) >= 0.5). The program takes the worst violation,
 * where here each constraint is one of the problem's.
 *
 * DC1, `cos(5 pi x1) >= 0.95`: narrow cones are feasible, from the front outwards.
 */
export const dc1Dtlz1 = (objectives = 3, variables = objectives + 4): Problem =>
  dtlz('dc1-dtlz1', objectives, variables, dtlz1Function(objectives, variables), 1, dc1);

/** DC1 with the sphere of DTLZ3. */
export const dc1Dtlz3 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz('dc1-dtlz3', objectives, variables, dtlz3Function(objectives, variables), 1, dc1);

/** DC2, `cos(3 pi g / 100) >= 0.9` and `exp(-g / 100) >= 0.9`: only near the front, behind waves of violation. */
export const dc2Dtlz1 = (objectives = 3, variables = objectives + 4): Problem =>
  dtlz(
    'dc2-dtlz1',
    objectives,
    variables,
    dtlz1Function(objectives, variables),
    2,
    dc2(objectives, variables),
  );

/** DC2 with the sphere of DTLZ3. */
export const dc2Dtlz3 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz(
    'dc2-dtlz3',
    objectives,
    variables,
    dtlz3Function(objectives, variables),
    2,
    dc2(objectives, variables),
  );

/** DC3, `cos(5 pi g) >= 0.5` and `cos(5 pi x_j) >= 0.5` for every position variable: cones cut into slices. */
export const dc3Dtlz1 = (objectives = 3, variables = objectives + 4): Problem =>
  dtlz(
    'dc3-dtlz1',
    objectives,
    variables,
    dtlz1Function(objectives, variables),
    objectives,
    dc3(objectives, variables),
  );

/** DC3 with the sphere of DTLZ3. */
export const dc3Dtlz3 = (objectives = 3, variables = objectives + 9): Problem =>
  dtlz(
    'dc3-dtlz3',
    objectives,
    variables,
    dtlz3Function(objectives, variables),
    objectives,
    dc3(objectives, variables),
  );

const dc1: DtlzConstraints = (x, from, _f, _at, g, to) => {
  g[to] = 0.95 - Math.cos(5 * Math.PI * x[from]);
};

const dc2 =
  (m: number, n: number): DtlzConstraints =>
  (x, from, _f, _at, g, to) => {
    const distance = ruggedDistance(x, from + m - 1, from + n) / 100;
    g[to] = 0.9 - Math.cos(3 * Math.PI * distance);
    g[to + 1] = 0.9 - Math.exp(-distance);
  };

const dc3 =
  (m: number, n: number): DtlzConstraints =>
  (x, from, _f, _at, g, to) => {
    g[to] = 0.5 - Math.cos(5 * Math.PI * ruggedDistance(x, from + m - 1, from + n));
    for (let v = 0; v < m - 1; v++) g[to + 1 + v] = 0.5 - Math.cos(5 * Math.PI * x[from + v]);
  };
