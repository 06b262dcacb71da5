import { checkDeclaration, checkMetricOptions } from './declaration.js';
import { InputError, show } from './errors.js';
import { decode, encode, type Space, spaceOf, type ValuesOf, type Variables } from './space.js';

/** What an evaluation measures: to be minimised, to be maximised, or only recorded. */
export interface Metric {
  readonly role: 'minimize' | 'maximize' | 'record';
  /** Smallest and largest value worth telling apart, where known: it places the reference point of the hypervolume. */
  readonly range?: readonly [number, number];
  /** A duration, or what else other work on the machine disturbs: measured only while no other evaluation runs. */
  readonly timed?: true;
  /** Repeats only roughly: models smooth it instead of passing through every value. */
  readonly noisy?: true;
}

/** The metrics of a problem by name, in the order in which an evaluation reports them. */
export type Metrics = Readonly<Record<string, Metric>>;
/** What one evaluation measured: a number for every metric, in its declared unit and direction. */
export type MetricValues<M extends Metrics = Metrics> = { readonly [K in keyof M]: number };

/** A bound on a metric. Inside, `g = bound - value` (at least) or `g = value - bound` (at most): feasible when `g <= 0`. */
export interface Bound<K extends string = string> {
  readonly metric: K;
  readonly kind: 'atLeast' | 'atMost';
  readonly bound: number;
}

/** What may be said of a metric: see {@link Metric}. */
export interface MetricOptions {
  readonly range?: readonly [number, number];
  readonly timed?: boolean;
  readonly noisy?: boolean;
}

/** A metric to be minimised. */
export const minimize = (options: MetricOptions = {}): Metric => metric('minimize', options);
/** A metric to be maximised. Inside, its negative is minimised. */
export const maximize = (options: MetricOptions = {}): Metric => metric('maximize', options);
/** Measured and kept in the record, not optimised; a constraint may still bound it. */
export const record = (options: Omit<MetricOptions, 'range'> = {}): Metric => metric('record', options);

/** The constraint that a metric is `bound` or more; it is called `NAME >= BOUND`. */
export const atLeast = <K extends string>(name: K, bound: number): Bound<K> =>
  bounded(name, 'atLeast', bound);
/** The constraint that a metric is `bound` or less; it is called `NAME <= BOUND`. */
export const atMost = <K extends string>(name: K, bound: number): Bound<K> => bounded(name, 'atMost', bound);

/** What an evaluation is handed beside its values. */
export interface EvaluationContext {
  /** Aborted when the run is to end: an evaluation may stop early by throwing. */
  readonly signal: AbortSignal;
  /** The seed of the run, for an evaluation that draws random numbers of its own. */
  readonly seed: number;
  /**
   * Which metrics are wanted. `all` wherever evaluations run one at a time. Where several run at once, `untimed` asks for all
   * but those declared `timed`, and `timed` asks for these alone, while nothing else runs. Metrics that were not asked
   * for may be NaN, and are not looked at.
   */
  readonly measure: 'all' | 'untimed' | 'timed';
}

/** What every problem declares. */
interface Declared<V extends Variables> {
  readonly name: string;
  readonly variables: V;
  /**
   * Where several decisions mean the same, because variables have no effect beside the values of others: the one that stands for
   * all of them, the same for each. A search then takes them for one: nothing is paid for twice, and models see no difference. Must be
   * a function of the values alone, and leave what it returned as it is.
   */
  canonical?(values: ValuesOf<V>): ValuesOf<V>;
}

/** A problem whose evaluation is a function from named values to named metrics, at once or as a promise. */
export interface NamedDeclaration<V extends Variables, M extends Metrics> extends Declared<V> {
  readonly metrics: M;
  readonly constraints?: readonly Bound<Extract<keyof M, string>>[];
  /** Measures one decision. An error thrown, or a metric that is no finite number, makes it a failed evaluation. */
  evaluate(values: ValuesOf<V>, context: EvaluationContext): MetricValues<M> | Promise<MetricValues<M>>;
}

