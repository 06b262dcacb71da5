import { checkWhole } from './checks.js';

/**
 * Solutions as flat arrays, one row a solution: `x` (capacity x variables), `f` (capacity x objectives, minimised),
 * `g` (capacity x constraints, feasible when `g <= 0`) and the constraint violation `cv = sum(max(0, g))`.
 * Rows `0 .. size - 1` are in use.
 */
export interface Population {
  size: number;
  readonly capacity: number;
  readonly variables: number;
  readonly objectives: number;
  readonly constraints: number;
  readonly x: Float64Array;
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly cv: Float64Array;
}

/** How many numbers a solution has in each of its parts. */
export interface Shape {
  readonly variables: number;
  readonly objectives: number;
  readonly constraints: number;
}

/**
 * An empty population with room for `capacity` solutions. Throws an InputError unless the shape has whole numbers: of variables and
 * objectives from 1, of constraints from 0.
 */
export function createPopulation(capacity: number, shape: Shape): Population {
  checkWhole('the capacity of a population', capacity, 0);
  const { variables, objectives, constraints } = shape;
  checkWhole('the number of variables', variables, 1);
  checkWhole('the number of objectives', objectives, 1);
  checkWhole('the number of constraints', constraints, 0);
  return {
    size: 0,
    capacity,
    variables,
    objectives,
    constraints,
    x: new Float64Array(capacity * variables),
    f: new Float64Array(capacity * objectives),
    g: new Float64Array(capacity * constraints),
    cv: new Float64Array(capacity),
  };
}

/** Appends row `i` of `from` to `to`, which must have room. */
export function appendRow(from: Population, i: number, to: Population): void {
  const { variables: n, objectives: m, constraints: k } = from;
  const j = to.size++;
  for (let v = 0; v < n; v++) to.x[j * n + v] = from.x[i * n + v];
  for (let v = 0; v < m; v++) to.f[j * m + v] = from.f[i * m + v];
  for (let v = 0; v < k; v++) to.g[j * k + v] = from.g[i * k + v];
  to.cv[j] = from.cv[i];
}

/** Makes `to` hold the rows `indices[0 .. count)` of `from`, in that order. */
export function copyRows(from: Population, indices: ArrayLike<number>, count: number, to: Population): void {
  to.size = 0;
  for (let i = 0; i < count; i++) appendRow(from, indices[i], to);
}

/** Makes `to` hold the rows of `first` and then those of `second`. */
export function joinRows(first: Population, second: Population, to: Population): void {
  to.size = 0;
  for (let i = 0; i < first.size; i++) appendRow(first, i, to);
  for (let i = 0; i < second.size; i++) appendRow(second, i, to);
}

/** Fills `cv` of every row in use from its constraints. */
export function computeViolations(population: Population): void {
  for (let i = 0; i < population.size; i++)
    population.cv[i] = violation(population.g, i, population.constraints);
}

/** The constraint violation `sum(max(0, g))` of row `i` of `g` (rows x `constraints`); NaN when a constraint is NaN. */
export function violation(g: ArrayLike<number>, i: number, constraints: number): number {
  let sum = 0;
  for (let k = i * constraints; k < (i + 1) * constraints; k++) {
    const value = g[k];
    if (!(value <= 0)) sum += value;
  }
  return sum;
}
