import { InputError, show } from '../errors.js';
import type { OptimizeOptions } from '../options.js';
import type { Problem } from '../problem.js';

/**
 * A problem of a study: the name of one of the problems that come with the package, a module that exports one, a network
 * to compress, or a problem itself (where the study is a module).
 */
export type StudyProblem =
  | string
  | { readonly name: string; readonly module: string; readonly options?: unknown }
  | { readonly name: string; readonly compression: Readonly<Record<string, unknown>> }
  | Problem;

/** Problems x configurations x seeds. */
export interface Study {
  readonly name: string;
  readonly problems: readonly StudyProblem[];
  /** Options of `optimize` by the name of the configuration. */
  readonly configurations: Readonly<Record<string, OptimizeOptions>>;
  /** Options that all configurations share; a configuration's own win. */
  readonly options: OptimizeOptions;
  readonly seeds: readonly number[];
}

/** One run of a study. */
export interface Cell {
  readonly problem: string;
  readonly configuration: string;
  readonly seed: number;
  readonly options: OptimizeOptions;
}

const KEYS = ['name', 'problems', 'configurations', 'options', 'seeds'];

/** The study that a file or a caller describes. Throws an InputError that names what is wrong with it. */
export function checkStudy(value: unknown, name = 'study'): Study {
  const given = checkObject('a study', value);
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new InputError(`a study has ${KEYS.join(', ')}, got ${show(unknown)}`);
  const { problems, configurations, options = {}, seeds = 5 } = given;
  if (!Array.isArray(problems) || problems.length === 0)
    throw new InputError(`the problems of a study must be a list of at least one, got ${show(problems)}`);
  const names = problems.map(nameOf);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined)
    throw new InputError(`the problems of a study must have different names, got ${show(twice)} twice`);
  const configured = Object.entries(checkObject('the configurations of a study', configurations));
  if (configured.length === 0) throw new InputError('a study needs at least one configuration, got none');
  for (const [key, one] of configured) checkOptions(`the configuration ${show(key)}`, one);
  checkOptions('the options of a study', options);
  return {
    name: typeof given['name'] === 'string' ? given['name'] : name,
    problems: problems as StudyProblem[],
    configurations: configurations as Study['configurations'],
    options: options as OptimizeOptions,
    seeds: seedsOf(seeds),
  };
}

/** The name that a problem of a study goes by. */
export function nameOf(problem: StudyProblem): string {
  const name = typeof problem === 'string' ? problem : (problem as { readonly name?: unknown } | null)?.name;
  if (typeof name !== 'string' || name === '')
    throw new InputError(
      `a problem of a study must be a name, or have a name and a module or a compression, got ${show(problem)}`,
    );
  return name;
}

/** All runs of one problem, seed by seed. */
export function cellsOf({ configurations, options, seeds }: Study, problem: string): Cell[] {
  return seeds.flatMap((seed) =>
    Object.entries(configurations).map(([configuration, own]) => ({
      problem,
      configuration,
      seed,
      options: { ...options, ...own, seed },
    })),
  );
}

function seedsOf(seeds: unknown): number[] {
  const list =
    typeof seeds === 'number' && Number.isInteger(seeds)
      ? Array.from({ length: seeds }, (_, i) => i + 1)
      : seeds;
  const whole =
    Array.isArray(list) && list.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
  if (!whole || list.length === 0 || new Set(list).size !== list.length)
    throw new InputError(
      `the seeds of a study must be a number of them, or a list of different whole numbers, got ${show(seeds)}`,
    );
  return list;
}

function checkOptions(what: string, options: unknown): void {
  const given = checkObject(what, options);
  for (const key of ['seed', 'journal', 'signal', 'onProgress', 'onNotice'])
    if (key in given) throw new InputError(`${what} must leave ${key} to the study, got ${show(given[key])}`);
}

function checkObject(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${what} must be an object, got ${show(value)}`);
  return value as Readonly<Record<string, unknown>>;
}
