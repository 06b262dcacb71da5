import { createMixer } from './mixer.js';
import type { BitCoder } from './range-coder.js';

/**
 * Codes bytes one after the other, each bit by mixing what followed the last one, two and four bytes before, and what followed the
 * last six where they stood last (Mahoney's match model). Made for what is left of a model when its weights are taken
 * out: names, shapes, small constants. O(1) a byte, and some 70 bytes of memory a byte, 40 MB at most. An encoder reads
 * `bytes`, a decoder fills it.
 */
export function codeBytes(coder: BitCoder, bytes: Uint8Array): void {
  // A place a bit at the least, from 2^12 to 2^22 of them.
  const places = 2 ** Math.min(22, Math.max(12, 35 - Math.clz32(bytes.length)));
  const mixer = createMixer([65536 + 256, places + 256, places + 256, 2 * LONGEST + 4], 256);
  const down = 1 + Math.clz32(places);
  const matches = matchFinder(bytes);
  let last = 0;
  for (let at = 0; at < bytes.length; at++) {
    const given = bytes[at];
    const one = (last & 255) << 8;
    const two = hashed(last & 0xffff, 0) >>> down;
    const four = hashed(last, 1) >>> down;
    const expected = matches.expected();
    const length = matches.length();
    let byte = 1;
    for (let i = 7; i >= 0; i--) {
      const agrees = expected >> (i + 1) === byte;
      // The place of a counter is a context and `byte`: the latter is taken off again.
      const match = (agrees ? 2 * length + ((expected >> i) & 1) : 0) - byte;
      byte = byte * 2 + mixer.code(coder, (given >> i) & 1, byte, one, two, four, match);
    }
    bytes[at] = byte - 256;
    matches.learn(at, byte - 256);
    last = (last << 8) | (byte - 256);
  }
}

/** 2^6 times an odd number: multiplied with it six times, a byte has left the 32 bits of a hash. */
const SIX = 64 * 11;
/** Longer matches count as this long. */
const LONGEST = 31;

/** Follows the last place at which the bytes before stood before. */
function matchFinder(bytes: Uint8Array) {
  const bits = Math.min(18, Math.max(8, 32 - Math.clz32(bytes.length)));
  const places = new Int32Array(2 ** bits);
  let hash = 0;
  let next = 0;
  let length = 0;
  return {
    /** The byte that is expected, with a 1 before it; 0 where none is. */
    expected: () => (length > 0 ? bytes[next] | 256 : 0),
    /** From 1: how much has come as expected. */
    length: () => (length < LONGEST ? length : LONGEST),
    learn(at: number, byte: number): void {
      if (length > 0 && bytes[next] === byte) {
        length++;
        next++;
      } else length = 0;
      hash = Math.imul(hash, SIX) + byte + 1;
      const slot = Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
      if (length === 0 && places[slot] > 0) {
        next = places[slot];
        length = 1;
      }
      places[slot] = at + 1;
    },
  };
}

/** 32 bits of a history; histories that meet share their counters, which costs a little and breaks nothing. */
function hashed(last: number, older: number): number {
  const h = Math.imul(last ^ Math.imul(older + 1, 0x9e3779b1), 0x85ebca6b);
  return Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
}
