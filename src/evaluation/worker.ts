import { messageOf } from '../errors.js';
import type { EvaluationContext, Problem } from '../problem.js';
import { type Agreement, agreementOf, disagreement, loadProblem } from './load-problem.js';
import { type Attempt, measure } from './measure.js';

/** The side of a worker process: it loads the problem once, then measures one decision vector at a time. */

export interface Prepare {
  readonly kind: 'prepare';
  readonly module: string;
  readonly options: unknown;
  readonly threads: number;
  readonly files: Readonly<Record<string, string>>;
  readonly run: Agreement;
}

export interface Measure {
  readonly kind: 'measure';
  readonly x: readonly number[];
  readonly seed: number;
  readonly measure: EvaluationContext['measure'];
}

export type Request = Prepare | Measure;
/** `refused`: why the worker cannot serve the run, or null. */
export type Reply = { readonly refused: string | null } | Attempt;

let problem: Problem | undefined;
const never = new AbortController().signal;

export default async function answer(request: Request): Promise<Reply> {
  if (request.kind === 'prepare') {
    try {
      const { module, options, threads, files, run } = request;
      problem = await loadProblem(module, options, { threads, files });
      return { refused: disagreement(run, agreementOf(problem)) };
    } catch (error) {
      return { refused: messageOf(error) };
    }
  }
  const { x, seed } = request;
  return measure(problem!, Float64Array.from(x), { seed, signal: never, measure: request.measure });
}

// Ctrl-C goes to every process of a terminal: the run decides, and lets what is running end.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
// Nobody is left to answer: the process of the run has ended.
process.on('disconnect', () => process.exit());
