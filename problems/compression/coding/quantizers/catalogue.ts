import { InputError, show } from '../errors.js';
import { muLaw } from './mu-law.js';
import { type ScalarQuantizer, stepOf } from './scalar.js';
import { SMALL_FLOATS, smallFloat } from './small-float.js';
import { deadZone, midrise, midtread } from './uniform.js';

/** A family of quantizers: one for each range of the numbers, and number of levels where that is free. */
export interface QuantizerFamily {
  readonly name: string;
  /** The number of levels that it has; undefined where any power of two up to 2^24 (2^16 for mu-law) will do. */
  readonly levels?: number;
  of(range: number, levels: number): ScalarQuantizer;
}

/** Every quantizer there is. The conformance test walks it. */
export const quantizers: readonly QuantizerFamily[] = [
  { name: 'midtread', of: (range, levels) => midtread(stepOf(range, levels)) },
  { name: 'midrise', of: (range, levels) => midrise(stepOf(range, levels)) },
  ...[0.4, 0.6, 0.75].map((sigma) => ({
    name: `dead zone ${sigma}`,
    of: (range: number, levels: number) => deadZone(stepOf(range, levels), sigma),
  })),
  { name: 'mu-law', of: (range, levels) => muLaw(range, levels) },
  ...SMALL_FLOATS.map(([exponent, mantissa]) => ({
    name: `float ${1 + exponent + mantissa} (${exponent}+${mantissa})`,
    levels: 2 ** (1 + exponent + mantissa),
    of: (range: number) => smallFloat(range, exponent, mantissa),
  })),
];

/** The quantizer of a name. Throws an InputError that lists the names where there is none. */
export function quantizerNamed(wanted: string): QuantizerFamily {
  const family = quantizers.find(({ name }) => name === wanted);
  if (family) return family;
  throw new InputError(
    `a quantizer must be one of ${quantizers.map(({ name }) => name).join(', ')}, got ${show(wanted)}`,
  );
}
