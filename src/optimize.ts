import { closestOf, type Evaluation, frontOf } from './archive.js';
import { InputError, show } from './errors.js';
import { evaluateInProcess, type Proposal } from './evaluation/in-process.js';
import { type HypervolumeRecord, hypervolumeRecord } from './hypervolume-record.js';
import { type OptimizeOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Metrics, MetricValues, Problem } from './problem.js';
import { searchAssisted } from './search/assisted.js';
import { searchDirect } from './search/direct.js';
import { decode, type ValuesOf, type Variables } from './space.js';
import type { ModelRecord } from './surrogates/surrogate-assisted.js';

/** A solution in the words of its problem. */
export interface Solution<V extends Variables = Variables, M extends Metrics = Metrics> {
  /** Position in `run.evaluations`. */
  readonly evaluation: number;
  readonly x: Float64Array;
  readonly variables: ValuesOf<V>;
  readonly metrics: MetricValues<M>;
  readonly feasible: boolean;
}

export interface Run<V extends Variables = Variables, M extends Metrics = Metrics> {
  readonly problem: Problem<V, M>;
  readonly options: ResolvedOptions;
  /** Every evaluation that was paid for, in order. */
  readonly evaluations: readonly Evaluation[];
  /** The feasible solutions that no other dominates, in the order of evaluation. Empty when none is feasible. */
  readonly front: readonly Solution<V, M>[];
  /** When nothing is feasible: the solutions of smallest constraint violation. Else empty. */
  readonly closest: readonly Solution<V, M>[];
  readonly hypervolume: HypervolumeRecord;
  /** The regressors chosen, an entry for each output and round; empty without a surrogate. */
  readonly models: readonly ModelRecord[];
  /** `budget`: spent; `aborted`: by the signal; `exhausted`: no vector was left to try. */
  readonly ended: 'budget' | 'aborted' | 'exhausted';
}

/**
 * Searches the Pareto front of a problem within a budget of evaluations.
 *
 *     const run = await optimize(problem, { surrogate: 'mape', budget: 100, seed: 1 });
 *     run.front // [{ variables: { width, layers }, metrics: { weight, strength }, ... }, ...]
 *
 * With a surrogate: an initial Latin hypercube, then rounds of fitting, solving and evaluating infill points. Without:
 * generations of the algorithm, each evaluated for real. Same problem, options and metrics measured: the same run, bit for bit.
 * A failed evaluation is kept and reported and counts against the budget. Aborting the signal ends the run with what was
 * found. Throws an InputError for an option outside its law.
 */
export async function optimize<V extends Variables, M extends Metrics>(
  problem: Problem<V, M>,
  options: OptimizeOptions = {},
): Promise<Run<V, M>> {
  if (!(problem as unknown as { readonly space?: unknown } | null)?.space)
    throw new InputError(`optimize needs a problem made by defineProblem, got ${show(problem)}`);
  const resolved = resolveOptions(problem, options);
  const signal = options.signal ?? new AbortController().signal;
  const evaluations: Evaluation[] = [];
  const paid = new Map<string, Evaluation>();
  const models: ModelRecord[] = [];
  const left = () => resolved.budget - evaluations.length;

  /** Evaluates the rows in order until the budget is spent; a vector that was paid for is not paid for again. */
  const evaluate = async (x: Float64Array, count: number, proposal: Proposal): Promise<Evaluation[]> => {
    const n = problem.space.length;
    const batch: Evaluation[] = [];
    for (let i = 0; i < count && left() > 0; i++) {
      const row = x.slice(i * n, (i + 1) * n);
      const key = row.join();
      let evaluation = paid.get(key);
      if (!evaluation) {
        await turn();
        signal.throwIfAborted();
        evaluation = await evaluateInProcess(problem, row, proposal, { signal, seed: resolved.seed });
        paid.set(key, evaluation);
        evaluations.push(evaluation);
        options.onProgress?.({ evaluation, evaluations, budget: resolved.budget });
      }
      batch.push(evaluation);
    }
    return batch;
  };

  let ended: Run['ended'] = 'budget';
  try {
    const exhausted = resolved.surrogate
      ? await searchAssisted(problem, resolved, resolved.surrogate, evaluations, models, evaluate)
      : await searchDirect(problem, resolved, left, evaluate);
    if (exhausted) ended = 'exhausted';
  } catch (error) {
    if (!signal.aborted) throw error;
    ended = 'aborted';
  }

  const front = frontOf(evaluations);
  const solutions = (indices: readonly number[]) => indices.map((i) => solutionOf(problem, evaluations, i));
  return {
    problem,
    options: resolved,
    evaluations,
    front: solutions(front),
    closest: front.length > 0 ? [] : solutions(closestOf(evaluations)),
    hypervolume: hypervolumeRecord(problem, evaluations, resolved.referencePoint),
    models,
    ended,
  };
}

/** Lets timers, signals and other work of the process have their turn: an evaluation may never wait for anything. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

function solutionOf<V extends Variables, M extends Metrics>(
  problem: Problem<V, M>,
  evaluations: readonly Evaluation[],
  index: number,
): Solution<V, M> {
  const { x, metrics, feasible } = evaluations[index];
  return {
    evaluation: index,
    x,
    variables: decode(problem.variables, x),
    metrics: Object.fromEntries(problem.metricNames.map((name, i) => [name, metrics[i]])) as MetricValues<M>,
    feasible,
  };
}
