import { defineProblem, minimize, type Problem, type Variable } from '../../src/index.js';
import { numbered } from '../numbered.js';

/** An engineering model of the suite: some objectives (all minimised) and some constraints (fulfilled at 0 and below). */
export interface Model {
  readonly variables: readonly Variable[];
  readonly objectives: number;
  readonly constraints: number;
  /** Writes the objectives of the row that starts at `x[i]` to `f[j ...]` and its constraints to `g[k ...]`. */
  evaluate(x: Float64Array, i: number, f: Float64Array, j: number, g: Float64Array, k: number): void;
}

/** The model as it is, with variables x1 .., objectives f1 .. and constraints g1 .. */
export function constrained(name: string, model: Model): Problem {
  const { n, m, k } = sizes(model);
  return defineProblem({
    name,
    variables: variablesOf(model),
    metrics: numbered('f', m, () => minimize()),
    constraints: Array.from({ length: k }, (_, c) => `g${c + 1}`),
    evaluateBatch(x, count, f, g) {
      for (let row = 0; row < count; row++) model.evaluate(x, row * n, f, row * m, g, row * k);
    },
  });
}

/** The model without constraints, and the sum of their violations, `sum(max(0, g))`, as one more objective at the end. */
export function penalised(name: string, model: Model): Problem {
  const { n, m, k } = sizes(model);
  const violations = new Float64Array(k);
  return defineProblem({
    name,
    variables: variablesOf(model),
    metrics: numbered('f', m + 1, () => minimize()),
    evaluateBatch(x, count, f) {
      for (let row = 0; row < count; row++) {
        const to = row * (m + 1);
        model.evaluate(x, row * n, f, to, violations, 0);
        let sum = 0;
        for (let c = 0; c < k; c++) if (violations[c] > 0) sum += violations[c];
        f[to + m] = sum;
      }
    },
  });
}

const sizes = (model: Model) => ({
  n: model.variables.length,
  m: model.objectives,
  k: model.constraints,
});

const variablesOf = ({ variables }: Model) =>
  numbered<Variable>('x', variables.length, (place) => variables[place - 1]);
