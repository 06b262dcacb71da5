import { InputError } from '../errors.js';

/**
 * Asymmetric numeral systems with a static table (Duda 2013; range variant), four states in turn, so that a processor works on
 * four symbols at a time. States have 31 bits and are refilled by 16; frequencies are out of 4096 and none is more than
 * 4095, so that every symbol takes a part of the file.
 */
export const TOTAL = 4096;
const BITS = 12;
const LOWEST = 2 ** 15;
const STATES = 4;

/**
 * Frequencies out of {@link TOTAL} for counts: each symbol that occurs has at least 1, and none more than TOTAL - 1; at most
 * 2048 symbols may occur. The sum is TOTAL but for a single symbol. Rounds to nearest, then takes from (or gives to) the
 * symbols whose code length suffers least.
 */
export function frequenciesOf(counts: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const n = counts.length;
  const frequencies = new Uint16Array(n);
  let total = 0;
  for (let s = 0; s < n; s++) total += counts[s];
  let sum = 0;
  for (let s = 0; s < n; s++) {
    if (counts[s] === 0) continue;
    frequencies[s] = Math.min(TOTAL - 1, Math.max(1, Math.round((counts[s] / total) * TOTAL)));
    sum += frequencies[s];
  }
  while (sum !== TOTAL) {
    const change = sum > TOTAL ? -1 : 1;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let s = 0; s < n; s++) {
      const f = frequencies[s];
      if (f === 0 || f + change === 0 || f + change === TOTAL) continue;
      const cost = counts[s] * Math.log2(f / (f + change));
      if (cost < least) [least, best] = [cost, s];
    }
    if (best < 0) break; // one symbol alone: it keeps TOTAL - 1
    frequencies[best] += change;
    sum += change;
  }
  return frequencies;
}

/** Codes symbols (indices of frequencies) from the last to the first; {@link ransDecode} reads them forwards. */
export function ransEncode(symbols: ArrayLike<number>, frequencies: Uint16Array): Uint8Array<ArrayBuffer> {
  const starts = startsOf(frequencies);
  const words = new Uint16Array(symbols.length + 2 * STATES);
  let length = 0;
  const states = new Int32Array(STATES).fill(LOWEST);
  for (let i = symbols.length - 1; i >= 0; i--) {
    const symbol = symbols[i];
    const frequency = frequencies[symbol];
    let state = states[i % STATES];
    if (state >= frequency * 2 ** (31 - BITS)) {
      words[length++] = state & 0xffff;
      state >>>= 16;
    }
    states[i % STATES] = Math.floor(state / frequency) * TOTAL + (state % frequency) + starts[symbol];
  }
  for (let i = STATES - 1; i >= 0; i--) {
    words[length++] = states[i] & 0xffff;
    words[length++] = states[i] >>> 16;
  }
  const bytes = new Uint8Array(2 * length);
  for (let i = 0; i < length; i++) {
    const word = words[length - 1 - i];
    bytes[2 * i] = word & 255;
    bytes[2 * i + 1] = word >>> 8;
  }
  return bytes;
}

/**
 * Fills `out` with `values[symbol]` for each symbol. Throws an InputError when the bytes end early, are not used up, or do not
 * end in the states that an encoder begins with, and on frequencies of another sum.
 */
export function ransDecode(
  bytes: Uint8Array,
  frequencies: Uint16Array,
  values: Int32Array,
  out: Int32Array,
): void {
  const spread = spreadOf(frequencies);
  const levelOf = new Int32Array(TOTAL);
  const factor = new Int32Array(TOTAL);
  const offset = new Int32Array(TOTAL);
  const starts = startsOf(frequencies);
  for (let slot = 0; slot < TOTAL; slot++) {
    const symbol = spread[slot];
    levelOf[slot] = values[symbol];
    factor[slot] = frequencies[symbol];
    offset[slot] = slot - starts[symbol];
  }
  if (bytes.length < 4 * STATES || bytes.length % 2 !== 0) throw incomplete(bytes);
  const words = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < words.length; i++) words[i] = bytes[2 * i] | (bytes[2 * i + 1] << 8);
  let at = 2 * STATES;
  const state = (i: number) => (words[2 * i] << 16) | words[2 * i + 1];
  let a = state(0);
  let b = state(1);
  let c = state(2);
  let d = state(3);
  if (Math.min(a, b, c, d) < LOWEST) throw incomplete(bytes);
  const whole = out.length - (out.length % STATES);
  for (let i = 0; i < whole; i += STATES) {
    const slotA = a & (TOTAL - 1);
    const slotB = b & (TOTAL - 1);
    const slotC = c & (TOTAL - 1);
    const slotD = d & (TOTAL - 1);
    out[i] = levelOf[slotA];
    out[i + 1] = levelOf[slotB];
    out[i + 2] = levelOf[slotC];
    out[i + 3] = levelOf[slotD];
    a = Math.imul(factor[slotA], a >> BITS) + offset[slotA];
    b = Math.imul(factor[slotB], b >> BITS) + offset[slotB];
    c = Math.imul(factor[slotC], c >> BITS) + offset[slotC];
    d = Math.imul(factor[slotD], d >> BITS) + offset[slotD];
    // Past the end a word reads as undefined, which counts as 0; the place is checked at the end.
    if (a < LOWEST) a = (a << 16) | words[at++];
    if (b < LOWEST) b = (b << 16) | words[at++];
    if (c < LOWEST) c = (c << 16) | words[at++];
    if (d < LOWEST) d = (d << 16) | words[at++];
  }
  const last = [a, b, c, d];
  for (let i = whole; i < out.length; i++) {
    const slot = last[i - whole] & (TOTAL - 1);
    out[i] = levelOf[slot];
    let next = factor[slot] * (last[i - whole] >> BITS) + offset[slot];
    if (next < LOWEST) next = (next << 16) | words[at++];
    last[i - whole] = next;
  }
  if (at !== words.length || last.some((end) => end !== LOWEST)) throw incomplete(bytes);
}

function startsOf(frequencies: Uint16Array): Int32Array {
  const starts = new Int32Array(frequencies.length);
  for (let s = 1; s < starts.length; s++) starts[s] = starts[s - 1] + frequencies[s - 1];
  return starts;
}

/** The symbol of each slot. What a single symbol leaves free is its own: it must not be met. */
function spreadOf(frequencies: Uint16Array): Uint16Array {
  const spread = new Uint16Array(TOTAL);
  let slot = 0;
  for (let s = 0; s < frequencies.length; s++) {
    if (frequencies[s] >= TOTAL || slot + frequencies[s] > TOTAL)
      throw new InputError(`frequencies must add up to ${TOTAL}, each below it, got more`);
    spread.fill(s, slot, slot + frequencies[s]);
    slot += frequencies[s];
  }
  if (slot < TOTAL - 1) throw new InputError(`frequencies must add up to ${TOTAL}, got ${slot}`);
  return spread;
}

function incomplete({ length }: Uint8Array): InputError {
  return new InputError(`coded data must be complete, got ${length} bytes that do not decode`);
}
