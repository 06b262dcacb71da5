import type { Grid } from '../levels/neighbourhood.js';
import type { Path } from '../levels/trellis.js';
import type { Rule } from '../rule.js';

/*
 * A container, numbers little-endian:
 *
 *     4  'ONNZ'
 *     1  version of the format: 1, or 2 where levels follow a trellis
 *     4  length of the whole file
 *     4  length of the model, an .onnx file
 *     4  CRC-32 of the model
 *     4  length of the head
 *     4  length of the coded head
 *     .  coded head: a byte, 0 where the rest is mixed by `byte-coder`, 1 where it is packed by `repeats`
 *     .  levels of the tensors coded by mixing, one stream
 *     .  levels of the tensors coded by table, a stream each
 *     4  CRC-32 of all before
 *
 * The head: the number of tensors, a record for each (see `head.ts`), and the model with the data of those tensors left out.
 * Version and checksum keep their places in all versions.
 */
export const MAGIC = [0x4f, 0x4e, 0x4e, 0x5a];
/** The newest version, and the one without trellises. */
export const VERSION = 2;
export const WITHOUT_TRELLIS = 1;
/** Bytes before the coded head, and behind everything. */
export const FRONT = 25;
export const BACK = 4;
/** How the head is coded. */
export const HEAD_MIXED = 0;
export const HEAD_REPEATS = 1;
/** A model is a protobuf message, which holds at most 2 GB. */
export const LARGEST_MODEL = 2 ** 31 - 1;

/** Bytes of an element of the types that a container codes: float32, int8, float16, float64, bfloat16, by their number in ONNX. */
export const WIDTHS: Readonly<Record<number, number>> = { 1: 4, 3: 1, 10: 2, 11: 8, 16: 2 };

/** How the levels of a tensor are coded: by mixing (small and slow) or by a static table (fast). */
export type Method = 'mixing' | 'table';

/** A tensor in coded form. */
export interface CodedTensor {
  /** Where its data lie in the model. */
  readonly offset: number;
  /** `TensorProto.DataType`: 1 float32, 3 int8, 10 float16, 11 float64, 16 bfloat16. */
  readonly dataType: number;
  readonly grid: Grid;
  readonly levels: Int32Array;
  readonly rule: Rule;
  /** Which way the levels follow a trellis, where they do; then they are coded by mixing. */
  readonly path?: Path;
}

export function countOf({ rows, columns, taps }: Grid): number {
  return rows * columns * taps;
}
