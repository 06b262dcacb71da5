import { defineProblem, minimize, type Problem, real } from '../../../src/index.js';
import type { Outlook } from '../../../src/surrogates/auto/outlook.js';
import { noWarping, type Warping } from '../../../src/surrogates/auto/output-warping.js';

/** Two objectives and a constraint that nothing computes, of one variable in [0, 1]. */
export const problem = defineProblem({
  name: 'one variable',
  variables: { a: real(0, 1) },
  metrics: { left: minimize(), right: minimize() },
  constraints: ['g'],
  evaluateBatch() {},
}) as unknown as Problem;

/** What is expected at `a`, the only variable, in the unit of the warping. */
export const outlook = (
  mean: (a: number) => number,
  deviation: number,
  warping: Warping = noWarping,
): Outlook => ({
  warping,
  mean: ([a]) => mean(a),
  moments([a], out) {
    out[0] = deviation;
    return mean(a);
  },
  believe() {},
});
