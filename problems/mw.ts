import { defineProblem, InputError, minimize, type Problem, real } from '../src/index.js';
import { numbered } from './numbered.js';

/**
 * MW1 (Ma and Wang, IEEE TEVC 23(6), 2019): two objectives, and a constraint that cuts the line f2 = 1 - 0.85 f1 into
 * separate pieces. Throws an InputError unless it has two or more variables.
 */
export function mw1(variables = 15): Problem {
  if (!Number.isInteger(variables) || variables < 2)
    throw new InputError(`MW1 needs a whole number of variables from 2, got ${variables}`);
  const n = variables;
  return defineProblem({
    name: 'mw1',
    variables: numbered('x', n, () => real(0, 1)),
    metrics: { f1: minimize(), f2: minimize() },
    constraints: ['g1'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        let distance = 1;
        for (let v = 1; v < n; v++) {
          const z = x[i * n + v] ** (n - 2);
          distance += 1 - Math.exp(-10 * (z - 0.5 - v / (2 * n)) ** 2);
        }
        const f1 = x[i * n];
        const f2 = distance * (1 - (0.85 * f1) / distance);
        f[2 * i] = f1;
        f[2 * i + 1] = f2;
        g[i] = f1 + f2 - 1 - 0.5 * Math.sin(2 * Math.PI * Math.SQRT2 * (f2 - f1)) ** 8;
      }
    },
  });
}
