import { InputError, show } from '../../../src/index.js';
import { limited } from './byte-dataset.js';
import { readCifar10 } from './cifar10.js';
import type { DataOptions, Dataset } from './dataset.js';
import { readImageFolder } from './image-folder.js';
import { loadOwnDataset } from './own-loader.js';

/**
 * Loads the data that a specification names:
 *
 *     cifar10:FILE[,FILE]   the CIFAR-10 binary form
 *     images:FOLDER         a folder of images, one sub-folder a class
 *     module:PATH           a user's own loader; a bare path that ends in .js or .mjs means the same
 *     stand-in              the pictures that the project makes itself, 1000 of them unless limited
 *
 * Throws an InputError on any other specification, and whatever the reader throws.
 */
export async function loadDataset(spec: string, options: DataOptions): Promise<Dataset> {
  if (spec === 'stand-in') return standIn(options);
  if (/^(?!cifar10:|images:|module:).*\.m?js$/s.test(spec)) return loadOwnDataset(spec, options);
  const [, scheme, rest] = /^([a-z0-9-]+):(.*)$/s.exec(spec) ?? [];
  const read = Object.hasOwn(READERS, scheme ?? '') ? READERS[scheme] : undefined;
  if (read === undefined)
    throw new InputError(
      `data must be one of cifar10:FILE[,FILE], images:FOLDER, module:PATH (or a path ending in .js or .mjs) and stand-in, got ${show(spec)}`,
    );
  if (rest === '') throw new InputError(`${scheme}: must be followed by a path, got ${show(spec)}`);
  return read(rest, options);
}

const READERS: Readonly<
  Record<string, ((rest: string, options: DataOptions) => Promise<Dataset>) | undefined>
> = {
  cifar10: (files, options) =>
    readCifar10(
      files.split(',').filter((file) => file !== ''),
      options,
    ),
  images: readImageFolder,
  module: loadOwnDataset,
};

/** So many pictures take 3 GB and minutes to paint. */
const MOST_STAND_INS = 1_000_000;

/** The stand-in has a normalisation and class names of its own; of the options only the limit counts. */
async function standIn(options: DataOptions): Promise<Dataset> {
  const count = options.limit === undefined ? 1000 : limited(Number.POSITIVE_INFINITY, options);
  if (count > MOST_STAND_INS)
    throw new InputError(`the limit on stand-in images must be at most ${MOST_STAND_INS}, got ${count}`);
  const { standInDataset } = await import('../stand-in/images.js');
  return standInDataset({ split: 'test', count });
}