/**
 * A problem on flat arrays, for cheap numeric functions. `evaluateBatch` reads `count` decision vectors from `x`
 * (count x variables, row-major), writes the metrics to `f` (count x metrics, row-major, in the order of the declaration,
 * each in its declared direction) and the constraints to `g` (count x constraints, row-major, feasible when `g <= 0`).
 */
export interface NumericDeclaration<V extends Variables, M extends Metrics> extends Declared<V> {
  readonly metrics: M;
  /** Names of the constraints. */
  readonly constraints?: readonly string[];
  /** See above; it may write nothing else and may not keep the arrays. */
  evaluateBatch(x: Float64Array, count: number, f: Float64Array, g: Float64Array): void;
}

/** A metric to be optimised. */
export interface Objective {
  readonly name: string;
  /** +1 when the metric is minimised, -1 when it is maximised. */
  readonly sign: 1 | -1;
  /** Position of the metric in the order of the declaration. */
  readonly metric: number;
  readonly range?: readonly [number, number];
}

/** A compiled constraint: feasible when `g <= 0`. */
export interface Constraint {
  readonly name: string;
  /** The bound that it stands for, or null when `evaluateBatch` computes it. */
  readonly bound: { readonly metric: number; readonly sign: 1 | -1; readonly value: number } | null;
}

/** What {@link defineProblem} returns: the declaration with its compiled parts. */
export interface Problem<V extends Variables = Variables, M extends Metrics = Metrics> {
  readonly name: string;
  readonly variables: V;
  readonly metrics: M;
  readonly metricNames: readonly string[];
  readonly space: Space;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
  /** Fills `metrics` (in order) and the constraints `g` of one decision vector. */
  readonly evaluation: NamedEvaluation | NumericEvaluation;
}

/** An evaluation of named values. */
export interface NamedEvaluation {
  readonly form: 'named';
  /** As declared. */
  // Method syntax on purpose: a problem of particular variables is a Problem.
  evaluate(values: never, context: EvaluationContext): MetricValues | Promise<MetricValues>;
}

/** An evaluation of flat arrays. */
export interface NumericEvaluation {
  readonly form: 'numeric';
  /** As declared. */
  evaluateBatch(x: Float64Array, count: number, f: Float64Array, g: Float64Array): void;
}

/**
 * Declares a problem, typed from its own variables and metrics.
 *
 *     const problem = defineProblem({
 *       name: 'beam',
 *       variables: { width: real(0.1, 1), layers: integer(1, 8) },
 *       metrics: { weight: minimize(), strength: maximize() },
 *       constraints: [atLeast('strength', 5)],
 *       evaluate: ({ width, layers }) => ({ weight: width * layers, strength: width * layers ** 2 }),
 *     });
 *
 * Throws an InputError when there is no variable, no objective, a constraint on an unknown metric or twice the same, and for
 * parts of a declaration that have another form or are none.
 */
export function defineProblem<const V extends Variables, const M extends Metrics>(
  declaration: NamedDeclaration<V, M> | NumericDeclaration<V, M>,
): Problem<V, M> {
  checkDeclaration(declaration);
  const { name, variables, metrics } = declaration;
  const metricNames = Object.keys(metrics);
  const objectives = metricNames.flatMap((metricName, index): Objective[] => {
    const { role, range } = metrics[metricName];
    return role === 'record'
      ? []
      : [{ name: metricName, sign: role === 'minimize' ? 1 : -1, metric: index, ...(range && { range }) }];
  });
  if (objectives.length === 0)
    throw new InputError(`problem ${show(name)} needs at least one metric to minimize or maximize, got none`);
  const numeric = 'evaluateBatch' in declaration;
  const constraints = (declaration.constraints ?? []).map((constraint) =>
    typeof constraint === 'string'
      ? { name: constraint, bound: null }
      : compileBound(constraint, metricNames),
  );
  checkDifferent(constraints);
  return {
    name,
    variables,
    metrics,
    metricNames,
    space: spaceFor(declaration),
    objectives,
    constraints,
    evaluation: numeric
      ? { form: 'numeric', evaluateBatch: (x, count, f, g) => declaration.evaluateBatch(x, count, f, g) }
      : { form: 'named', evaluate: (values, context) => declaration.evaluate(values, context) },
  };
}

