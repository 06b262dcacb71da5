import { type AlgorithmName, algorithms } from './algorithms/catalogue.js';
import type { Evaluation } from './archive.js';
import { InputError, show } from './errors.js';
import type { Problem } from './problem.js';
import { type SelectionMetric, selectionMetrics } from './surrogates/select.js';

/**
 * How the regressors are chosen: one metric for all outputs; one for the objectives and one for the constraints; or
 * one for each output by its name (`{ accuracy: 'mape', 'accuracy >= 0.9': 'spearman' }`), every output named.
 */
export type SurrogateOption =
  | SelectionMetric
  | { readonly objectives: SelectionMetric; readonly constraints: SelectionMetric }
  | Readonly<Record<string, SelectionMetric>>;

export interface Progress {
  /** The evaluation just done. */
  readonly evaluation: Evaluation;
  /** All so far, this one last. */
  readonly evaluations: readonly Evaluation[];
  readonly budget: number;
}

export interface OptimizeOptions {
  /** Solves the surrogate problem, or the real one where `surrogate` is false. Default `ctaea`. */
  readonly algorithm?: AlgorithmName;
  /** `false`: every solution of the algorithm is evaluated for real. Default `spearman`. */
  readonly surrogate?: false | SurrogateOption;
  /** Evaluations in all. Default 100. */
  readonly budget?: number;
  /** Size of the initial sample. Default `2 (variables + 1)`, at most half the budget. Without a surrogate it has no meaning. */
  readonly initial?: number;
  /** Evaluations a round. Default 2. */
  readonly infill?: number;
  /** Default 50 with a surrogate; without, about the square root of the budget. */
  readonly populationSize?: number;
  /** Generations that solve the surrogate problem. Default 1000. Without a surrogate the budget decides. */
  readonly generations?: number;
  /** A 32-bit integer. Default 1. */
  readonly seed?: number;
  /** The reference point of the hypervolume by objective, in declared units. Default: see `hypervolumeRecord`. */
  readonly referencePoint?: Readonly<Record<string, number>>;
  /** Ends the run within one evaluation; `optimize` then returns what was found. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** The options with every default filled in: what the run record keeps. */
export interface ResolvedOptions {
  readonly algorithm: AlgorithmName;
  /** The selection metric of every output by name, or null without a surrogate. */
  readonly surrogate: Readonly<Record<string, SelectionMetric>> | null;
  readonly budget: number;
  readonly initial: number;
  readonly infill: number;
  readonly populationSize: number;
  readonly generations: number;
  readonly seed: number;
  readonly referencePoint: Readonly<Record<string, number>> | null;
}

const KNOWN: ReadonlySet<string> = new Set([
  'algorithm',
  'surrogate',
  'budget',
  'initial',
  'infill',
  'populationSize',
  'generations',
  'seed',
  'referencePoint',
  'signal',
  'onProgress',
] satisfies (keyof OptimizeOptions)[]);

const LARGEST_POPULATION = 100_000;

/** Fills in the defaults. Throws an InputError for an option outside its law. */
export function resolveOptions(problem: Problem, options: OptimizeOptions): ResolvedOptions {
  const unknown = Object.keys(options).find((key) => !KNOWN.has(key));
  if (unknown !== undefined)
    throw new InputError(`the options are ${[...KNOWN].join(', ')}, got ${show(unknown)}`);
  const { algorithm = 'ctaea', surrogate = 'spearman', budget = 100, seed = 1, infill = 2 } = options;
  if (!Object.hasOwn(algorithms, algorithm))
    throw new InputError(
      `the algorithm must be one of ${Object.keys(algorithms).join(', ')}, got ${show(algorithm)}`,
    );
  checkWhole('the budget', budget, 1);
  if (!Number.isInteger(seed) || seed < -(2 ** 31) || seed >= 2 ** 32)
    throw new InputError(`the seed must be a 32-bit integer, got ${show(seed)}`);
  checkWhole('infill', infill, 1);
  const assisted = surrogate !== false;
  const initial =
    options.initial ?? Math.max(1, Math.min(2 * (problem.space.length + 1), Math.floor(budget / 2)));
  checkWhole('the initial sample', initial, 1);
  if (assisted && initial > budget)
    throw new InputError(
      `the initial sample must not be larger than the budget of ${budget}, got ${initial}`,
    );
  const populationSize =
    options.populationSize ?? (assisted ? 50 : Math.min(100, Math.max(4, Math.round(Math.sqrt(budget)))));
  checkWhole('the population size', populationSize, 2);
  if (populationSize > LARGEST_POPULATION)
    throw new InputError(`the population size must be at most ${LARGEST_POPULATION}, got ${populationSize}`);
  const generations = options.generations ?? 1000;
  checkWhole('the number of generations', generations, 1);
  return {
    algorithm,
    surrogate: assisted ? metricByOutput(problem, surrogate) : null,
    budget,
    initial,
    infill,
    populationSize,
    generations,
    seed,
    referencePoint: options.referencePoint ? checkReference(problem, options.referencePoint) : null,
  };
}

function metricByOutput(problem: Problem, option: SurrogateOption): Record<string, SelectionMetric> {
  const objectives = problem.objectives.map(({ name }) => name);
  const constraints = problem.constraints.map(({ name }) => name);
  const outputs = [...objectives, ...constraints];
  if (typeof option === 'string')
    return Object.fromEntries(outputs.map((name) => [name, checkMetric(option)]));
  const given = option as Readonly<Record<string, unknown>>;
  const keys = Object.keys(given);
  if (keys.every((key) => key === 'objectives' || key === 'constraints')) {
    const pick = (kind: string, names: readonly string[]) =>
      names.map((name) => [name, checkMetric(given[kind], kind)]);
    return Object.fromEntries([...pick('objectives', objectives), ...pick('constraints', constraints)]);
  }
  const unknown = keys.find((key) => !outputs.includes(key));
  if (unknown !== undefined)
    throw new InputError(
      `surrogate metrics go to the outputs ${outputs.map(show).join(', ')}, got ${show(unknown)}`,
    );
  return Object.fromEntries(outputs.map((name) => [name, checkMetric(given[name], name)]));
}

function checkMetric(value: unknown, output?: string): SelectionMetric {
  if (!selectionMetrics.includes(value as SelectionMetric))
    throw new InputError(
      `the selection metric${output === undefined ? '' : ` of ${show(output)}`} must be one of ${selectionMetrics.join(', ')}, got ${show(value)}`,
    );
  return value as SelectionMetric;
}

function checkReference(problem: Problem, given: Readonly<Record<string, number>>): Record<string, number> {
  const names = problem.objectives.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new InputError(`the reference point has the objectives ${names.join(', ')}, got ${show(unknown)}`);
  for (const name of names)
    if (!Number.isFinite(given[name]))
      throw new InputError(
        `the reference point must be a finite number for ${name}, got ${show(given[name])}`,
      );
  return { ...given };
}

function checkWhole(what: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new InputError(`${what} must be a whole number from ${least}, got ${show(value)}`);
}
