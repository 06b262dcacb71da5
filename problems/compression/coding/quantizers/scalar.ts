import { InputError } from '../errors.js';
import type { Rule } from '../rule.js';

/** A rule that turns numbers into levels, small whole numbers, and one that turns them back. Pure functions. */
export interface ScalarQuantizer {
  readonly name: string;
  /** The level of each number, monotone: a larger number never has a smaller level. Throws an InputError on NaN and infinity. */
  quantize(values: ArrayLike<number>): Int32Array<ArrayBuffer>;
  /** What the levels stand for, as a container keeps it. */
  readonly rule: Rule;
}

/** Levels lie within this of zero. */
export const FURTHEST = 2 ** 24;

/** A quantizer from the level of one finite number. */
export function scalarQuantizer(name: string, rule: Rule, levelOf: (x: number) => number): ScalarQuantizer {
  return {
    name,
    rule,
    quantize(values) {
      const levels = new Int32Array(values.length);
      for (let i = 0; i < levels.length; i++) {
        const x = values[i];
        if (!Number.isFinite(x)) throw new InputError(`what is quantized must be finite, got ${x} at ${i}`);
        const level = levelOf(x);
        if (!(Math.abs(level) <= FURTHEST))
          throw new InputError(`a level must lie within 2^24 of zero, got ${level} for ${x} (${name})`);
        levels[i] = level;
      }
      return levels;
    },
  };
}

/** The largest magnitude; 0 where there is none. Throws an InputError on NaN and infinity. */
export function rangeOf(values: ArrayLike<number>): number {
  let range = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    if (!(magnitude < Number.POSITIVE_INFINITY))
      throw new InputError(`what is quantized must be finite, got ${values[i]} at ${i}`);
    if (magnitude > range) range = magnitude;
  }
  return range;
}

/** The step of `levels` even levels on [-range, range]; 1 for a range of 0, whose numbers are all zero. */
export function stepOf(range: number, levels: number): number {
  if (!(Number.isInteger(levels) && levels >= 4 && levels <= FURTHEST))
    throw new InputError(`the number of levels must be a whole number from 2^2 to 2^24, got ${levels}`);
  if (!(range >= 0 && range < Number.POSITIVE_INFINITY))
    throw new InputError(`a range must be a finite number from 0, got ${range}`);
  const step = Math.fround((2 * range) / levels);
  return step > 0 ? step : 1;
}
