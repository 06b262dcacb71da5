import { InputError } from '../errors.js';

/**
 * Where binary decisions go to or come from. An encoder writes the bit that it is given and returns it; a decoder returns
 * the bit that was written, whatever it is given. So one model serves both, and the two cannot disagree.
 */
export interface BitCoder {
  /** `p` is the probability of a 1 out of 65536, from 1 to 65535. */
  code(bit: number, p: number): number;
}

export interface BitEncoder extends BitCoder {
  /** The bytes of all bits. Nothing can be coded afterwards. */
  finish(): Uint8Array<ArrayBuffer>;
}

const FULL = 2 ** 31 - 1;
const SMALLEST = 2 ** 23;

/**
 * A binary range coder (Martin 1979) with 31 bits of range, so that every number is a small integer of JavaScript; a 1
 * takes the lower part of the range. Exact integers: the same bytes on every engine. It ends with four bytes.
 */
export function bitEncoder(): BitEncoder {
  let bytes = new Uint8Array(4096);
  let length = 0;
  let low = 0;
  let range = FULL;
  return {
    code(bit, p) {
      const part = partOf(range, p);
      if (bit === 1) range = part;
      else {
        range -= part;
        low += part;
        if (low > FULL) carry();
      }
      while (range < SMALLEST) {
        shift();
        range <<= 8;
      }
      return bit;
    },
    finish() {
      for (let i = 0; i < 4; i++) shift();
      return bytes.slice(0, length);
    },
  };

  function carry(): void {
    low -= FULL + 1;
    let at = length - 1;
    while (bytes[at] === 255) bytes[at--] = 0;
    bytes[at]++;
  }

  function shift(): void {
    if (length === bytes.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(bytes);
      bytes = larger;
    }
    bytes[length++] = low >>> 23;
    low = (low << 8) & FULL;
  }
}

/** Reads what {@link bitEncoder} wrote. Reading past the end is an InputError. O(1) a bit. */
export function bitDecoder(bytes: Uint8Array): BitCoder & { readonly position: number } {
  let at = 0;
  let last = take();
  let value = last;
  for (let i = 0; i < 3; i++) value = value * 256 + take();
  last = value & 255;
  value = Math.floor(value / 2);
  let range = FULL;
  return {
    code(_, p) {
      const part = partOf(range, p);
      let bit = 1;
      if (value < part) range = part;
      else {
        value -= part;
        range -= part;
        bit = 0;
      }
      while (range < SMALLEST) {
        // The top of the 31 bits is not the top of a byte, so each byte is split over two steps.
        const next = take();
        value = (value << 8) | ((last << 7) & 255) | (next >>> 1);
        last = next;
        range <<= 8;
      }
      return bit;
    },
    /** Bytes read so far: all of them once the last bit was read. */
    get position() {
      return at;
    },
  };

  function take(): number {
    if (at >= bytes.length)
      throw new InputError(`coded data must be complete, got an end after ${bytes.length} bytes`);
    return bytes[at++];
  }
}

/** The share of the range that a 1 takes: `range * p / 65536`, in parts that fit 32 bits. */
function partOf(range: number, p: number): number {
  return (range >>> 16) * p + (((range & 0xffff) * p) >>> 16);
}
