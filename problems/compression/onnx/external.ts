import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import { InputError, show } from '../../../src/index.js';
import { mapTensors } from './edit.js';
import type { Model, Tensor } from './model.js';
import { sizeOf, widthOf, withRawData } from './tensor.js';
import { LARGEST_FILE } from './write.js';

/**
 * Reads `length` bytes from `offset` of the data file at `location`, a relative path. It throws an InputError when there is no
 * such file or it is too short.
 */
export type ReadData = (location: string, offset: number, length: number) => Uint8Array;

/**
 * The model with the tensors that lie in files of their own (`data_location` EXTERNAL) read into it, so that it is
 * complete in itself; the same object when there is none. `name` is what errors call the model.
 *
 * A location must be a path below the model's folder: an absolute path, or one with a `..`, is an InputError, as is an
 * offset or a length that is no whole number, a length that is not that of the tensor, and data past the 2 GB that a file holds.
 */
export function embedExternalData(model: Model, name: string, read: ReadData): Model {
  let total = 0;
  return mapTensors(model, (tensor) => {
    if (tensor.dataLocation === 0) return tensor;
    const { location, offset, length } = placeOf(tensor, name);
    total += length;
    if (total > LARGEST_FILE)
      throw new InputError(
        `${show(name)} must hold at most ${LARGEST_FILE} bytes with its data files, got more`,
      );
    return withRawData(tensor, read(location, offset, length));
  });
}

/** Reads data files that lie in a folder. Symbolic links are followed, as model caches are made of them. */
export function readDataFrom(folder: string): ReadData {
  return (location, offset, length) => {
    const path = join(folder, location);
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      throw new InputError(`the data file of the model must be readable, got ${show(path)}`);
    }
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || stat.size < offset + length)
        throw new InputError(
          `the data file ${show(path)} must have ${offset + length} bytes or more, got ${stat.isFile() ? stat.size : 'no file'}`,
        );
      const data = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const count = readSync(file, data, done, length - done, offset + done);
        if (count === 0) throw new InputError(`the data file ${show(path)} must not shrink while it is read`);
        done += count;
      }
      return data;
    } finally {
      closeSync(file);
    }
  };
}

function placeOf(tensor: Tensor, name: string): { location: string; offset: number; length: number } {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get('location') ?? '';
  const what = `tensor ${show(tensor.name)} of ${show(name)}`;
  if (
    location === '' ||
    location.includes('\0') ||
    posix.isAbsolute(location) ||
    win32.isAbsolute(location) ||
    /^[a-z]:/i.test(location) ||
    location.split(/[\\/]/).includes('..')
  )
    throw new InputError(`the data file of ${what} must lie below the model's folder, got ${show(location)}`);
  const number = (key: string, otherwise: number) => {
    const text = entries.get(key);
    if (text === undefined) return otherwise;
    if (!/^\d{1,15}$/.test(text))
      throw new InputError(
        `the ${key} of the external data of ${what} must be a whole number, got ${show(text)}`,
      );
    return Number(text);
  };
  const width = widthOf(tensor.dataType);
  if (width === undefined)
    throw new InputError(
      `${what} must have a numeric element type to lie in a data file, got type ${tensor.dataType}`,
    );
  const needed = sizeOf(tensor) * width;
  const length = number('length', needed);
  if (length !== needed)
    throw new InputError(
      `the external data of ${what}, shape [${tensor.dims.join(', ')}], must have ${needed} bytes, got ${length}`,
    );
  return { location, offset: number('offset', 0), length };
}
