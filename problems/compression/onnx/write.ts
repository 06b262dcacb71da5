import { InputError } from '../../../src/index.js';
import { encodedOf } from './encoded.js';
import type { Int64, Model } from './model.js';
import { type Field, FOUR_BYTES, MODEL, type Schema, VARINT, WIRE } from './schema.js';

/** A protobuf message, and with it an ONNX file, holds at most 2^31 - 1 bytes. */
export const LARGEST_FILE = 2 ** 31 - 1;

/**
 * The bytes of an ONNX file. Messages that came from a file and were not replaced keep their very bytes, so an unedited
 * model is written back as it was read; others are written field by field in ascending order, unknown fields last.
 * The tensor data are copied once. Throws an InputError when the file would be larger than {@link LARGEST_FILE}.
 */
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  const sizes: Sizes = new Map();
  const size = sizeOfMessage(MODEL, model, sizes);
  if (size > LARGEST_FILE)
    throw new InputError(`an ONNX file must hold at most ${LARGEST_FILE} bytes, got a model of ${size}`);
  const out: Output = { bytes: new Uint8Array(size), at: 0 };
  writeMessage(MODEL, model, sizes, out);
  return out.bytes;
}

type Sizes = Map<object, number>;
type Message = Readonly<Record<string, unknown>>;
interface Output {
  readonly bytes: Uint8Array<ArrayBuffer>;
  at: number;
}

function sizeOfMessage(schema: Schema, message: object, sizes: Sizes): number {
  const encoded = encodedOf(message);
  if (encoded) return encoded.length;
  const known = sizes.get(message);
  if (known !== undefined) return known;
  let size = (message as { rest: Uint8Array }).rest.length;
  for (const field of schema.fields) size += sizeOfField(field, (message as Message)[field.name], sizes);
  sizes.set(message, size);
  return size;
}

function sizeOfField(field: Field, value: unknown, sizes: Sizes): number {
  const tag = varintSize(field.number * 8);
  let size = 0;
  for (const entry of entriesOf(field, value)) {
    const wire = WIRE[field.kind];
    if (wire === VARINT) size += tag + varintSize(entry as Int64);
    else if (wire === FOUR_BYTES) size += tag + 4;
    else {
      const length = field.of
        ? sizeOfMessage(field.of(), entry as object, sizes)
        : typeof entry === 'string'
          ? Buffer.byteLength(entry)
          : (entry as Uint8Array).length;
      size += tag + varintSize(length) + length;
    }
  }
  return size;
}

function writeMessage(schema: Schema, message: object, sizes: Sizes, out: Output): void {
  const encoded = encodedOf(message);
  if (encoded) {
    writeBytes(encoded, out);
    return;
  }
  for (const field of schema.fields) writeField(field, (message as Message)[field.name], sizes, out);
  writeBytes((message as { rest: Uint8Array }).rest, out);
}

function writeField(field: Field, value: unknown, sizes: Sizes, out: Output): void {
  const wire = WIRE[field.kind];
  for (const entry of entriesOf(field, value)) {
    writeVarint(field.number * 8 + wire, out);
    if (wire === VARINT) writeVarint(entry as Int64, out);
    else if (wire === FOUR_BYTES) writeFloat(entry as number, out);
    else if (field.of) {
      writeVarint(sizeOfMessage(field.of(), entry as object, sizes), out);
      writeMessage(field.of(), entry as object, sizes, out);
    } else {
      const bytes = typeof entry === 'string' ? Buffer.from(entry) : (entry as Uint8Array);
      writeVarint(bytes.length, out);
      writeBytes(bytes, out);
    }
  }
}

/** The values to write: none for a field that is absent, one, or the entries of a list. */
function entriesOf({ kind }: Field, value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (kind === 'int' || kind === 'text') return value === 0 || value === '' ? [] : [value];
  if (kind === 'packed') return (value as Uint8Array).length === 0 ? [] : [value];
  return Array.isArray(value) ? value : [value];
}

function writeFloat(value: number, out: Output): void {
  new DataView(out.bytes.buffer).setFloat32(out.at, value, true);
  out.at += 4;
}

function writeBytes(bytes: Uint8Array, out: Output): void {
  out.bytes.set(bytes, out.at);
  out.at += bytes.length;
}

/** A negative int64 is its two's complement, ten bytes. */
function varintSize(value: Int64): number {
  if (value < 0) return 10;
  let size = 1;
  if (typeof value === 'number') for (let v = value; v >= 128; v = Math.floor(v / 128)) size++;
  else for (let v = value; v >= 128n; v >>= 7n) size++;
  return size;
}

function writeVarint(value: Int64, out: Output): void {
  if (typeof value === 'number' && value >= 0) {
    let v = value;
    for (; v >= 128; v = Math.floor(v / 128)) out.bytes[out.at++] = (v % 128) | 128;
    out.bytes[out.at++] = v;
    return;
  }
  let v = BigInt.asUintN(64, BigInt(value));
  for (; v >= 128n; v >>= 7n) out.bytes[out.at++] = Number(v & 127n) | 128;
  out.bytes[out.at++] = Number(v);
}
