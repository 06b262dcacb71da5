import type { Evaluation, Fault, Origin } from '../archive.js';
import { show } from '../errors.js';
import { plainText } from '../journal/line.js';
import type { Run } from '../optimize.js';
import type { ResolvedOptions } from '../options.js';
import type { Metric, Problem } from '../problem.js';
import type { Variable, Variables } from '../space.js';

/** The content of `run.json`. Everything but `seconds`, `versions` and metrics that are times follows from the seed. */
export interface RunRecord {
  readonly problem: {
    readonly name: string;
    /** Of values to choose from that JSON cannot hold, such as functions, what they are called. */
    readonly variables: Readonly<Record<string, Variable>>;
    readonly metrics: Readonly<Record<string, Metric>>;
    readonly constraints: readonly string[];
    /** What the problem says of itself: the model, the data, the figures of the uncompressed network. */
    readonly facts: Readonly<Record<string, unknown>>;
  };
  readonly options: ResolvedOptions;
  readonly versions: Readonly<Record<string, string>>;
  readonly ended: Run['ended'];
  readonly evaluations: readonly EvaluationRecord[];
  /** How many evaluations failed, and of each fault how many. */
  readonly failures: { readonly count: number } & Readonly<Record<Fault, number>>;
  /** Positions in `evaluations`. */
  readonly front: readonly number[];
  /** Positions of the solutions of smallest violation, when none is feasible. */
  readonly closest: readonly number[];
  readonly hypervolume: Run['hypervolume'];
  readonly models: Run['models'];
}

/** One evaluation of a run record. */
export interface EvaluationRecord {
  readonly x: readonly number[];
  /** By name, in declared directions; empty when the evaluation failed. */
  readonly metrics: Readonly<Record<string, number>>;
  /** `g` by name, feasible when `g <= 0`; empty when the evaluation failed. */
  readonly constraints: Readonly<Record<string, number>>;
  readonly feasible: boolean;
  readonly seconds: number;
  readonly origin: Origin;
  readonly round: number;
  /** Shares by part of what was evaluated, where they are known: of a network, what is left of a layer. */
  readonly parts?: Readonly<Record<string, number>>;
  /** Only when the evaluation failed. */
  readonly error?: string;
  readonly fault?: Fault;
  /** Only when it was tried more than once. */
  readonly attempts?: number;
}

/** The record of a finished run, ready for `JSON.stringify`; `partsOf` gives the shares by part of a decision vector, where they are known. */
export function runRecord(
  run: Run,
  facts: Readonly<Record<string, unknown>>,
  versions: Readonly<Record<string, string>>,
  partsOf?: (x: Float64Array) => Readonly<Record<string, number>> | undefined,
): RunRecord {
  const { problem } = run;
  return {
    problem: {
      name: problem.name,
      variables: writable(problem.variables),
      metrics: problem.metrics,
      constraints: problem.constraints.map(({ name }) => name),
      facts,
    },
    options: run.options,
    versions,
    ended: run.ended,
    evaluations: run.evaluations.map((evaluation) => evaluationRecord(problem, evaluation, partsOf)),
    failures: failuresOf(run.evaluations),
    front: run.front.map(({ evaluation }) => evaluation),
    closest: run.closest.map(({ evaluation }) => evaluation),
    hypervolume: run.hypervolume,
    models: run.models,
  };
}

function writable(variables: Variables): Readonly<Record<string, Variable>> {
  const entries = Object.entries(variables).map(([name, variable]) => [
    name,
    variable.kind === 'choice' ? { ...variable, values: variable.values.map(writableValue) } : variable,
  ]);
  return Object.fromEntries(entries);
}

function writableValue(value: unknown): unknown {
  try {
    return value === undefined ? 'undefined' : JSON.parse(plainText(value));
  } catch {
    return show(value); // an object that contains itself
  }
}

function failuresOf(evaluations: readonly Evaluation[]): RunRecord['failures'] {
  const failures = { count: 0, threw: 0, unusable: 0, timeout: 0, lost: 0 };
  for (const { fault } of evaluations) {
    if (fault === null) continue;
    failures.count++;
    failures[fault]++;
  }
  return failures;
}

function evaluationRecord(
  problem: Problem,
  evaluation: Evaluation,
  partsOf?: (x: Float64Array) => Readonly<Record<string, number>> | undefined,
): EvaluationRecord {
  const { x, metrics, g, feasible, seconds, origin, round, error, fault, attempts } = evaluation;
  const ok = error === null;
  const parts = ok ? partsOf?.(x) : undefined;
  return {
    x: [...x],
    metrics: Object.fromEntries(ok ? problem.metricNames.map((name, i) => [name, metrics[i]]) : []),
    constraints: Object.fromEntries(ok ? problem.constraints.map(({ name }, k) => [name, g[k]]) : []),
    feasible,
    seconds,
    origin,
    round,
    ...(parts && { parts }),
    ...(error !== null && { error }),
    ...(fault !== null && { fault }),
    ...(attempts > 1 && { attempts }),
  };
}
