import { InputError } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { toFloat16 } from '../onnx/float16.js';
import type { ScoreArray } from './runtime.js';

/** A data set cut into batches of the form that the model takes. */
export interface Batches {
  /** Rows of a full batch. */
  readonly size: number;
  /** Number of batches; the last may be smaller. */
  readonly count: number;
  /** How many of them are full: the ones that are timed. When none is, the only batch. */
  readonly timed: number;
  /** Batch `index`, kept from the opening or read again. */
  at(index: number): Promise<Batch>;
}

export interface Batch {
  /** The first sample. */
  readonly first: number;
  /** How many rows are samples; the rest repeats the last one and is to be ignored. */
  readonly valid: number;
  readonly dims: readonly number[];
  readonly data: ScoreArray;
}

export interface BatchForm {
  readonly size: number;
  /** Every batch must have exactly `size` rows. */
  readonly fixed: boolean;
  readonly type: 'float32' | 'float16';
}

/** Past this many bytes the batches are read again for every evaluation. */
const KEPT_BYTES = 512 * 2 ** 20;
/** A batch past this many bytes of floats is refused: far more than any network wants, and few machines could hold it. */
const LARGEST_BATCH = 2 * 2 ** 30;

/**
 * Cuts `dataset` into batches of `size` samples in order. A last batch that is too small repeats its last sample: up
 * to the full size where the model wants it, else up to two rows (see `openSession` on batches of one). Repeating a
 * sample leaves the range of the values alone, which counts for models that quantize their activations by the range
 * of the batch.
 *
 * The batches are kept in memory where they take at most `keptBytes`. Throws an InputError when one alone takes more than
 * 2 GiB as float32, or more than there is.
 */
export async function prepareBatches(
  dataset: Dataset,
  form: BatchForm,
  { keptBytes = KEPT_BYTES, signal }: { readonly keptBytes?: number; readonly signal?: AbortSignal } = {},
): Promise<Batches> {
  const { size } = form;
  const count = Math.ceil(dataset.count / size);
  const sampleSize = dataset.sampleShape.reduce((product, side) => product * side, 1);
  const largest = form.fixed ? size : Math.max(Math.min(size, dataset.count), Math.min(2, size));
  if (!(largest * sampleSize * 4 <= LARGEST_BATCH)) throw tooLarge(largest, dataset);
  const bytes = dataset.count * sampleSize * (form.type === 'float16' ? 2 : 4);
  const timed = Math.max(1, Math.floor(dataset.count / size));
  if (bytes > keptBytes)
    return { size, count, timed, at: (index) => readBatch(dataset, form, sampleSize, index) };
  const kept: Batch[] = [];
  for (let index = 0; index < count; index++) {
    signal?.throwIfAborted();
    kept.push(await readBatch(dataset, form, sampleSize, index));
  }
  return { size, count, timed, at: async (index) => kept[index] };
}

async function readBatch(
  dataset: Dataset,
  { size, fixed, type }: BatchForm,
  sampleSize: number,
  index: number,
): Promise<Batch> {
  const first = index * size;
  const valid = Math.min(size, dataset.count - first);
  const rows = fixed ? size : Math.max(valid, Math.min(2, size));
  const values = allocated(rows, sampleSize, dataset);
  await dataset.read(first, valid, values.subarray(0, valid * sampleSize));
  for (let row = valid; row < rows; row++)
    values.copyWithin(row * sampleSize, (valid - 1) * sampleSize, valid * sampleSize);
  return {
    first,
    valid,
    dims: [rows, ...dataset.sampleShape],
    data: type === 'float16' ? toFloat16(values) : values,
  };
}

function allocated(rows: number, sampleSize: number, dataset: Dataset): Float32Array {
  try {
    return new Float32Array(rows * sampleSize);
  } catch {
    throw tooLarge(rows, dataset);
  }
}

function tooLarge(rows: number, { sampleShape }: Dataset): InputError {
  return new InputError(
    `a batch must fit in memory and take at most 2 GiB, got ${rows} samples of shape [${sampleShape.join(', ')}]`,
  );
}
