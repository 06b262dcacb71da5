import { InputError, show } from './errors.js';

/** Of a problem. */
const PARTS = ['name', 'variables', 'metrics', 'constraints', 'canonical', 'evaluate', 'evaluateBatch'];
/** What may be said of a metric. */
const METRIC_OPTIONS = ['range', 'timed', 'noisy'];

/** What the types of a declaration already say, for those who declare a problem in JavaScript. Throws an InputError. */
export function checkDeclaration(declaration: unknown): void {
  checkParts('a declaration', declaration, PARTS);
  const given = declaration as Readonly<Record<string, unknown>>;
  const { name, variables, metrics, constraints = [], canonical, evaluate, evaluateBatch } = given;
  if (typeof name !== 'string' || name === '')
    throw new InputError(`a problem needs a name, got ${show(name)}`);
  checkNamed('variables', variables);
  checkMetrics(checkNamed('metrics', metrics));
  if ((typeof evaluate === 'function') === (typeof evaluateBatch === 'function'))
    throw new InputError('a problem needs either evaluate or evaluateBatch, a function, got neither or both');
  if (canonical !== undefined && typeof canonical !== 'function')
    throw new InputError(`canonical must be a function of the values, got ${show(canonical)}`);
  checkConstraints(constraints, typeof evaluateBatch === 'function');
}

/** Throws an InputError for what may not be said of a metric. */
export function checkMetricOptions(options: unknown): void {
  checkParts('a metric', options, METRIC_OPTIONS);
}

function checkParts(what: string, given: unknown, parts: readonly string[]): void {
  const named = typeof given === 'object' && given !== null && !Array.isArray(given);
  const odd = named ? Object.keys(given).find((part) => !parts.includes(part)) : given;
  if (!named || odd !== undefined)
    throw new InputError(`${what} takes an object of ${parts.join(', ')}, got ${show(odd)}`);
}

function checkNamed(what: string, given: unknown): object {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new InputError(
      `the ${what} of a problem must be an object with one for each name, got ${show(given)}`,
    );
  return given;
}

function checkMetrics(metrics: object): void {
  for (const [name, metric] of Object.entries(metrics)) {
    const role = (metric as { role?: unknown } | null)?.role;
    if (role !== 'minimize' && role !== 'maximize' && role !== 'record')
      throw new InputError(
        `the metric ${name} must be minimize(), maximize() or record(), got ${show(metric)}`,
      );
  }
}

function checkConstraints(constraints: unknown, numeric: boolean): void {
  if (!Array.isArray(constraints))
    throw new InputError(`the constraints of a problem must be a list, got ${show(constraints)}`);
  for (const constraint of constraints as unknown[]) {
    const { metric, kind } = (constraint ?? {}) as { readonly metric?: unknown; readonly kind?: unknown };
    const bound = typeof metric === 'string' && (kind === 'atLeast' || kind === 'atMost');
    if (numeric ? typeof constraint !== 'string' : !bound)
      throw new InputError(
        `a constraint must be atLeast() or atMost() beside evaluate, a name beside evaluateBatch, got ${show(constraint)}`,
      );
  }
}
