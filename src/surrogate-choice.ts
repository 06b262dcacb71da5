import { InputError, show } from './errors.js';
import type { Problem } from './problem.js';
import { regressors as catalogue } from './surrogates/catalogue.js';
import { type InfillRule, infillRules, type OwnInfillRule } from './surrogates/infill.js';
import type { OwnMetric } from './surrogates/metrics.js';
import type { Regressor } from './surrogates/regressor.js';
import { type SelectionMetric, selectionMetrics } from './surrogates/select.js';

/** How the regressor of an output is chosen: by a name, or by a metric of one's own. */
export type MetricChoice = SelectionMetric | OwnMetric;

/**
 * `auto`: a Gaussian process an output, and expected hypervolume improvement (see `proposeByImprovement`). Else a regressor of
 * the pool for each output, and how it is chosen: one metric for all outputs; one for the objectives and one for the constraints; or
 * one for each output by its name (`{ accuracy: 'mape', 'accuracy >= 0.9': 'spearman' }`), every output named. A metric is a name
 * or one's own (`{ name, score }`).
 */
export type SurrogateOption =
  | 'auto'
  | MetricChoice
  | { readonly objectives: MetricChoice; readonly constraints: MetricChoice }
  | Readonly<Record<string, MetricChoice>>;

/** The options that say how a surrogate is made and used. A journal and a run record know what is one's own by its name alone. */
export interface SurrogateSettings {
  /** `false`: every solution of the algorithm is evaluated for real. Default `auto`. */
  readonly surrogate?: false | SurrogateOption;
  /** The pool that regressors are selected from: names of the catalogue and one's own, none twice. Default: the catalogue. */
  readonly regressors?: readonly (string | Regressor)[];
  /** How infill points are chosen. Default `expected-hypervolume` with `auto`, else `hypervolume`: see `infillRules`. */
  readonly infillRule?: InfillRule | OwnInfillRule;
}

/** The settings with every default filled in and every name looked up. */
export interface SurrogateChoice {
  /** `auto`, the selection metric of every output by name, or null without a surrogate. */
  readonly surrogate: 'auto' | Readonly<Record<string, MetricChoice>> | null;
  readonly regressors: readonly Regressor[];
  readonly infillRule: InfillRule | OwnInfillRule;
}

/** The same with names for what they stand for. */
export interface SurrogateRecord {
  /** `auto`, the name of the selection metric of every output by name, or null without a surrogate. */
  readonly surrogate: 'auto' | Readonly<Record<string, string>> | null;
  /** The names of the pool; absent where it is the catalogue. */
  readonly regressors?: readonly string[];
  /** Its name. */
  readonly infillRule: string;
}

/** What the settings choose. Throws an InputError for a setting outside its law. */
export function surrogateChoiceOf(problem: Problem, settings: SurrogateSettings): SurrogateChoice {
  const { surrogate = 'auto', regressors } = settings;
  const { infillRule = surrogate === 'auto' ? 'expected-hypervolume' : 'hypervolume' } = settings;
  const named = surrogate === 'auto' || surrogate === false;
  if (regressors !== undefined && named)
    throw new InputError(
      `regressors are for a surrogate that selects one, got them beside ${show(surrogate)}`,
    );
  return {
    surrogate: named ? surrogate || null : metricByOutput(problem, surrogate),
    regressors: regressors === undefined ? catalogue : poolOf(regressors),
    infillRule: infillRuleOf(infillRule),
  };
}

/** What a journal and a run record keep of the choice. */
export function surrogateRecordOf({ surrogate, regressors, infillRule }: SurrogateChoice): SurrogateRecord {
  return {
    surrogate:
      surrogate === 'auto' || surrogate === null
        ? surrogate
        : Object.fromEntries(Object.entries(surrogate).map(([output, metric]) => [output, nameOf(metric)])),
    ...(regressors !== catalogue && { regressors: regressors.map(nameOf) }),
    infillRule: nameOf(infillRule),
  };
}

/** The name of a part, whether it is one's own or not. */
const nameOf = (part: string | { readonly name: string }): string =>
  typeof part === 'string' ? part : part.name;

function metricByOutput(
  problem: Problem,
  option: Exclude<SurrogateOption, 'auto'>,
): Record<string, MetricChoice> {
  const objectives = problem.objectives.map(({ name }) => name);
  const constraints = problem.constraints.map(({ name }) => name);
  const outputs = [...objectives, ...constraints];
  if (typeof option === 'string' || isOwn(option, 'score'))
    return Object.fromEntries(outputs.map((name) => [name, metricOf(option)]));
  if (typeof option !== 'object' || option === null)
    throw new InputError(
      `the surrogate must be 'auto', a selection metric, one for each output, or false, got ${show(option)}`,
    );
  const given = option as Readonly<Record<string, unknown>>;
  const keys = Object.keys(given);
  if (keys.every((key) => key === 'objectives' || key === 'constraints')) {
    const pick = (kind: string, names: readonly string[]) =>
      names.map((name) => [name, metricOf(given[kind], kind)]);
    return Object.fromEntries([...pick('objectives', objectives), ...pick('constraints', constraints)]);
  }
  const unknown = keys.find((key) => !outputs.includes(key));
  if (unknown !== undefined)
    throw new InputError(
      `surrogate metrics go to the outputs ${outputs.map(show).join(', ')}, got ${show(unknown)}`,
    );
  return Object.fromEntries(outputs.map((name) => [name, metricOf(given[name], name)]));
}

function metricOf(value: unknown, output?: string): MetricChoice {
  if (selectionMetrics.includes(value as SelectionMetric) || isOwn(value, 'score'))
    return value as MetricChoice;
  const whose = output === undefined ? '' : ` of ${show(output)}`;
  const orAuto = output === undefined ? " (or the surrogate 'auto')" : '';
  throw new InputError(
    `the selection metric${whose} must be one of ${selectionMetrics.join(', ')}${orAuto}, or { name, score }, got ${show(value)}`,
  );
}

function infillRuleOf(value: unknown): InfillRule | OwnInfillRule {
  if (infillRules.includes(value as InfillRule) || isOwn(value, 'pick'))
    return value as InfillRule | OwnInfillRule;
  throw new InputError(
    `the infill rule must be one of ${infillRules.join(', ')}, or { name, pick }, got ${show(value)}`,
  );
}

function poolOf(given: unknown): readonly Regressor[] {
  if (!Array.isArray(given) || given.length === 0)
    throw new InputError(`the regressors must be a list of at least one, got ${show(given)}`);
  const pool = given.map((entry): Regressor => {
    const regressor = catalogue.find(({ name }) => name === entry) ?? (isOwn(entry, 'fit') ? entry : null);
    if (regressor) return regressor as Regressor;
    const names = catalogue.map(({ name }) => name).join(', ');
    throw new InputError(`a regressor must be one of ${names}, or { name, fit }, got ${show(entry)}`);
  });
  const names = pool.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new InputError(`the regressors must have different names, got ${show(twice)} twice`);
  return pool;
}

/** Whether the value is a part of one's own: a name, and the function that makes it one. */
function isOwn(value: unknown, part: 'score' | 'pick' | 'fit'): boolean {
  const own = value as Readonly<Record<string, unknown>> | null | undefined;
  return typeof own === 'object' && typeof own?.name === 'string' && typeof own[part] === 'function';
}
