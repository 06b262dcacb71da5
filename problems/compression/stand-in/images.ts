import { InputError, randomOf, show } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { develop, PLANE, paint, SIDE } from './picture.js';
import { CLASS_NAMES } from './shapes.js';

/** Bytes of one record of the CIFAR-10 binary form: the label, then the planes R G B, rows from the top. */
export const RECORD_BYTES = 1 + 3 * PLANE;

/** Per-channel normalisation `(byte / 255 - mean) / std` that the stand-in network expects. */
export const STAND_IN_MEAN: readonly number[] = [0.475, 0.475, 0.475];
export const STAND_IN_STD: readonly number[] = [0.235, 0.235, 0.235];

/** Which pictures to draw. */
export interface StandInOptions {
  /** Pictures of different splits are unrelated; the network in this folder has learnt from `train` only. */
  readonly split: 'train' | 'test';
  /** Number of pictures; the first ones are the same whatever the count. */
  readonly count: number;
  /** Default 1, the seed of what the network in this folder was trained on. */
  readonly seed?: number;
}

/**
 * Labelled pictures that stand in for a real data set: ten classes of figures and textures in random place, size, turn
 * and colour, before a cluttered background, sometimes partly hidden, under noise. Classes are drawn uniformly.
 * Throws an InputError unless the count is a whole number, at least 1. About 0.2 milliseconds a picture.
 */
export function standInDataset(options: StandInOptions): Dataset {
  const { split, count, seed = 1 } = options;
  const records = standInRecords(options);
  return {
    name: `stand-in:${split}, seed ${seed}`,
    count,
    sampleShape: [3, SIDE, SIDE],
    labels: Int32Array.from({ length: count }, (_, i) => records[i * RECORD_BYTES]),
    classNames: CLASS_NAMES,
    read(first, number, out) {
      normalise(records.subarray(first * RECORD_BYTES, (first + number) * RECORD_BYTES), out);
    },
  };
}

/** The same pictures as the bytes of a CIFAR-10 binary file: `count` records of {@link RECORD_BYTES}. */
export function standInRecords({ split, count, seed = 1 }: StandInOptions): Uint8Array {
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InputError(`the number of stand-in images must be a whole number from 1, got ${show(count)}`);
  const records = new Uint8Array(count * RECORD_BYTES);
  for (let i = 0; i < count; i++)
    standInRecord(split, seed, i, records.subarray(i * RECORD_BYTES, (i + 1) * RECORD_BYTES));
  return records;
}

/** Writes the record of picture `index` of a split: it depends on nothing but split, seed and index. */
export function standInRecord(
  split: StandInOptions['split'],
  seed: number,
  index: number,
  out: Uint8Array,
): void {
  const random = randomOf('stand-in image', split, seed, index);
  const label = random.integer(CLASS_NAMES.length);
  out[0] = label;
  develop(paint(label, random), random, out.subarray(1));
}

/** Writes the pictures of whole records, normalised, planes R G B, one after the other to `out`. */
export function normalise(records: Uint8Array, out: Float32Array): void {
  const tables = STAND_IN_MEAN.map((mean, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / STAND_IN_STD[channel]),
  );
  let to = 0;
  for (let from = 0; from < records.length; ) {
    from++;
    for (const table of tables) for (let p = 0; p < PLANE; p++) out[to++] = table[records[from++]];
  }
}
