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
 * than a {@link Dataset}, when a sample holds more than 2^27 numbers, and when fewer classes are named than labels use.
 * Whatever `read` reads must be filled with finite numbers, else it throws an InputError that names the sample; the first
 * is read here to see that.
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
  // Within `calling`, for the value may have getters.
  const dataset = await calling(who, () => checked(value, who, options));
  await calling(who, () => dataset.read(0, 1, new Float32Array(sizeOf(dataset.sampleShape))));
  return dataset;
}

function checked(value: unknown, who: string, options: DataOptions): Dataset {
  if (typeof value !== 'object' || value === null)
    throw new InputError(`${who} must return a data set, got ${plain(value)}`);
  const { name, count, sampleShape, labels, classNames, read } = value as Record<keyof Dataset, unknown>;
  if (!isWhole(count, 1))
    throw new InputError(`count from ${who} must be a whole number from 1, got ${plain(count)}`);
  if (!isList(sampleShape) || !sampleShape.every((size) => isWhole(size, 1)))
    throw new InputError(
      `sampleShape from ${who} must be a list of whole numbers from 1, got ${plain(sampleShape)}`,
    );
  const shape = Array.from(sampleShape as ArrayLike<number>);
  const size = sizeOf(shape);
  if (size > LARGEST_SAMPLE)
    throw new InputError(
      `sampleShape from ${who} must hold at most ${LARGEST_SAMPLE} numbers, got ${size} in [${shape.join(', ')}]`,
    );
  if (!isList(labels)) throw new InputError(`labels from ${who} must be a list, got ${plain(labels)}`);
  if (labels.length !== count)
    throw new InputError(`labels from ${who} must be one a sample, ${count}, got ${labels.length}`);
  const bad = Array.from(labels).findIndex((label) => !isWhole(label, 0) || label > MAX_LABEL);
  if (bad >= 0)
    throw new InputError(
      `labels from ${who} must be whole numbers from 0, got ${plain(labels[bad])} for sample ${bad}`,
    );
  if (typeof read !== 'function')
    throw new InputError(`read from ${who} must be a function, got ${plain(read)}`);
  if (classNames !== undefined && !(isList(classNames) && classNames.every((c) => typeof c === 'string')))
    throw new InputError(`classNames from ${who} must be a list of strings, got ${plain(classNames)}`);
  const used = limited(count, options);
  const own = Int32Array.from((labels as ArrayLike<number> & readonly number[]).slice(0, used));
  const unnamed = classNames === undefined ? -1 : own.findIndex((label) => label >= classNames.length);
  if (unnamed >= 0)
    throw new InputError(
      `classNames from ${who} must name every class in use, got ${(classNames as readonly string[]).length} names and label ${own[unnamed]} for sample ${unnamed}`,
    );
  return {
    name: typeof name === 'string' && name !== '' ? name : who,
    count: used,
    sampleShape: shape,
    labels: own,
    ...(classNames !== undefined && { classNames: classNames as readonly string[] }),
    async read(first, number, out) {
      const samples = out.subarray(0, number * size).fill(Number.NaN);
      await calling(who, () => read.call(value, first, number, out));
      checkFinite(samples, size, first, who);
    },
  };
}

const MAX_LABEL = 2 ** 31 - 1;

/** 512 MiB of float32. */
const LARGEST_SAMPLE = 2 ** 27;

function sizeOf(sampleShape: readonly number[]): number {
  return sampleShape.reduce((product, side) => product * side, 1);
}

/** The sum of float32 numbers can't overflow in double precision: it is finite when all of them are, and only then. */
function checkFinite(samples: Float32Array, size: number, first: number, who: string): void {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i];
  if (Number.isFinite(sum)) return;
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  throw new InputError(
    `read from ${who} must fill every place of a sample with a finite number, got ${samples[bad]} in place ${bad % size} of sample ${first + Math.floor(bad / size)}`,
  );
}

/** What a user's function throws becomes one sentence that says whose it is. */
async function calling<T>(who: string, call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = (
      error instanceof Error ? String(error.message) : typeof error === 'string' ? error : plain(error)
    ).split('\n')[0];
    throw new InputError(`${who} must run without an error, got ${plain(reason)}`, { cause: error });
  }
}

function isWhole(value: unknown, from: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= from;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** As `show`, of any value whatever: JSON knows no bigint and no circle. */
function plain(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) return value.constructor.name;
  try {
    return show(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}
