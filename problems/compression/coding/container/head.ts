import { InputError } from '../errors.js';
import type { Grid } from '../levels/neighbourhood.js';
import type { Path } from '../levels/trellis.js';
import type { Rule } from '../rule.js';
import type { ByteReader, ByteWriter } from './bytes.js';
import { countOf, LARGEST_MODEL, type Method, WIDTHS } from './layout.js';

/** What the head says of a tensor. */
export interface TensorRecord {
  readonly offset: number;
  readonly dataType: number;
  readonly grid: Grid;
  readonly rule: Rule;
  readonly method: Method;
  /** Where the levels follow a trellis: by mixing alone. */
  readonly path?: Path;
  /** Low bits of a level that are coded apart. */
  readonly shift: number;
  /** By table alone: the first symbol, the frequencies of the symbols from there on, and the bytes of its stream. */
  readonly table?: { readonly first: number; readonly frequencies: Uint16Array; readonly length: number };
}

/** Most low bits that can be coded apart. */
const MOST_SHIFT = 24;

/** The kinds of rules by their numbers. */
const RULES: readonly Rule['kind'][] = ['steps', 'table', 'gains'];
/** How levels are coded, times 4, in the byte of the rule. */
const CODINGS: readonly (Path | Method)[] = ['mixing', 'table', 'down', 'along'];

/** The offset is written as the distance from the end of the tensor before it, `end`. */
export function writeRecord(out: ByteWriter, record: TensorRecord, end: number): void {
  const { offset, dataType, grid, rule, method, path, shift, table } = record;
  out.whole(offset - end);
  out.byte(dataType);
  for (const side of [grid.rows, grid.columns, grid.taps, grid.width]) out.whole(side);
  out.byte(RULES.indexOf(rule.kind) + 4 * CODINGS.indexOf(path ?? method));
  out.byte(shift);
  if (rule.kind === 'table') {
    out.whole(zigzag(rule.first));
    out.whole(rule.values.length);
    for (const value of rule.values) out.float(value);
  } else if (rule.kind === 'gains') {
    out.float(rule.step);
    out.bytes(rule.gains);
  } else {
    out.whole(rule.steps.length);
    for (const step of rule.steps) out.float(step);
    for (const by of rule.offsets) out.float(by);
  }
  if (!table) return;
  out.whole(zigzag(table.first));
  out.whole(table.frequencies.length);
  for (const frequency of table.frequencies) out.whole(frequency);
  out.whole(table.length);
}

/** Reads a record and checks all that later steps count on. Allocates no more than a small multiple of the bytes it reads. */
export function readRecord(input: ByteReader, end: number): TensorRecord {
  const offset = end + input.whole();
  const dataType = input.byte();
  if (WIDTHS[dataType] === undefined) throw bad('element types must be floating-point or int8', dataType);
  const [rows, columns, taps, width] = [input.whole(), input.whole(), input.whole(), input.whole()];
  const grid = { rows, columns, taps, width };
  const count = countOf(grid);
  if (!(count * WIDTHS[dataType] <= LARGEST_MODEL) || width < 1 || width > Math.max(1, taps))
    throw bad('tensors must have sides that fit a model', `${rows} x ${columns} x ${taps}, ${width} wide`);
  // Empty tensors are left in the model.
  if (count === 0) throw bad('tensors must have elements', `${rows} x ${columns} x ${taps}`);
  const flags = input.byte();
  const shift = input.byte();
  const kind = RULES[flags & 3];
  const coding = CODINGS[flags >> 2];
  if (coding === undefined || kind === undefined) throw bad('flags of a tensor must be known', flags);
  if (shift > MOST_SHIFT) throw bad(`a shift must be at most ${MOST_SHIFT}`, shift);
  const rule =
    kind === 'table' ? readTable(input) : kind === 'gains' ? readGains(input, rows) : readSteps(input, rows);
  const base = { offset, dataType, grid, rule, shift };
  if (coding === 'mixing') return { ...base, method: coding };
  if (coding !== 'table') return { ...base, method: 'mixing', path: coding };
  const first = unzigzag(input.whole());
  const frequencies = new Uint16Array(counted(input, input.whole(), 1, 'frequencies'));
  for (let s = 0; s < frequencies.length; s++) {
    const frequency = input.whole();
    if (frequency > 4096) throw bad('a frequency must be at most 4096', frequency);
    frequencies[s] = frequency;
  }
  const table = { first, frequencies, length: input.whole() };
  return { ...base, method: coding, table };
}

function readSteps(input: ByteReader, rows: number): Rule {
  const count = input.whole();
  if (count !== 1 && count !== rows) throw bad('a tensor must have one step or one a row', count);
  const steps = new Float32Array(counted(input, count, 4, 'steps'));
  for (let i = 0; i < count; i++) steps[i] = input.float();
  return { kind: 'steps', steps, offsets: [input.float(), input.float()] };
}

function readGains(input: ByteReader, rows: number): Rule {
  return { kind: 'gains', step: input.float(), gains: input.bytes(rows).slice() };
}

function readTable(input: ByteReader): Rule {
  const first = unzigzag(input.whole());
  const values = new Float32Array(counted(input, input.whole(), 4, 'values'));
  if (values.length === 0) throw bad('a table of values must have some', 0);
  for (let i = 0; i < values.length; i++) values[i] = input.float();
  return { kind: 'table', first, values };
}

/** A count of things that take `bytes` each at least, where there are so many left. */
function counted(input: ByteReader, count: number, bytes: number, what: string): number {
  if (count * bytes > input.left) throw bad(`${what} of a tensor must be in the container`, count);
  return count;
}

function bad(law: string, got: unknown): InputError {
  return new InputError(`a container is damaged: ${law}, got ${got}`);
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
