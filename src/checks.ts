import { InputError, show } from './errors.js';
import type { Random } from './math/random.js';

/** Throws an InputError unless the value is a whole number from `least` to `most`. */
export function checkWhole(
  what: string,
  value: unknown,
  least: number,
  most = Number.POSITIVE_INFINITY,
): asserts value is number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  const range = most === Number.POSITIVE_INFINITY ? `from ${least}` : `from ${least} to ${most}`;
  throw new InputError(`${what} must be a whole number ${range}, got ${show(value)}`);
}

/** Throws an InputError for a name of `given` that is not among the known; `what` begins the sentence that lists those. */
export function checkNames(what: string, given: object, known: Iterable<string>): void {
  const names = [...known];
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new InputError(`${what} ${names.join(', ')}, got ${show(unknown)}`);
}

/** Throws an InputError for what is no stream of random numbers. */
export function checkRandom(given: unknown): asserts given is Random {
  if (!isRandom(given))
    throw new InputError(`random numbers must come from a stream such as randomOf(1), got ${show(given)}`);
}

/** Whether this is a stream of random numbers. */
export const isRandom = (given: unknown): given is Random =>
  typeof (given as Partial<Random> | null | undefined)?.uniform === 'function';

/** Throws an InputError for what is given and no function. */
export function checkFunction(what: string, given: unknown): void {
  if (given !== undefined && typeof given !== 'function')
    throw new InputError(`${what} must be a function, got ${show(given)}`);
}
