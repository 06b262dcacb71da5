import { appendFileSync } from 'node:fs';
import { defineProblem, integer, maximize, minimize, type Problem, real } from '../../src/index.js';

export interface BenchOptions {
  /** Milliseconds that an evaluation takes. */
  readonly pace: number;
  /** A file that gets a line an evaluation: the number of the process and the decision vector. */
  readonly log?: string;
  /** Evaluations beyond it fail. Default 0.95. */
  readonly edge?: number;
}

/** A problem whose evaluations take a while and sometimes fail, for runs that are interrupted. */
export default function bench({ pace, log, edge = 0.95 }: BenchOptions): Problem {
  return defineProblem({
    name: 'bench',
    variables: { a: real(0, 1), b: real(0, 1), c: integer(0, 9) },
    metrics: { cost: minimize(), gain: maximize() },
    evaluate: async ({ a, b, c }) => {
      if (log) appendFileSync(log, `${process.pid} ${a},${b},${c}\n`);
      await new Promise((resolve) => setTimeout(resolve, pace));
      if (a > edge) throw new Error('beyond the end of the bench');
      return { cost: a + b * b + 0.1 * c, gain: Math.sin(5 * a) - b + 0.05 * c };
    },
  });
}
