import { defineProblem, minimize, type Problem, real } from '../src/index.js';

/** ZDT1 on seven variables with a gap in the middle of its front: the constraint is `(x1 - 0.5)^2 >= 0.04`. */
export const gappedZdt1 = (): Problem =>
  defineProblem({
    name: 'gapped-zdt1',
    variables: Object.fromEntries(Array.from({ length: 7 }, (_, v) => [`x${v + 1}`, real(0, 1)])),
    metrics: { f1: minimize(), f2: minimize() },
    constraints: ['g1'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (let v = 1; v < 7; v++) sum += x[7 * i + v];
        const distance = 1 + (9 * sum) / 6;
        f[2 * i] = x[7 * i];
        f[2 * i + 1] = distance * (1 - Math.sqrt(x[7 * i] / distance));
        g[i] = 0.04 - (x[7 * i] - 0.5) ** 2;
      }
    },
  });
