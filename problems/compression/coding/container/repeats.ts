import { frequenciesOf, ransDecode, ransEncode, TOTAL } from '../arithmetic/rans.js';
import { InputError } from '../errors.js';
import { byteReader, byteWriter } from './bytes.js';

/**
 * Codes bytes by what stood before, fast to undo (Ziv and Lempel 1977): runs of new bytes and copies of old ones in turn, as a
 * stream of bytes that a static table then codes. Larger than what `codeBytes` makes, and much faster to read. At most 2^27
 * bytes.
 */
export function packRepeats(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const stream = tokensOf(bytes);
  const counts = new Float64Array(256);
  for (const byte of stream) counts[byte]++;
  const frequencies = frequenciesOf(counts);
  const head = byteWriter();
  head.whole(stream.length);
  for (let s = 0; s < 256; s++) {
    head.whole(frequencies[s]);
    if (frequencies[s] > 0) continue;
    // A 0 stands for itself and so many after it.
    let more = 0;
    while (s + 1 < 256 && frequencies[s + 1] === 0) [s, more] = [s + 1, more + 1];
    head.whole(more);
  }
  head.bytes(ransEncode(stream, frequencies));
  return head.finish();
}

/** Fills `out`. Throws an InputError where the bytes do not stand for just so many. */
export function unpackRepeats(packed: Uint8Array, out: Uint8Array): void {
  const input = byteReader(packed);
  const length = input.whole();
  if (length > roomFor(out.length)) throw incomplete(packed);
  const frequencies = new Uint16Array(256);
  for (let s = 0; s < 256; s++) {
    const frequency = input.whole();
    if (frequency > TOTAL) throw incomplete(packed);
    frequencies[s] = frequency;
    if (frequency === 0) s += input.whole();
  }
  const stream = new Int32Array(length);
  ransDecode(input.bytes(input.left), frequencies, BYTES, stream);
  copyTokens(Uint8Array.from(stream), out);
}

const BYTES = Int32Array.from({ length: 256 }, (_, byte) => byte);
const SHORTEST = 4;
const LONGEST = 1024;

/** No more tokens are made of so many bytes: a copy of four takes eight at most, its run counted. */
const roomFor = (bytes: number) => 2 * bytes + 16;

/** The number of new bytes, these, then the length of a copy less SHORTEST and how far back it is; and so on to the end. */
function tokensOf(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(roomFor(bytes.length));
  let length = 0;
  const places = new Int32Array(2 ** 16).fill(-1);
  let from = 0;
  let at = 0;
  while (at + SHORTEST <= bytes.length) {
    const slot = slotOf(bytes, at);
    const before = places[slot];
    places[slot] = at;
    const same = before < 0 ? 0 : sameFrom(bytes, before, at);
    if (same < SHORTEST) {
      at++;
      continue;
    }
    run(from, at);
    whole(same - SHORTEST);
    whole(at - before);
    for (let i = at + 1; i < at + same && i + SHORTEST <= bytes.length; i++) places[slotOf(bytes, i)] = i;
    at += same;
    from = at;
  }
  run(from, bytes.length);
  return out.slice(0, length);

  function run(start: number, end: number): void {
    whole(end - start);
    out.set(bytes.subarray(start, end), length);
    length += end - start;
  }

  function whole(value: number): void {
    let rest = value;
    for (; rest >= 128; rest >>>= 7) out[length++] = (rest & 127) | 128;
    out[length++] = rest;
  }
}

function copyTokens(stream: Uint8Array, out: Uint8Array): void {
  const input = byteReader(stream);
  let at = 0;
  for (;;) {
    const run = input.whole();
    if (run > out.length - at) throw incomplete(stream);
    out.set(input.bytes(run), at);
    at += run;
    if (input.left === 0) break;
    const length = input.whole() + SHORTEST;
    const from = at - input.whole();
    if (from < 0 || from >= at || length > LONGEST || length > out.length - at) throw incomplete(stream);
    for (let i = 0; i < length; i++) out[at + i] = out[from + i];
    at += length;
  }
  if (at !== out.length) throw incomplete(stream);
}

function slotOf(bytes: Uint8Array, at: number): number {
  const four = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  return Math.imul(four, 0x9e3779b1) >>> 16;
}

/** How many bytes are the same from two places on, LONGEST at most. */
function sameFrom(bytes: Uint8Array, before: number, at: number): number {
  const most = Math.min(LONGEST, bytes.length - at);
  let same = 0;
  while (same < most && bytes[before + same] === bytes[at + same]) same++;
  return same;
}

function incomplete({ length }: ArrayLike<number>): InputError {
  return new InputError(`coded data must be complete, got ${length} bytes that do not decode`);
}
