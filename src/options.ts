import type { Algorithm } from './algorithm.js';
import { type AlgorithmName, algorithmOf } from './algorithms/catalogue.js';
import type { Evaluation } from './archive.js';
import { checkFunction, checkNames, checkWhole } from './checks.js';
import { InputError, show } from './errors.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from './evaluation/execution.js';
import type { Problem } from './problem.js';
import type { StartOptions } from './search/start.js';
import {
  type SurrogateRecord,
  type SurrogateSettings,
  surrogateChoiceOf,
  surrogateRecordOf,
} from './surrogate-choice.js';
import { FOLDS, type Validation } from './surrogates/cross-validation.js';

/**
 * Evaluations in all, or the seconds that a run may take (what it took before an interruption counted in): then it ends with the
 * batch under way when they are over. How far such a run gets depends on the machine; its course up to there does not.
 */
export type Budget = number | { readonly seconds: number };

/** A run after one of its evaluations. */
export interface Progress {
  /** The evaluation just done. */
  readonly evaluation: Evaluation;
  /** All so far, this one last. */
  readonly evaluations: readonly Evaluation[];
  readonly budget: Budget;
}

export interface OptimizeOptions extends ExecutionOptions, StartOptions, SurrogateSettings {
  /**
   * Solves the surrogate problem, or the real one where `surrogate` is false: a name, or an algorithm of one's own, of which a
   * journal knows the name alone. Default `ctaea`.
   */
  readonly algorithm?: AlgorithmName | Algorithm;
  /** Evaluations in all, or `{ seconds }`. Default 100. */
  readonly budget?: Budget;
  /** Size of the initial sample. Default `2 (variables + 1)`, at most half the budget. Without a surrogate it has no meaning. */
  readonly initial?: number;
  /** Evaluations a round. Default 2. */
  readonly infill?: number;
  /** Folds of the cross-validation that selects regressors, or `leave-one-out`. Default 5. */
  readonly folds?: Validation;
  /** Default 60 with `auto`, 50 with another surrogate; without, about the square root of the budget. */
  readonly populationSize?: number;
  /** Generations that solve the surrogate problem. Default 70 with `auto`, else 1000. Without a surrogate the budget decides. */
  readonly generations?: number;
  /** The share of infill points, from 0 to 1, placed as far as possible from all that was tried. Default 0. */
  readonly exploration?: number;
  /** The metric, above 0, that says what an evaluation costs: of two as promising the cheaper is preferred. For `auto`. */
  readonly cost?: string;
  /** A 32-bit integer. Default 1. */
  readonly seed?: number;
  /** The reference point of the hypervolume by objective, in declared units. Default: see `hypervolumeRecord`. */
  readonly referencePoint?: Readonly<Record<string, number>>;
  /** Called after every evaluation. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The options with every default filled in: what the run record keeps. */
export interface ResolvedOptions extends SurrogateRecord {
  /** Its name. */
  readonly algorithm: string;
  readonly budget: Budget;
  readonly initial: number;
  readonly infill: number;
  readonly folds: Validation;
  readonly populationSize: number;
  readonly generations: number;
  readonly exploration: number;
  readonly cost: string | null;
  readonly seed: number;
  readonly referencePoint: Readonly<Record<string, number>> | null;
}

const KNOWN: ReadonlySet<string> = new Set([
  'algorithm',
  'surrogate',
  'regressors',
  'budget',
  'initial',
  'infill',
  'folds',
  'populationSize',
  'generations',
  'infillRule',
  'exploration',
  'cost',
  'seed',
  'referencePoint',
  'onProgress',
  'seeds',
  'known',
  ...EXECUTION_OPTIONS,
] satisfies (keyof OptimizeOptions)[]);

const LARGEST_POPULATION = 100_000;

/** Fills in the defaults. Throws an InputError for an option outside its law. */
export function resolveOptions(problem: Problem, options: OptimizeOptions): ResolvedOptions {
  if (typeof options !== 'object' || options === null)
    throw new InputError(`the options of optimize must be an object, got ${show(options)}`);
  checkNames('the options are', options, KNOWN);
  const { algorithm = 'ctaea', surrogate = 'auto', budget = 100, seed = 1, infill = 2 } = options;
  checkBudget(budget);
  // What the defaults are made for where the budget is a time.
  const count = typeof budget === 'number' ? budget : 100;
  if (!Number.isInteger(seed) || seed < -(2 ** 31) || seed >= 2 ** 32)
    throw new InputError(`the seed must be a 32-bit integer, got ${show(seed)}`);
  checkWhole('infill', infill, 1);
  const assisted = surrogate !== false;
  const initial =
    options.initial ?? Math.max(1, Math.min(2 * (problem.space.length + 1), Math.floor(count / 2)));
  checkWhole('the initial sample', initial, 1);
  if (assisted && typeof budget === 'number' && initial > budget)
    throw new InputError(
      `the initial sample must not be larger than the budget of ${budget}, got ${initial}`,
    );
  const populationSize =
    options.populationSize ??
    (surrogate === 'auto' ? 60 : assisted ? 50 : Math.min(100, Math.max(4, Math.round(Math.sqrt(count)))));
  checkWhole('the population size', populationSize, 2);
  if (populationSize > LARGEST_POPULATION)
    throw new InputError(`the population size must be at most ${LARGEST_POPULATION}, got ${populationSize}`);
  const folds = options.folds ?? FOLDS;
  if (folds !== 'leave-one-out' && (!Number.isInteger(folds) || folds < 2))
    throw new InputError(`the folds must be a whole number from 2 or 'leave-one-out', got ${show(folds)}`);
  const generations = options.generations ?? (surrogate === 'auto' ? 70 : 1000);
  checkWhole('the number of generations', generations, 1);
  const { exploration = 0 } = options;
  checkFunction('onProgress', options.onProgress);
  if (typeof exploration !== 'number' || !(exploration >= 0 && exploration <= 1))
    throw new InputError(`the share of exploration must lie in [0, 1], got ${show(exploration)}`);
  return {
    algorithm: algorithmOf(algorithm).name,
    ...surrogateRecordOf(surrogateChoiceOf(problem, options)),
    budget,
    initial,
    infill,
    folds,
    populationSize,
    generations,
    exploration,
    cost: options.cost === undefined ? null : checkCost(problem, options.cost, surrogate),
    seed,
    referencePoint: options.referencePoint ? checkReference(problem, options.referencePoint) : null,
  };
}

function checkCost(problem: Problem, cost: unknown, surrogate: unknown): string {
  if (surrogate !== 'auto')
    throw new InputError(`a cost is for the surrogate "auto", got ${show(cost)} beside ${show(surrogate)}`);
  if (typeof cost !== 'string' || !problem.metricNames.includes(cost))
    throw new InputError(
      `the cost must be one of the metrics ${problem.metricNames.join(', ')}, got ${show(cost)}`,
    );
  return cost;
}

function checkReference(problem: Problem, given: Readonly<Record<string, number>>): Record<string, number> {
  const names = problem.objectives.map(({ name }) => name);
  if (typeof given !== 'object' || Array.isArray(given))
    throw new InputError(
      `the reference point must be an object with a number for each of ${names.join(', ')}, got ${show(given)}`,
    );
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

function checkBudget(budget: Budget): void {
  if (typeof budget !== 'object' || budget === null) {
    checkWhole('the budget', budget, 1);
    return;
  }
  const { seconds } = budget;
  if (!(Number.isFinite(seconds) && seconds > 0))
    throw new InputError(`a budget of time must be a number of seconds above 0, got ${show(seconds)}`);
}
