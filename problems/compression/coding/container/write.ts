import { codeBytes } from '../arithmetic/byte-coder.js';
import { LEAST_COST } from '../arithmetic/mixer.js';
import { bitEncoder } from '../arithmetic/range-coder.js';
import { InputError } from '../errors.js';
import { LARGEST_LEVEL, levelCoder, shiftFor } from '../levels/level-coder.js';
import { reconstruct } from '../rule.js';
import { byteWriter } from './bytes.js';
import { crc32 } from './checksum.js';
import { type TensorRecord, writeRecord } from './head.js';
import {
  BACK,
  type CodedTensor,
  FRONT,
  HEAD_MIXED,
  HEAD_REPEATS,
  LARGEST_MODEL,
  MAGIC,
  type Method,
  VERSION,
  WIDTHS,
  WITHOUT_TRELLIS,
} from './layout.js';
import { writeElements } from './narrow.js';
import { packRepeats } from './repeats.js';
import { tabled } from './tabled.js';

/**
 * The model that coded tensors stand for: a copy of the file with what their levels mean written over their data. This is
 * the file that {@link unpack} gives back, byte for byte.
 */
export function withLevels(model: Uint8Array, tensors: readonly CodedTensor[]): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(model);
  for (const { offset, dataType, grid, levels, rule } of tensors)
    writeElements(
      reconstruct(levels, rule, grid),
      dataType,
      bytes.subarray(offset, offset + levels.length * WIDTHS[dataType]),
    );
  return bytes;
}

/**
 * The container of a model: its file without the data of the tensors, and their levels, coded. `mixing` makes the smallest file;
 * `table` one that unpacks about ten times faster (tensors under 2048 elements, and those with a trellis, are mixed all the same). Linear in time.
 *
 * Throws an InputError on tensors that overlap or lie outside of the file, on a level past 2^24, and on
 * one that its path does not allow.
 */
export function writeContainer(
  model: Uint8Array,
  tensors: readonly CodedTensor[],
  method: Method = 'mixing',
): Uint8Array<ArrayBuffer> {
  if (model.length > LARGEST_MODEL)
    throw new InputError(`a model must hold at most ${LARGEST_MODEL} bytes, got ${model.length}`);
  const inOrder = tensors.filter(({ levels }) => levels.length > 0).sort((a, b) => a.offset - b.offset);
  const head = byteWriter();
  const mixed = bitEncoder();
  const coder = levelCoder();
  const streams: Uint8Array[] = [];
  head.whole(inOrder.length);
  let end = 0;
  const rest: Uint8Array[] = [];
  for (const tensor of inOrder) {
    const { offset, dataType, grid, levels, rule, path } = tensor;
    const length = levels.length * WIDTHS[dataType];
    if (!(offset >= end && offset + length <= model.length))
      throw new InputError(`tensors must lie in the model, apart from each other, got one at ${offset}`);
    checkLevels(levels);
    const base = { offset, dataType, grid, rule };
    const table = method === 'table' && !path && levels.length >= FEWEST_TABLED ? tabled(levels) : undefined;
    const record: TensorRecord = table
      ? { ...base, method: 'table', shift: table.shift, table: { ...table, length: table.stream.length } }
      : { ...base, method: 'mixing', path, shift: shiftFor(levels, path) };
    writeRecord(head, record, end);
    if (table) streams.push(table.stream);
    else coder.code(mixed, levels.slice(), grid, record.shift, path);
    rest.push(model.subarray(end, offset));
    end = offset + length;
  }
  const mixedBytes = mixed.finish();
  head.whole(mixedBytes.length);
  for (const part of [...rest, model.subarray(end)]) head.bytes(part);
  const wholeHead = head.finish();
  const coded = codedHead(wholeHead, method);
  const out = byteWriter();
  out.bytes(front(model, tensors, wholeHead.length, coded.length, [mixedBytes, ...streams]));
  for (const part of [coded, mixedBytes, ...streams]) out.bytes(part);
  out.bytes(new Uint8Array(BACK));
  const file = out.finish();
  const view = new DataView(file.buffer);
  view.setUint32(file.length - BACK, crc32(file.subarray(0, file.length - BACK)), true);
  return file;
}

/** A byte that says how, and the head. */
function codedHead(head: Uint8Array, method: Method): Uint8Array {
  const out = byteWriter();
  const fast = method === 'table' && head.length <= LARGEST_FAST ? packRepeats(head) : null;
  // What is justified by mixing must be so here, or the reader refuses it.
  if (fast && 8 * head.length * LEAST_COST <= 8 * fast.length) {
    out.byte(HEAD_REPEATS);
    out.bytes(fast);
    return out.finish();
  }
  const encoder = bitEncoder();
  codeBytes(encoder, head);
  out.byte(HEAD_MIXED);
  out.bytes(encoder.finish());
  return out.finish();
}

const LARGEST_FAST = 2 ** 27;

/** Below this many elements the table of a tensor is not worth its bytes. */
const FEWEST_TABLED = 2048;

function front(
  model: Uint8Array,
  tensors: readonly CodedTensor[],
  head: number,
  coded: number,
  streams: readonly Uint8Array[],
): Uint8Array {
  const bytes = new Uint8Array(FRONT);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes[4] = tensors.some(({ path }) => path) ? VERSION : WITHOUT_TRELLIS;
  view.setUint32(5, FRONT + coded + streams.reduce((sum, { length }) => sum + length, 0) + BACK, true);
  view.setUint32(9, model.length, true);
  view.setUint32(13, crc32(withLevels(model, tensors)), true);
  view.setUint32(17, head, true);
  view.setUint32(21, coded, true);
  return bytes;
}

function checkLevels(levels: Int32Array): void {
  for (let i = 0; i < levels.length; i++)
    if (Math.abs(levels[i]) > LARGEST_LEVEL)
      throw new InputError(`a level must lie within 2^24 of zero, got ${levels[i]}`);
}
