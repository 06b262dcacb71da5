import { frequenciesOf, ransDecode, ransEncode, TOTAL } from '../arithmetic/rans.js';
import { InputError } from '../errors.js';

/** Levels as the symbols of a static table and bits apart. */
export interface Tabled {
  /** The first symbol: symbols are levels without their `shift` lowest bits, rounded down. */
  readonly first: number;
  /** Frequencies of the symbols from the first on. */
  readonly frequencies: Uint16Array;
  readonly shift: number;
  /** The coded symbols, and behind them the bits apart, packed. */
  readonly stream: Uint8Array;
}

/** More symbols than this are not put into a table of 4096. */
const MOST_SYMBOLS = 512;

/** Codes levels by their frequencies, whatever their order: within 2 % of the entropy where there are thousands. */
export function tabled(levels: Int32Array): Tabled {
  let low = 0;
  let high = 0;
  let sum = 0;
  for (const level of levels) {
    low = Math.min(low, level);
    high = Math.max(high, level);
    sum += Math.abs(level);
  }
  let shift = 0;
  // Some 32 symbols in the bulk, and all of them in the table.
  while (sum / levels.length / 2 ** shift > 32 || (high >> shift) - (low >> shift) >= MOST_SYMBOLS) shift++;
  const first = low >> shift;
  const symbols = new Uint16Array(levels.length);
  const counts = new Float64Array((high >> shift) - first + 1);
  for (let i = 0; i < levels.length; i++) {
    symbols[i] = (levels[i] >> shift) - first;
    counts[symbols[i]]++;
  }
  const frequencies = frequenciesOf(counts);
  const coded = ransEncode(symbols, frequencies);
  const apart = packBits(levels, shift);
  const stream = new Uint8Array(coded.length + apart.length);
  stream.set(coded);
  stream.set(apart, coded.length);
  return { first, frequencies, shift, stream };
}

/** Fills `out` with the levels. Throws an InputError where the stream does not hold just them. */
export function untabled({ first, frequencies, shift, stream }: Tabled, out: Int32Array): void {
  const apart = Math.ceil((out.length * shift) / 8);
  if (apart > stream.length)
    throw new InputError(`coded data must be complete, got ${stream.length} bytes for ${out.length} levels`);
  if (frequencies.length > TOTAL)
    throw new InputError(`a table must have at most ${TOTAL} symbols, got ${frequencies.length}`);
  const values = Int32Array.from(frequencies, (_, symbol) => (first + symbol) * 2 ** shift);
  ransDecode(stream.subarray(0, stream.length - apart), frequencies, values, out);
  if (shift > 0) addBits(stream.subarray(stream.length - apart), shift, out);
}

function packBits(levels: Int32Array, shift: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((levels.length * shift) / 8));
  let at = 0;
  for (const level of levels)
    for (let bit = 0; bit < shift; bit++, at++) if ((level >> bit) & 1) bytes[at >> 3] |= 1 << (at & 7);
  return bytes;
}

function addBits(bytes: Uint8Array, shift: number, levels: Int32Array): void {
  let at = 0;
  for (let i = 0; i < levels.length; i++)
    for (let bit = 0; bit < shift; bit++, at++) levels[i] += ((bytes[at >> 3] >> (at & 7)) & 1) << bit;
}
