/**
 * The logistic function and its inverse as tables of integers. Odds are natural logarithms in steps of 1 / 256
 * (`UNIT`); probabilities are 16 bits. The tables are computed from products and quotients of doubles alone, which
 * IEEE 754 fixes to the bit, so every engine has the same ones; `Math.exp` and `Math.log` may differ.
 */
export const UNIT = 256;

/** Largest log odds that a mixer gives, 12 in nature: the probability of the rarer bit is then under 2^-16. */
export const WIDEST = 12 * UNIT;

/** Largest log odds that a counter reports. */
export const WIDEST_INPUT = 8 * UNIT - 1;

/** The probability, out of 65536, of log odds `x`: `SQUASH[x + WIDEST]` for x from -WIDEST to WIDEST; from 1 to 65535. */
export const SQUASH: Uint16Array = squashTable();

/** The log odds, at most WIDEST_INPUT either way, of a probability of 12 bits (the middle of its step). */
export const STRETCH: Int16Array = stretchTable();

function squashTable(): Uint16Array {
  // exp(1 / 256) to the last bit of a double; its powers up to exp(12) stay right to 12 digits.
  const step = 1.0039138893383475;
  const table = new Uint16Array(2 * WIDEST + 1);
  for (let x = 0, power = 1; x <= WIDEST; x++, power *= step) {
    const p = Math.min(65535, Math.round((65536 * power) / (1 + power)));
    table[WIDEST + x] = p;
    table[WIDEST - x] = 65536 - p;
  }
  return table;
}

function stretchTable(): Int16Array {
  const table = new Int16Array(4096);
  for (let p = 0, x = -WIDEST_INPUT; p < 4096; p++) {
    const middle = 16 * p + 8;
    while (x < WIDEST_INPUT && SQUASH[x + WIDEST] < middle) x++;
    table[p] = x;
  }
  return table;
}
