import { defineProblem, minimize, type Problem } from '../src/index.js';
import { type DtlzFunction, dtlz1Function, dtlz3Function, dtlzVariables, ruggedDistance } from './dtlz.js';
import { numbered } from './numbered.js';

/**
 * The DC-DTLZ problems of Li, Chen, Fu and Yao (IEEE TEVC 23(2), 2019): DTLZ1 and DTLZ3 with constraints on the decision
 * variables, not on the objectives. The constants are those of the authors' program (Samaritan, testproblem/DCDTLZ), which
 * divides g by a hundred in DC2; others are in use (PlatEMO has cos(3 pi x) >= 0.5). The program takes the worst violation,
 * where here each constraint is one of the problem's.
 *
 * DC1, `cos(5 pi x1) >= 0.95`: narrow cones are feasible, from the front outwards.
 */
export const dc1Dtlz1 = (objectives = 3, variables = objectives + 4): Problem =>
  decisionConstrained('dc1-dtlz1', objectives, variables, 1, dtlz1Function(objectives, variables), dc1);

/** DC1 with the sphere of DTLZ3. */
export const dc1Dtlz3 = (objectives = 3, variables = objectives + 9): Problem =>
  decisionConstrained('dc1-dtlz3', objectives, variables, 1, dtlz3Function(objectives, variables), dc1);

/** DC2, `cos(3 pi g / 100) >= 0.9` and `exp(-g / 100) >= 0.9`: only near the front, behind waves of violation. */
export const dc2Dtlz1 = (objectives = 3, variables = objectives + 4): Problem =>
  decisionConstrained('dc2-dtlz1', objectives, variables, 2, dtlz1Function(objectives, variables), dc2);

/** DC2 with the sphere of DTLZ3. */
export const dc2Dtlz3 = (objectives = 3, variables = objectives + 9): Problem =>
  decisionConstrained('dc2-dtlz3', objectives, variables, 2, dtlz3Function(objectives, variables), dc2);

/** DC3, `cos(5 pi g) >= 0.5` and `cos(5 pi x_j) >= 0.5` for every position variable: cones cut into slices. */
export const dc3Dtlz1 = (objectives = 3, variables = objectives + 4): Problem =>
  decisionConstrained(
    'dc3-dtlz1',
    objectives,
    variables,
    objectives,
    dtlz1Function(objectives, variables),
    dc3,
  );

/** DC3 with the sphere of DTLZ3. */
export const dc3Dtlz3 = (objectives = 3, variables = objectives + 9): Problem =>
  decisionConstrained(
    'dc3-dtlz3',
    objectives,
    variables,
    objectives,
    dtlz3Function(objectives, variables),
    dc3,
  );

/** Fills `g[to ...]` for the row of `x` that starts at `from`, whose first `positions` variables give the position. */
type Constrain = (
  x: Float64Array,
  from: number,
  positions: number,
  n: number,
  g: Float64Array,
  to: number,
) => void;

const dc1: Constrain = (x, from, _positions, _n, g, to) => {
  g[to] = 0.95 - Math.cos(5 * Math.PI * x[from]);
};

const dc2: Constrain = (x, from, positions, n, g, to) => {
  const distance = ruggedDistance(x, from + positions, from + n) / 100;
  g[to] = 0.9 - Math.cos(3 * Math.PI * distance);
  g[to + 1] = 0.9 - Math.exp(-distance);
};

const dc3: Constrain = (x, from, positions, n, g, to) => {
  g[to] = 0.5 - Math.cos(5 * Math.PI * ruggedDistance(x, from + positions, from + n));
  for (let v = 0; v < positions; v++) g[to + 1 + v] = 0.5 - Math.cos(5 * Math.PI * x[from + v]);
};

function decisionConstrained(
  name: string,
  m: number,
  n: number,
  constraints: number,
  evaluate: DtlzFunction,
  constrain: Constrain,
): Problem {
  return defineProblem({
    name,
    variables: dtlzVariables(m, n),
    metrics: numbered('f', m, () => minimize()),
    constraints: Array.from({ length: constraints }, (_, k) => `g${k + 1}`),
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        evaluate(x, i * n, f, i * m);
        constrain(x, i * n, m - 1, n, g, i * constraints);
      }
    },
  });
}
