import { codeBytes } from '../arithmetic/byte-coder.js';
import { LEAST_COST } from '../arithmetic/mixer.js';
import { bitDecoder } from '../arithmetic/range-coder.js';
import { InputError } from '../errors.js';
import { levelCoder } from '../levels/level-coder.js';
import { reconstruct } from '../rule.js';
import { type ByteReader, byteReader } from './bytes.js';
import { crc32 } from './checksum.js';
import { readRecord, type TensorRecord } from './head.js';
import {
  BACK,
  countOf,
  FRONT,
  HEAD_MIXED,
  HEAD_REPEATS,
  LARGEST_MODEL,
  MAGIC,
  VERSION,
  WIDTHS,
  WITHOUT_TRELLIS,
} from './layout.js';
import { writeElements } from './narrow.js';
import { unpackRepeats } from './repeats.js';
import { untabled } from './tabled.js';

/** What the front of a container says. */
export interface ContainerFacts {
  readonly version: number;
  /** Bytes of the container, and of the .onnx file in it. */
  readonly size: number;
  readonly modelSize: number;
}

/**
 * The .onnx file that a container holds, byte for byte as it was packed. Linear in the length of the model; memory is
 * allocated only for what the length of the container can stand for. Uses nothing of Node: it runs in browsers.
 *
 * Throws an InputError, and nothing else, on bytes that are no container, on one that was cut short, lengthened or changed
 * anywhere, and on one of a newer version.
 */
export function unpack(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { modelSize } = containerFacts(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [checksum, headLength, codedLength] = [13, 17, 21].map((at) => view.getUint32(at, true));
  const body = bytes.subarray(FRONT, bytes.length - BACK);
  if (codedLength > body.length)
    throw damaged(`its head must lie in it, got ${codedLength} bytes of ${body.length}`);
  const input = byteReader(headOf(body.subarray(0, codedLength), headLength));
  const records = readRecords(input);
  const streams = byteReader(body.subarray(codedLength));
  const model = assemble(records, input, streams, modelSize);
  if (crc32(model) !== checksum)
    throw damaged('its model must have the checksum that was packed, got another');
  return model;
}

/** Reads the front of a container and checks the whole of it. Throws as {@link unpack}. */
export function containerFacts(bytes: Uint8Array): ContainerFacts {
  if (bytes.length < 5 || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw new InputError(`a container must begin with ONNZ, got ${bytes.length} bytes that do not`);
  const version = bytes[4];
  if (version < WITHOUT_TRELLIS || version > VERSION)
    throw new InputError(
      version > VERSION
        ? `a container must be of version ${VERSION} at most for this program, got version ${version}: update fronteira`
        : `a container must be of version ${WITHOUT_TRELLIS} at least, got version ${version}`,
    );
  if (bytes.length < FRONT + BACK)
    throw damaged(`it must have ${FRONT + BACK} bytes at least, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getUint32(5, true);
  if (size !== bytes.length) throw damaged(`it must have ${size} bytes as it says, got ${bytes.length}`);
  if (crc32(bytes.subarray(0, size - BACK)) !== view.getUint32(size - BACK, true))
    throw damaged('its bytes must have the checksum at its end, got another');
  return { version, size, modelSize: view.getUint32(9, true) };
}

function headOf(coded: Uint8Array, length: number): Uint8Array {
  justify(length * 8, coded.length, 'head');
  const head = new Uint8Array(length);
  const rest = coded.subarray(1);
  if (coded[0] === HEAD_REPEATS) unpackRepeats(rest, head);
  else if (coded[0] === HEAD_MIXED) codeBytes(bitDecoder(rest), head);
  else throw damaged(`its head must be coded in a way that is known, got ${coded[0]}`);
  return head;
}

/** A record takes 15 bytes of the head at least, so their number is bounded by it. */
function readRecords(input: ByteReader): TensorRecord[] {
  const records: TensorRecord[] = [];
  let end = 0;
  for (let count = input.whole(); count > 0; count--) {
    const record = readRecord(input, end);
    end = record.offset + sizeOf(record);
    if (end > LARGEST_MODEL) throw damaged(`its tensors must fit a model, got one that ends at ${end}`);
    records.push(record);
  }
  return records;
}

/** Puts the tensors into the rest of the model, which is what is left of the head. */
function assemble(
  records: readonly TensorRecord[],
  input: ByteReader,
  streams: ByteReader,
  modelSize: number,
): Uint8Array<ArrayBuffer> {
  const mixed = streams.bytes(input.whole());
  const size = records.reduce((sum, record) => sum + sizeOf(record), input.left);
  if (size !== modelSize || size > LARGEST_MODEL)
    throw damaged(`its parts must make a model of ${modelSize} bytes, got ${size}`);
  const elements = (of: readonly TensorRecord[]) => of.reduce((sum, { grid }) => sum + countOf(grid), 0);
  justify(elements(records.filter(({ table }) => !table)), mixed.length, 'levels');
  for (const record of records)
    if (record.table) justify(countOf(record.grid), record.table.length, 'levels');
  const tables = records.reduce((sum, { table }) => sum + (table?.length ?? 0), 0);
  if (tables !== streams.left)
    throw damaged(`its streams must fill it, got ${tables} bytes of ${streams.left}`);
  const model = new Uint8Array(size);
  const decoder = bitDecoder(mixed);
  const coder = levelCoder();
  let end = 0;
  for (const record of records) {
    const { offset, dataType, grid, rule, path, shift, table } = record;
    model.set(input.bytes(offset - end), end);
    end = offset + sizeOf(record);
    const levels = new Int32Array(countOf(grid));
    if (table) untabled({ ...table, shift, stream: streams.bytes(table.length) }, levels);
    else coder.code(decoder, levels, grid, shift, path);
    writeElements(reconstruct(levels, rule, grid), dataType, model.subarray(offset, end));
  }
  if (decoder.position !== mixed.length) throw damaged('its levels must be used up, got some left over');
  model.set(input.bytes(input.left), end);
  return model;
}

function sizeOf({ grid, dataType }: TensorRecord): number {
  return countOf(grid) * WIDTHS[dataType];
}

/** Refuses more coded bits than so many bytes can hold. */
function justify(bits: number, bytes: number, what: string): void {
  if (bits * LEAST_COST > 8 * bytes)
    throw damaged(`its ${what} must be justified by its length, got ${bits} bits in ${bytes} bytes`);
}

function damaged(law: string): InputError {
  return new InputError(`a container is damaged: ${law}`);
}
