import { InputError, show } from '../../../src/index.js';
import { rememberEncoded } from './encoded.js';
import type { Attribute, Int64, Model, Node, SparseTensor, Tensor, ValueInfo } from './model.js';
import { EIGHT_BYTES, type Field, FOUR_BYTES, LENGTH, MODEL, type Schema, VARINT, WIRE } from './schema.js';

/**
 * Reads the bytes of an ONNX file. `name` is what errors call it. Nothing that is large is copied: the data of tensors are
 * views on `bytes`, which must not change afterwards (but for the data themselves). One pass, linear in the length.
 *
 * Throws an InputError, and nothing else, on bytes that are no complete ONNX model: empty, cut short, no protobuf, a protobuf message of
 * another kind, messages nested more than 100 deep (the limit of protobuf itself), or a part without what it is made of (a
 * node without its operator, a tensor without its type).
 */
export function readModel(bytes: Uint8Array, name: string): Model {
  if (bytes.length === 0) throw new InputError(`${show(name)} must be an ONNX model, got an empty file`);
  // A plain Uint8Array, as a Buffer would make every view a Buffer.
  const input: Input = { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), name };
  const model = readMessage(input, MODEL, 0, bytes.length, 0) as Model;
  const missing = !model.irVersion
    ? 'a version of the file format (ir_version)'
    : !model.graph
      ? 'a graph'
      : model.opsets.length === 0
        ? 'an operator set (opset_import)'
        : undefined;
  if (missing) throw refusal(input, `a file without ${missing}`);
  return model;
}

interface Input {
  readonly bytes: Uint8Array;
  readonly name: string;
}

const DEEPEST = 100;
const NOTHING = new Uint8Array(0);
const NONE: readonly never[] = [];
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function refusal({ name }: Input, got: string): InputError {
  return new InputError(`${show(name)} must be an ONNX model, got ${got}`);
}

/** Reads the message that lies in `bytes[start, end)`. */
function readMessage(input: Input, schema: Schema, start: number, end: number, depth: number): object {
  if (depth > DEEPEST) throw refusal(input, `messages nested more than ${DEEPEST} deep`);
  const message: Record<string, unknown> = {};
  for (const field of schema.fields) {
    const empty = EMPTY[field.kind];
    if (empty !== undefined) message[field.name] = empty;
  }
  const packed = new Map<string, Gathered>();
  const rest: Gathered = { bytes: NOTHING, length: 0 };
  const cursor = { at: start };
  while (cursor.at < end) {
    const fieldStart = cursor.at;
    const tag = Number(readVarint(input, cursor, end));
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number === 0 || number >= 2 ** 29) throw refusal(input, 'bytes that are no protobuf message');
    const valueStart = valueStartOf(input, schema, wire, cursor, end);
    const field = schema.byNumber.get(number);
    if (field === undefined) gather(rest, input.bytes.subarray(fieldStart, cursor.at));
    else if (field.kind === 'packed' && (wire === LENGTH || wire === field.scalar)) {
      const gathered = packed.get(field.name) ?? { bytes: NOTHING, length: 0 };
      packed.set(field.name, gathered);
      gather(gathered, input.bytes.subarray(valueStart, cursor.at));
    } else readField(input, schema, field, message, wire, valueStart, cursor.at, depth);
  }
  for (const [name, { bytes, length }] of packed) message[name] = bytes.subarray(0, length);
  message.rest = rest.bytes.subarray(0, rest.length);
  const fault = faultOf(schema, message);
  if (fault) throw refusal(input, fault);
  rememberEncoded(message, input.bytes.subarray(start, end));
  return message;
}

/** What a field that does not occur holds; undefined where it is left out. */
const EMPTY: Readonly<Record<Field['kind'], unknown>> = {
  int: 0,
  optionalInt: undefined,
  ints: NONE,
  optionalFloat: undefined,
  floats: NONE,
  text: '',
  optionalText: undefined,
  texts: NONE,
  bytes: undefined,
  bytesList: NONE,
  packed: NOTHING,
  message: undefined,
  messages: NONE,
};

/** Moves the cursor behind the value of a field and returns where its content begins. */
function valueStartOf(
  input: Input,
  schema: Schema,
  wire: number,
  cursor: { at: number },
  end: number,
): number {
  let start = cursor.at;
  if (wire === VARINT) readVarint(input, cursor, end);
  else if (wire === EIGHT_BYTES) cursor.at += 8;
  else if (wire === FOUR_BYTES) cursor.at += 4;
  else if (wire === LENGTH) {
    const length = Number(readVarint(input, cursor, end));
    start = cursor.at;
    cursor.at += length;
  } else throw refusal(input, 'bytes that are no protobuf message');
  if (cursor.at > end)
    throw refusal(
      input,
      `a file that is cut short or damaged: a part of its ${schema.name} runs past the end`,
    );
  return start;
}

