import { InputError, show } from './errors.js';

/** A real number in [lower, upper]. */
export interface RealVariable {
  readonly kind: 'real';
  readonly lower: number;
  readonly upper: number;
}

/** A whole number in {lower, ..., upper}; its order has a meaning. */
export interface IntegerVariable {
  readonly kind: 'integer';
  readonly lower: number;
  readonly upper: number;
}

/** One of a list of values without an order. Inside, the index of the value in the list. */
export interface ChoiceVariable<T = unknown> {
  readonly kind: 'choice';
  readonly values: readonly T[];
}

/** A decision variable: see {@link real}, {@link integer} and {@link choice}. */
export type Variable = RealVariable | IntegerVariable | ChoiceVariable;
/** The variables of a problem by name, in the order of the columns of `x`. */
export type Variables = Readonly<Record<string, Variable>>;

/** What the evaluation of a problem is handed: numbers for real and integer variables, the value itself for choices. */
export type ValuesOf<V extends Variables> = {
  readonly [K in keyof V]: V[K] extends ChoiceVariable<infer T> ? T : number;
};

/** A real variable. Throws an InputError unless `lower < upper`, both finite. */
export function real(lower: number, upper: number): RealVariable {
  const finite = Number.isFinite(lower) && Number.isFinite(upper) && Number.isFinite(upper - lower);
  if (!finite || lower >= upper)
    throw new InputError(
      `the bounds of a real variable must be finite with lower < upper, got [${lower}, ${upper}]`,
    );
  return { kind: 'real', lower, upper };
}

/**
 * An integer variable, both bounds included. Throws an InputError unless they are whole numbers with `lower < upper`, and at most
 * 2^53 - 1 apart.
 */
export function integer(lower: number, upper: number): IntegerVariable {
  if (!Number.isSafeInteger(lower) || !Number.isSafeInteger(upper) || lower >= upper)
    throw new InputError(
      `the bounds of an integer variable must be whole numbers with lower < upper, got [${lower}, ${upper}]`,
    );
  if (!Number.isSafeInteger(upper - lower))
    throw new InputError(
      `the bounds of an integer variable must be at most 2^53 - 1 apart, got [${lower}, ${upper}]`,
    );
  return { kind: 'integer', lower, upper };
}

/** A choice among two or more different values. Throws an InputError when a value is missing or comes twice. */
export function choice<const T extends readonly unknown[]>(...values: T): ChoiceVariable<T[number]> {
  if (values.length < 2 || new Set(values).size !== values.length)
    throw new InputError(`a choice needs two or more different values, got ${show(values)}`);
  return { kind: 'choice', values };
}

export const REAL = 0;
export const INTEGER = 1;
export const CHOICE = 2;

/**
 * The decision space as flat arrays, one entry a variable in the order of the declaration. A decision vector `x` is a
 * row of `length` doubles: a real as it is, an integer as a whole number, a choice as the index of its value.
 */
export interface Space {
  readonly length: number;
  readonly names: readonly string[];
  /** REAL, INTEGER or CHOICE. */
  readonly kind: Uint8Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The vector that stands for all that mean the same as `x`; absent where no two do. */
  readonly canonical?: (x: Float64Array) => Float64Array;
}

/** The vector that stands for all that mean the same as `x`: `x` itself where the space knows of none. */
export function canonicalRow({ canonical }: Space, x: Float64Array): Float64Array {
  return canonical ? canonical(x) : x;
}

/** Compiles declared variables to a {@link Space}. Throws an InputError when there is none, and for one that is none. */
export function spaceOf(variables: Variables): Space {
  const names = Object.keys(variables);
  if (names.length === 0) throw new InputError('a problem needs at least one variable, got none');
  const declared = names.map((name) => checkVariable(name, variables[name]));
  return {
    length: names.length,
    names,
    kind: Uint8Array.from(declared, (v) =>
      v.kind === 'real' ? REAL : v.kind === 'integer' ? INTEGER : CHOICE,
    ),
    lower: Float64Array.from(declared, (v) => (v.kind === 'choice' ? 0 : v.lower)),
    upper: Float64Array.from(declared, (v) => (v.kind === 'choice' ? v.values.length - 1 : v.upper)),
  };
}

/** The variable, by the laws of `real`, `integer` and `choice` also where it was written out by hand. */
function checkVariable(name: string, variable: Variable): Variable {
  const { kind } = (variable ?? {}) as { readonly kind?: unknown };
  if (kind === 'real') return real((variable as RealVariable).lower, (variable as RealVariable).upper);
  if (kind === 'integer')
    return integer((variable as IntegerVariable).lower, (variable as IntegerVariable).upper);
  if (kind === 'choice' && Array.isArray((variable as ChoiceVariable).values))
    return choice(...(variable as ChoiceVariable).values);
  throw new InputError(`the variable ${name} must be real(), integer() or choice(), got ${show(variable)}`);
}

/** The values that the row `x[offset .. offset + n)` stands for, by name. */
export function decode<V extends Variables>(variables: V, x: ArrayLike<number>, offset = 0): ValuesOf<V> {
  const values: Record<string, unknown> = {};
  let i = offset;
  for (const [name, variable] of Object.entries(variables)) {
    values[name] = variable.kind === 'choice' ? variable.values[x[i]] : x[i];
    i++;
  }
  return values as ValuesOf<V>;
}

/** The decision vector of values by name. Throws an InputError naming the variable, its domain and the value. */
export function encode<V extends Variables>(variables: V, values: ValuesOf<V>): Float64Array {
  const given = values as Readonly<Record<string, unknown>>;
  return Float64Array.from(Object.entries(variables), ([name, variable]) => {
    const value = given[name];
    if (variable.kind !== 'choice') return checked(name, variable, value);
    const index = variable.values.indexOf(value);
    if (index < 0)
      throw new InputError(`${name} must be one of ${show(variable.values)}, got ${show(value)}`);
    return index;
  });
}

/** Throws an InputError unless every entry of the decision vector lies in the domain of its variable. */
export function checkVector(space: Space, x: ArrayLike<number>): void {
  if (x.length !== space.length)
    throw new InputError(
      `a decision vector must have ${space.length} entries (${space.names.join(', ')}), got ${x.length}`,
    );
  for (let i = 0; i < space.length; i++)
    checked(
      space.names[i],
      { kind: space.kind[i] === REAL ? 'real' : 'integer', lower: space.lower[i], upper: space.upper[i] },
      x[i],
    );
}

function checked(
  name: string,
  { kind, lower, upper }: RealVariable | IntegerVariable,
  value: unknown,
): number {
  const whole = kind === 'integer';
  if (typeof value !== 'number' || !(value >= lower && value <= upper) || (whole && !Number.isInteger(value)))
    throw new InputError(
      `${name} must be a ${whole ? 'whole ' : ''}number in [${lower}, ${upper}], got ${show(value)}`,
    );
  return value;
}
