import { InputError } from '../errors.js';
import { type ScalarQuantizer, scalarQuantizer } from './scalar.js';

/** Exponent and mantissa bits of the small floats, by their bits in all; the sign takes one. */
export const SMALL_FLOATS: readonly (readonly [exponent: number, mantissa: number])[] = [
  [5, 10],
  [4, 7],
  [3, 6],
  [3, 4],
  [4, 3],
  [3, 3],
  [2, 4],
  [2, 3],
  [1, 4],
  [2, 2],
  [1, 3],
  [1, 2],
  [0, 3],
];

/**
 * The nearest number of a floating-point format of a sign, `exponent` and `mantissa` bits, scaled so that its largest number is
 * `range`. As IEEE 754 with subnormal numbers, but every code is a number: no infinity, no NaN. No exponent bits: fixed point.
 * Of two numbers equally near the one further from zero; numbers past the range count as its end. A level is the code,
 * exponent above mantissa, with the sign of the number, so levels are in the order of the numbers.
 */
export function smallFloat(range: number, exponent: number, mantissa: number): ScalarQuantizer {
  if (!(Number.isInteger(exponent) && exponent >= 0 && exponent <= 5))
    throw new InputError(`the exponent of a small float must have 0 to 5 bits, got ${exponent}`);
  if (!(Number.isInteger(mantissa) && mantissa >= 1 && mantissa <= 10))
    throw new InputError(`the mantissa of a small float must have 1 to 10 bits, got ${mantissa}`);
  if (!(range >= 0 && range < Number.POSITIVE_INFINITY))
    throw new InputError(`a range must be a finite number from 0, got ${range}`);
  const last = 2 ** (exponent + mantissa) - 1;
  const numbers = Float64Array.from({ length: last + 1 }, (_, code) => numberOf(code, mantissa));
  const unit = (range > 0 ? range : 1) / numbers[last];
  const values = Float32Array.from(
    { length: 2 * last + 1 },
    (_, i) => Math.sign(i - last) * numbers[Math.abs(i - last)] * unit,
  );
  const rule = { kind: 'table', first: -last, values } as const;
  return scalarQuantizer(`float ${1 + exponent + mantissa} bits (${exponent}+${mantissa})`, rule, (x) => {
    const magnitude = Math.abs(x) / unit;
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (numbers[middle] <= magnitude) low = middle;
      else high = middle - 1;
    }
    const nearest = low < last && numbers[low + 1] - magnitude <= magnitude - numbers[low] ? low + 1 : low;
    return x < 0 ? -nearest : nearest;
  });
}

/** The number of a code, in units of the smallest one. */
function numberOf(code: number, mantissa: number): number {
  const field = Math.floor(code / 2 ** mantissa);
  const fraction = code % 2 ** mantissa;
  return field === 0 ? fraction : (2 ** mantissa + fraction) * 2 ** (field - 1);
}
