import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, show } from '../../../src/index.js';
import { limited } from './byte-dataset.js';
import type { DataOptions, Dataset } from './dataset.js';

/**
 * The data set of a user's own loader: a module whose default export is `(options) => Dataset`, or a promise of one. A
 * loader that gives more samples than the limit is cut to it, so that a loader may pass the limit over.
 *
 * Throws an InputError when the module is missing, fails, exports no function by default, or returns something else
 * than a {@link Dataset}; the first sample is read to see that `read` fills it with finite numbers.
 */
export async function loadOwnDataset(path: string, options: DataOptions): Promise<Dataset> {
  if (!(await stat(path).catch(() => undefined))?.isFile())
    throw new InputError(`a data module must be an existing file, got ${show(path)}`);
  const who = `the data module ${show(path)}`;
  const load = await calling(who, async () => {
    const { default: value } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown };
    return value;
  });
  if (typeof load !== 'function')
    throw new InputError(`${who} must export a function by default, got ${show(load)}`);
  const value: unknown = await calling(who, () => load(options));
  const dataset = checked(value, who, options);
  await checkFirstSample(dataset, who);
  return dataset;
}

function checked(value: unknown, who: string, options: DataOptions): Dataset {
  if (typeof value !== 'object' || value === null)
    throw new InputError(`${who} must return a data set, got ${show(value)}`);
  const { name, count, sampleShape, labels, classNames, read } = value as Record<keyof Dataset, unknown>;
  if (!isWhole(count, 1))
    throw new InputError(`count from ${who} must be a whole number from 1, got ${show(count)}`);
  if (!isList(sampleShape) || !sampleShape.every((size) => isWhole(size, 1)))
    throw new InputError(
      `sampleShape from ${who} must be a list of whole numbers from 1, got ${show(sampleShape)}`,
    );
  if (!isList(labels)) throw new InputError(`labels from ${who} must be a list, got ${show(labels)}`);
  if (labels.length !== count)
    throw new InputError(`labels from ${who} must be one a sample, ${count}, got ${labels.length}`);
  const bad = Array.from(labels).findIndex((label) => !isWhole(label, 0) || label > MAX_LABEL);
  if (bad >= 0)
    throw new InputError(
      `labels from ${who} must be whole numbers from 0, got ${show(labels[bad])} for sample ${bad}`,
    );
  if (typeof read !== 'function')
    throw new InputError(`read from ${who} must be a function, got ${show(read)}`);
  if (classNames !== undefined && !(isList(classNames) && classNames.every((c) => typeof c === 'string')))
    throw new InputError(`classNames from ${who} must be a list of strings, got ${show(classNames)}`);
  const used = limited(count, options);
  return {
    name: typeof name === 'string' && name !== '' ? name : who,
    count: used,
    sampleShape: Array.from(sampleShape as ArrayLike<number>),
    labels: Int32Array.from((labels as ArrayLike<number> & readonly number[]).slice(0, used)),
    ...(classNames !== undefined && { classNames: classNames as readonly string[] }),
    read: (first, number, out) => calling(who, () => read.call(value, first, number, out)),
  };
}

const MAX_LABEL = 2 ** 31 - 1;

async function checkFirstSample({ sampleShape, read }: Dataset, who: string): Promise<void> {
  const size = sampleShape.reduce((product, side) => product * side, 1);
  const sample = new Float32Array(size).fill(Number.NaN);
  await read(0, 1, sample);
  const bad = sample.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new InputError(
      `read from ${who} must fill every place of a sample with a finite number, got ${sample[bad]} in place ${bad} of sample 0`,
    );
}

/** What a user's function throws becomes one sentence that says whose it is. */
async function calling<T>(who: string, call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = String(error instanceof Error ? error.message : error).split('\n')[0];
    throw new InputError(`${who} must run without an error, got ${show(reason)}`, { cause: error });
  }
}

function isWhole(value: unknown, from: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= from;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
