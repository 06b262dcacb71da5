import { createMixer } from './mixer.js';
import type { BitCoder } from './range-coder.js';

/**
 * Codes bytes one after the other, each bit by mixing what followed the last one, two, four and seven bytes before. Made for
 * what is left of a model when its weights are taken out: names, shapes, small constants. O(1) a byte, and some 100 bytes of memory a byte, 50 MB at most.
 * An encoder reads `bytes`, a decoder fills it.
 */
export function codeBytes(coder: BitCoder, bytes: Uint8Array): void {
  // A place a bit at the least, from 2^12 to 2^22 of them.
  const places = 2 ** Math.min(22, Math.max(12, 35 - Math.clz32(bytes.length)));
  const mixer = createMixer([65536 + 256, places + 256, places + 256, places + 256], 256);
  const down = 1 + Math.clz32(places);
  let last = 0;
  let older = 0;
  for (let at = 0; at < bytes.length; at++) {
    const given = bytes[at];
    const one = (last & 255) << 8;
    const two = hashed(last & 0xffff, 0) >>> down;
    const four = hashed(last, 1) >>> down;
    const seven = hashed(last, older & 0xffffff) >>> down;
    let byte = 1;
    for (let i = 7; i >= 0; i--)
      byte = byte * 2 + mixer.code(coder, (given >> i) & 1, byte, one, two, four, seven);
    bytes[at] = byte - 256;
    older = (older << 8) | (last >>> 24);
    last = (last << 8) | (byte - 256);
  }
}

/** 32 bits of a history; histories that meet share their counters, which costs a little and breaks nothing. */
function hashed(last: number, older: number): number {
  const h = Math.imul(last ^ Math.imul(older + 1, 0x9e3779b1), 0x85ebca6b);
  return Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
}
