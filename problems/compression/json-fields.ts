import { InputError, show } from '../../src/index.js';

/** The fields of what JSON holds at a place that `what` names. Throws an InputError unless it is an object, with no others than the known. */
export function fieldsOf(what: string, value: unknown, known?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${what} must be an object, got ${show(value)}`);
  const unknown = known && Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new InputError(`${what} has ${known!.join(', ')}, got ${show(unknown)}`);
  return value as Record<string, unknown>;
}

/** Throws an InputError where a value is there and none of those allowed. */
export function checkAmong(what: string, value: unknown, allowed: readonly unknown[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw new InputError(`${what} must be one of ${allowed.join(', ')}, got ${show(value)}`);
}
