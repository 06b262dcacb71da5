import { InputError } from '../errors.js';
import type { Random } from '../math/random.js';
import { CHOICE, REAL, type Space } from '../space.js';
import { polynomialMutation } from './polynomial-mutation.js';
import { sbx } from './sbx.js';

/** How children differ from their parents. */
export interface VariationOptions {
  /** Probability that a pair of parents is crossed at all. */
  readonly crossoverProbability: number;
  readonly crossoverEta: number;
  /** Probability that a variable mutates. */
  readonly mutationProbability: number;
  readonly mutationEta: number;
}

/** C-TAEA's settings (Li et al. 2019, Section IV): every pair crossed with eta 30, every variable mutated with 1 / n and eta 20. */
export function defaultVariation(space: Space): VariationOptions {
  return {
    crossoverProbability: 1,
    crossoverEta: 30,
    mutationProbability: 1 / space.length,
    mutationEta: 20,
  };
}

/**
 * The same with a mutation probability of 0.9 / n: measured on constrained problems (OSY, TNK, C1-DTLZ1) and DTLZ3 it converges
 * a little better in NSGA-II and NSGA-III than the 1 / n of the papers.
 */
export function moderateMutation(space: Space): VariationOptions {
  return { ...defaultVariation(space), mutationProbability: 0.9 / space.length };
}

/** Throws an InputError unless probabilities lie in [0, 1] and distribution indices are not negative. */
export function checkVariation(options: VariationOptions): void {
  for (const key of ['crossoverProbability', 'mutationProbability'] as const)
    if (!(options[key] >= 0 && options[key] <= 1))
      throw new InputError(`${key} must lie in [0, 1], got ${options[key]}`);
  for (const key of ['crossoverEta', 'mutationEta'] as const)
    if (!(options[key] >= 0)) throw new InputError(`${key} must be 0 or more, got ${options[key]}`);
}

/**
 * Writes one child of rows `i` of `a` and `j` of `b` to row `row` of `child`. Each kind of variable has operators of its own:
 *
 * - real: simulated binary crossover (a variable takes part with probability 1/2, else it is copied from either parent) and
 *   polynomial mutation;
 * - integer: the same two on the interval widened by 1/2 on both sides, then rounded, so that both ends are as likely as
 *   the rest; a mutation that rounds back to its parent moves one step instead;
 * - choice: taken from either parent with equal chance; mutation draws another of its values uniformly.
 */
export function vary(
  space: Space,
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  child: Float64Array,
  row: number,
  options: VariationOptions,
  random: Random,
): void {
  const n = space.length;
  const { crossoverEta, mutationProbability, mutationEta } = options;
  const crossed = random.uniform() < options.crossoverProbability;
  for (let v = 0; v < n; v++) {
    const at = row * n + v;
    const first = i * n + v;
    const second = j * n + v;
    child[at] = a[first];
    if (crossed && a[first] !== b[second]) {
      const coin = random.uniform();
      if (space.kind[v] === CHOICE || coin < 0.5) {
        if (coin >= (space.kind[v] === CHOICE ? 0.5 : 0.25)) child[at] = b[second];
      } else cross(space, v, child, at, b, second, crossoverEta, random);
    }
    if (random.uniform() < mutationProbability) mutate(space, v, child, at, mutationEta, random);
  }
}

// The operators below take their numbers from an array and leave them there: as arguments and results doubles would be boxed
// on the heap, some thousand times a generation.

/** Crosses variable `v` at `child[at]` with its other parent `b[second]`, and rounds it unless it is real. */
function cross(
  space: Space,
  v: number,
  child: Float64Array,
  at: number,
  b: Float64Array,
  second: number,
  eta: number,
  random: Random,
): void {
  const real = space.kind[v] === REAL;
  const margin = real ? 0 : 0.5;
  child[at] = sbx(child[at], b[second], space.lower[v] - margin, space.upper[v] + margin, eta, random);
  if (!real) child[at] = rounded(child[at], space, v);
}

/** Mutates variable `v` at `x[at]` by the operator of its kind. */
export function mutate(
  space: Space,
  v: number,
  x: Float64Array,
  at: number,
  eta: number,
  random: Random,
): void {
  const kind = space.kind[v];
  if (kind === CHOICE) {
    x[at] = anotherChoice(x[at], space, v, random);
    return;
  }
  const margin = kind === REAL ? 0 : 0.5;
  const mutant = polynomialMutation(x[at], space.lower[v] - margin, space.upper[v] + margin, eta, random);
  x[at] = kind === REAL ? mutant : steppedInteger(x[at], mutant, space, v);
}

/** The whole number nearest to a value, within the bounds of variable `v`. */
export function rounded(value: number, { lower, upper }: Space, v: number): number {
  return Math.min(Math.max(Math.round(value), lower[v]), upper[v]) + 0; // + 0 turns -0 into 0
}

function steppedInteger(value: number, mutant: number, space: Space, v: number): number {
  const whole = rounded(mutant, space, v);
  if (whole !== value) return whole;
  const step = mutant < value ? -1 : 1;
  const moved = value + step;
  return moved < space.lower[v] || moved > space.upper[v] ? value - step : moved;
}

function anotherChoice(value: number, { upper }: Space, v: number, random: Random): number {
  const other = random.integer(upper[v]);
  return other >= value ? other + 1 : other;
}
