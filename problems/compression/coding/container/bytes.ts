import { InputError } from '../errors.js';

/** Collects the fields of a header. */
export interface ByteWriter {
  byte(value: number): void;
  /** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
  whole(value: number): void;
  float(value: number): void;
  bytes(value: Uint8Array): void;
  finish(): Uint8Array<ArrayBuffer>;
}

export function byteWriter(): ByteWriter {
  const parts: Uint8Array[] = [];
  let small: number[] = [];
  const flush = () => {
    parts.push(Uint8Array.from(small));
    small = [];
  };
  return {
    byte: (value) => void small.push(value),
    whole(value) {
      let rest = value;
      for (; rest >= 128; rest = Math.floor(rest / 128)) small.push((rest % 128) | 128);
      small.push(rest);
    },
    float(value) {
      const view = new DataView(new ArrayBuffer(4));
      view.setFloat32(0, value, true);
      for (let i = 0; i < 4; i++) small.push(view.getUint8(i));
    },
    bytes(value) {
      flush();
      parts.push(value);
    },
    finish() {
      flush();
      const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        out.set(part, at);
        at += part.length;
      }
      return out;
    },
  };
}

/** Reads what {@link byteWriter} wrote, front to back. Every read past the end is an InputError. */
export interface ByteReader {
  byte(): number;
  whole(): number;
  float(): number;
  /** A view of the next `length` bytes. */
  bytes(length: number): Uint8Array;
  /** Bytes not read yet. */
  readonly left: number;
}

export function byteReader(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const take = (length: number) => {
    if (length > bytes.length - at)
      throw new InputError(
        `a container must be complete, got an end ${length - (bytes.length - at)} bytes early`,
      );
    at += length;
    return at - length;
  };
  return {
    byte: () => bytes[take(1)],
    whole() {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes[take(1)];
        value += (byte & 127) * factor;
        if (byte < 128) break;
        if (factor >= 2 ** 49)
          throw new InputError('a number of a container must lie below 2^53, got a longer one');
      }
      if (value > Number.MAX_SAFE_INTEGER)
        throw new InputError(`a number of a container must lie below 2^53, got ${value}`);
      return value;
    },
    float: () => view.getFloat32(take(4), true),
    bytes(length) {
      const start = take(length);
      return bytes.subarray(start, start + length);
    },
    get left() {
      return bytes.length - at;
    },
  };
}