function readField(
  input: Input,
  schema: Schema,
  field: Field,
  message: Record<string, unknown>,
  wire: number,
  start: number,
  end: number,
  depth: number,
): void {
  const { bytes } = input;
  const list = Array.isArray(message[field.name]);
  if (list && wire === LENGTH && WIRE[field.kind] !== LENGTH) {
    // A list of numbers in packed form.
    const values = listOf(message, field.name);
    const cursor = { at: start };
    while (cursor.at < end) values.push(readScalar(input, schema, field, cursor, end));
    return;
  }
  if (wire !== WIRE[field.kind])
    throw refusal(input, `a message whose field ${field.number} is not that of ${aName(schema)}`);
  let value: unknown;
  if (wire !== LENGTH) value = readScalar(input, schema, field, { at: start }, end);
  else if (field.of) value = readMessage(input, field.of(), start, end, depth + 1);
  else if (field.kind === 'bytes' || field.kind === 'bytesList') value = bytes.subarray(start, end);
  else value = readText(input, schema, start, end);
  if (list) listOf(message, field.name).push(value);
  // A message that comes in pieces would have to be merged, and no writer of ONNX files does that.
  else if (field.of && message[field.name] !== undefined)
    throw refusal(input, `${aName(schema)} with two values of its field ${field.number}`);
  else message[field.name] = value;
}

/** The list of a field, made when its first entry comes. */
function listOf(message: Record<string, unknown>, name: string): unknown[] {
  if (message[name] === NONE) message[name] = [];
  return message[name] as unknown[];
}

function readScalar(
  input: Input,
  schema: Schema,
  field: Field,
  cursor: { at: number },
  end: number,
): Int64 | number {
  if (WIRE[field.kind] === FOUR_BYTES) {
    if (cursor.at + 4 > end) throw refusal(input, `${aName(schema)} that is damaged`);
    const { buffer, byteOffset } = input.bytes;
    cursor.at += 4;
    return new DataView(buffer, byteOffset + cursor.at - 4, 4).getFloat32(0, true);
  }
  const value = readVarint(input, cursor, end);
  const signed = typeof value === 'bigint' ? BigInt.asIntN(64, value) : value;
  const exact = Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  if (field.kind === 'int' && (typeof exact === 'bigint' || exact < 0))
    throw refusal(input, `${aName(schema)} whose field ${field.number} is ${exact}`);
  return exact;
}

function readText(input: Input, schema: Schema, start: number, end: number): string {
  try {
    return utf8.decode(input.bytes.subarray(start, end));
  } catch {
    throw refusal(input, `${aName(schema)} with a name that is not UTF-8`);
  }
}

/** An unsigned varint of at most ten bytes: a number below 2^53, else a bigint. */
function readVarint(input: Input, cursor: { at: number }, end: number): Int64 {
  const { bytes } = input;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 7 && cursor.at < end; i++) {
    const byte = bytes[cursor.at++];
    value += (byte & 127) * scale;
    if (byte < 128) return value;
    scale *= 128;
  }
  let large = BigInt(value);
  for (let shift = 49n; shift < 70n && cursor.at < end; shift += 7n) {
    const byte = bytes[cursor.at++];
    large |= BigInt(byte & 127) << shift;
    if (byte < 128) {
      const wrapped = BigInt.asUintN(64, large);
      return wrapped < 2n ** 53n ? Number(wrapped) : wrapped;
    }
  }
  throw refusal(
    input,
    cursor.at >= end
      ? 'a file that is cut short or damaged: a number runs past the end'
      : 'bytes that are no protobuf message',
  );
}

/** `a TensorProto`, `an AttributeProto`. */
function aName({ name }: Schema): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** Bytes that may come in several pieces: a view while there is one, a growing copy from the second on. */
interface Gathered {
  bytes: Uint8Array;
  length: number;
}

function gather(into: Gathered, piece: Uint8Array): void {
  if (into.length === 0) into.bytes = piece;
  else {
    const needed = into.length + piece.length;
    // A single piece is a view on the file and has no room of its own.
    if (needed > into.bytes.length) {
      const grown = new Uint8Array(needed * 2);
      grown.set(into.bytes.subarray(0, into.length));
      into.bytes = grown;
    }
    into.bytes.set(piece, into.length);
  }
  into.length += piece.length;
}

/** What a message lacks to be what it should be. */
function faultOf(schema: Schema, message: object): string | undefined {
  if (schema.name === 'NodeProto' && (message as Node).opType === '') return 'a node without an operator';
  if (schema.name === 'AttributeProto' && (message as Attribute).name === '')
    return 'an attribute without a name';
  if (schema.name === 'ValueInfoProto' && (message as ValueInfo).name === '')
    return 'an input or output without a name';
  if (schema.name === 'SparseTensorProto' && !(message as SparseTensor).values)
    return 'a sparse tensor without values';
  if (schema.name !== 'TensorProto') return undefined;
  const { name, dataType, dims } = message as Tensor;
  if (dataType === 0) return `a tensor ${show(name)} without an element type`;
  if (dims.some((dim) => typeof dim !== 'number' || dim < 0))
    return `a tensor ${show(name)} of shape [${dims.join(', ')}]`;
  return undefined;
}