function checkDifferent(constraints: readonly Constraint[]): void {
  const names = constraints.map(({ name }) => name);
  const again = names.find((name, i) => names.indexOf(name) < i);
  if (again !== undefined)
    throw new InputError(`the constraints of a problem must differ in their names, got ${show(again)} twice`);
}

function spaceFor<V extends Variables>(declaration: Declared<V>): Space {
  const { variables } = declaration;
  const space = spaceOf(variables);
  if (!declaration.canonical) return space;
  return { ...space, canonical: (x) => encode(variables, declaration.canonical!(decode(variables, x))) };
}

/** Writes the minimised objectives of one row of metrics to `f[offset ...]`. The sign turns here and nowhere else. */
export function objectivesOf(
  problem: Problem,
  metrics: ArrayLike<number>,
  f: Float64Array,
  offset = 0,
  metricsOffset = 0,
): void {
  for (let j = 0; j < problem.objectives.length; j++) {
    const { sign, metric } = problem.objectives[j];
    f[offset + j] = sign * metrics[metricsOffset + metric];
  }
}

/** An objective vector as the user knows it: maximised metrics with their own sign. */
export function metricsOf(problem: Problem, f: ArrayLike<number>, offset = 0): Record<string, number> {
  return Object.fromEntries(problem.objectives.map(({ name, sign }, j) => [name, sign * f[offset + j]]));
}

/** The objective vector (minimised) of metric values by name. */
export function objectiveVector(problem: Problem, values: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from(problem.objectives, ({ name, sign }) => sign * values[name]);
}

/** The ends of the declared ranges as objective vectors (minimised), or null unless every objective has a range. */
export function rangeBox({ objectives }: Problem): { best: Float64Array; worst: Float64Array } | null {
  const ends = objectives.map(({ sign, range }) => range?.map((end) => sign * end));
  if (ends.includes(undefined)) return null;
  return {
    best: Float64Array.from(ends, (pair) => Math.min(...pair!)),
    worst: Float64Array.from(ends, (pair) => Math.max(...pair!)),
  };
}

/** Writes `g` of the constraints that bound a metric to `g[offset ...]`; the others are left as they are. */
export function constraintsOf(
  problem: Problem,
  metrics: ArrayLike<number>,
  g: Float64Array,
  offset = 0,
): void {
  for (let k = 0; k < problem.constraints.length; k++) {
    const { bound } = problem.constraints[k];
    if (bound) g[offset + k] = bound.sign * (metrics[bound.metric] - bound.value);
  }
}

function metric(role: Metric['role'], options: MetricOptions): Metric {
  checkMetricOptions(options);
  const { range, timed, noisy } = options;
  const declared = { role, ...(timed && { timed }), ...(noisy && { noisy }) };
  if (range === undefined) return declared;
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high)
    throw new InputError(`the range of a metric must be finite with low < high, got [${low}, ${high}]`);
  return { ...declared, range };
}

function bounded<K extends string>(name: K, kind: Bound['kind'], bound: number): Bound<K> {
  if (!Number.isFinite(bound))
    throw new InputError(`the bound on ${show(name)} must be a finite number, got ${show(bound)}`);
  return { metric: name, kind, bound };
}

function compileBound({ metric: name, kind, bound }: Bound, metricNames: readonly string[]): Constraint {
  const index = metricNames.indexOf(name);
  if (index < 0)
    throw new InputError(
      `a constraint must bound one of the metrics ${metricNames.join(', ')}, got ${show(name)}`,
    );
  return {
    name: `${name} ${kind === 'atLeast' ? '>=' : '<='} ${bound}`,
    bound: { metric: index, sign: kind === 'atLeast' ? -1 : 1, value: bound },
  };
}
