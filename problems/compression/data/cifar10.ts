import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError, show } from '../../../src/index.js';
import { byteDataset, limited, normalisationTable } from './byte-dataset.js';
import type { DataOptions, Dataset } from './dataset.js';

/** The classes of CIFAR-10 in the order of its labels. */
export const CIFAR10_CLASSES: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

/**
 * Reads the binary form of CIFAR-10: records of one label byte and 3072 pixel bytes (planes R, G, B of 32 x 32,
 * row-major), any number of records a file, the files one after the other in the order given. Only the records
 * within the limit are read, and only their labels are checked; the size of every file is. 3073 bytes of memory a
 * sample.
 *
 * Throws an InputError when no path is given; when a file is missing, a folder, empty or no whole number of records;
 * when a label is past 9; and on an unusable limit, mean or std.
 *
 * Source: Krizhevsky, "Learning multiple layers of features from tiny images", 2009, binary version.
 */
export async function readCifar10(paths: readonly string[], options: DataOptions): Promise<Dataset> {
  if (paths.length === 0) throw new InputError('CIFAR-10 data must name at least one file, got none');
  const table = normalisationTable(3, options);
  const sizes: number[] = [];
  for (const path of paths) sizes.push(await recordsIn(path));
  const count = limited(
    sizes.reduce((sum, size) => sum + size, 0),
    options,
  );
  const bytes = new Uint8Array(count * RECORD);
  const labels = new Int32Array(count);
  let done = 0;
  for (let i = 0; i < paths.length && done < count; i++) {
    const records = Math.min(sizes[i], count - done);
    await readInto(paths[i], bytes.subarray(done * RECORD, (done + records) * RECORD));
    for (let record = 0; record < records; record++, done++) {
      labels[done] = bytes[done * RECORD];
      if (labels[done] > 9)
        throw new InputError(
          `a CIFAR-10 label must lie in 0 .. 9, got ${labels[done]} in record ${record} of ${show(paths[i])}`,
        );
    }
  }
  return byteDataset(
    {
      name: `cifar10:${paths.map((path) => basename(path)).join(',')}`,
      sampleShape: [3, 32, 32],
      labels,
      classNames: options.classNames ?? CIFAR10_CLASSES,
      bytes,
      stride: RECORD,
      offset: 1,
    },
    table,
  );
}

async function recordsIn(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new InputError(`a CIFAR-10 file must exist, got ${show(path)}`);
  if (!found.isFile())
    throw new InputError(
      `CIFAR-10 data must be a file, got ${show(path)}, which is ${found.isDirectory() ? 'a folder' : 'none'}`,
    );
  if (found.size === 0)
    throw new InputError(`a CIFAR-10 file must hold records, got the empty ${show(path)}`);
  if (found.size % RECORD !== 0)
    throw new InputError(
      `a CIFAR-10 file must hold whole records of ${RECORD} bytes, got ${found.size} bytes in ${show(path)}`,
    );
  return found.size / RECORD;
}

async function readInto(path: string, out: Uint8Array): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    for (let done = 0; done < out.length; ) {
      const { bytesRead } = await file.read(out, done, out.length - done, done);
      if (bytesRead === 0) throw new InputError(`${show(path)} must not shrink while it is read`);
      done += bytesRead;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `a CIFAR-10 file must be readable, got ${show(path)} (${(error as NodeJS.ErrnoException).code})`,
    );
  } finally {
    await file?.close();
  }
}
