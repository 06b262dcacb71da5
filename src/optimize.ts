import { algorithmOf } from './algorithms/catalogue.js';
import { closestOf, type Evaluation, frontOf } from './archive.js';
import { InputError, RunError, show } from './errors.js';
import type { OpenEvaluator } from './evaluation/evaluator.js';
import { type Execution, resolveExecution } from './evaluation/execution.js';
import { type Ledger, openLedger } from './evaluation/ledger.js';
import { type HypervolumeRecord, hypervolumeRecord } from './hypervolume-record.js';
import { declarationOf, headerOf } from './journal/header.js';
import { type Journal, openJournal } from './journal/journal.js';
import { type Budget, type OptimizeOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Metrics, MetricValues, Problem } from './problem.js';
import { searchAssisted } from './search/assisted.js';
import { searchDirect } from './search/direct.js';
import { recalling, type Start, startOf } from './search/start.js';
import { decode, type ValuesOf, type Variables } from './space.js';
import { surrogateChoiceOf } from './surrogate-choice.js';
import type { ModelRecord } from './surrogates/model-record.js';

/** A solution in the words of its problem. */
export interface Solution<V extends Variables = Variables, M extends Metrics = Metrics> {
  /** Position in `run.evaluations`. */
  readonly evaluation: number;
  readonly x: Float64Array;
  readonly variables: ValuesOf<V>;
  readonly metrics: MetricValues<M>;
  readonly feasible: boolean;
}

/** What a run found, and how. */
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
  /** What was odd and did not end the run, a sentence each: a line of the journal that was cut short, say. */
  readonly notices: readonly string[];
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
  const algorithm = algorithmOf(options.algorithm ?? resolved.algorithm);
  const choice = surrogateChoiceOf(problem, options);
  const start = startOf(problem, options);
  const execution = resolveExecution(options);
  const { signal } = execution;
  const notices: string[] = [];
  const notice = (sentence: string) => {
    notices.push(sentence);
    execution.onNotice(sentence);
  };
  const journal = await journalOf(problem, resolved, start, execution, notice);
  let evaluator: OpenEvaluator | undefined;
  let evaluations: readonly Evaluation[] = [];
  const models: ModelRecord[] = [];
  let ended: Run['ended'] = 'budget';
  try {
    evaluator = await execution.evaluator.open(problem, { ...execution, seed: resolved.seed });
    const left = () => evaluationsLeft(resolved.budget, ledger);
    const onEvaluation = (evaluation: Evaluation) =>
      options.onProgress?.({ evaluation, evaluations, budget: resolved.budget });
    const ledger = openLedger(problem, {
      ...execution,
      evaluator: recalling(evaluator, start),
      journal,
      left,
      onEvaluation,
    });
    const { evaluate } = ledger;
    evaluations = ledger.evaluations;
    const begun = await evaluate(start.x, start.count, { origin: 'initial', round: 0 });
    const exhausted = choice.surrogate
      ? await searchAssisted(problem, algorithm, resolved, choice, evaluations, models, left, evaluate)
      : await searchDirect(problem, algorithm, resolved, begun, left, evaluate);
    if (exhausted) ended = 'exhausted';
  } catch (error) {
    if (!signal.aborted || error instanceof RunError || error instanceof InputError) throw error;
    ended = 'aborted';
  } finally {
    await evaluator?.close();
    await journal?.close();
  }
  return runOf(problem, resolved, evaluations, models, ended, notices);
}

/** Evaluations that may still be paid for; without end while there is time. */
function evaluationsLeft(budget: Budget, { evaluations, elapsed }: Ledger): number {
  if (typeof budget === 'number') return budget - evaluations.length;
  return elapsed() < budget.seconds ? Number.MAX_SAFE_INTEGER - evaluations.length : 0;
}

async function journalOf(
  problem: Problem,
  options: ResolvedOptions,
  start: Start,
  { journal }: Execution,
  notice: (sentence: string) => void,
): Promise<Journal | null> {
  if (journal === null) return null;
  const { path, salvage, fresh, notes } = journal;
  const inputs = { ...journal.inputs, ...(start.count > 0 && { start: start.x }) };
  const header = headerOf({ problem: declarationOf(problem), options, inputs }, notes);
  return openJournal(path, header, { salvage, fresh, notice });
}

function runOf<V extends Variables, M extends Metrics>(
  problem: Problem<V, M>,
  options: ResolvedOptions,
  evaluations: readonly Evaluation[],
  models: readonly ModelRecord[],
  ended: Run['ended'],
  notices: readonly string[],
): Run<V, M> {
  const front = frontOf(evaluations);
  const solutions = (indices: readonly number[]) => indices.map((i) => solutionOf(problem, evaluations, i));
  return {
    problem,
    options,
    evaluations,
    front: solutions(front),
    closest: front.length > 0 ? [] : solutions(closestOf(evaluations)),
    hypervolume: hypervolumeRecord(problem, evaluations, options.referencePoint),
    models,
    ended,
    notices,
  };
}

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
