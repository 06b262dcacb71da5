import { InputError } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { valueInfo } from '../onnx/build.js';
import type { Model } from '../onnx/model.js';
import { writeModel } from '../onnx/write.js';
import { type ActivationStatistics, BINS } from '../quantization/activation-range.js';
import { prepareBatches } from './batches.js';
import { batchFormOf } from './model-fit.js';
import { openSession } from './session.js';

/** Which samples the activations are taken from. */
export interface ActivationOptions {
  readonly threads: number;
  /** The first so many; default all. */
  readonly count?: number;
  readonly signal?: AbortSignal;
}

/** What a named value held for one batch. */
export interface Activation {
  /** Position in the list of names. */
  readonly value: number;
  /** The first sample of the batch. */
  readonly first: number;
  /** Those of the value, its first axis cut to the samples of the batch where it is that of the batch. */
  readonly dims: readonly number[];
  /** Row-major. */
  readonly data: Float32Array | Float64Array;
}

/**
 * Runs a model on samples, batch by batch, and shows the float values with these names inside its graph to `visit`, which is awaited. The same
 * whatever the number of threads. `passes`: how often all of them are shown. What leads to none of them is not computed.
 *
 * Throws an InputError when the model does not fit the samples.
 */
export async function forEachActivation(
  model: Model,
  names: readonly string[],
  dataset: Dataset,
  options: ActivationOptions & { readonly passes?: number },
  visit: (activation: Activation, pass: number) => void | Promise<void>,
): Promise<void> {
  if (names.length === 0) return;
  const { graph } = model;
  const outputs = names.map((name) => valueInfo(name, 'float32'));
  const watched = writeModel({ ...model, graph: { ...graph, outputs } });
  const session = await openSession(watched, { threads: options.threads, optimization: 'basic' });
  try {
    const samples = { ...dataset, count: Math.min(options.count ?? dataset.count, dataset.count) };
    const batches = await prepareBatches(samples, batchFormOf(session, samples, 32), options);
    for (let pass = 0; pass < (options.passes ?? 1); pass++)
      for (let index = 0; index < batches.count; index++) {
        options.signal?.throwIfAborted();
        const batch = await batches.at(index);
        const results = await session.values(session.batch(batch.data, batch.dims), names);
        for (const [value, result] of results.entries()) {
          const { dims, data } = ofSamples(result, batch.dims[0], batch.valid);
          await visit({ value, first: batch.first, dims, data }, pass);
        }
      }
  } finally {
    await session.release();
  }
}

/** A value of a batch of `rows` without what only fills the batch up behind the first `valid`, where the value has rows at all. */
export function ofSamples(
  { dims, data }: Pick<Activation, 'dims' | 'data'>,
  rows: number,
  valid: number,
): Pick<Activation, 'dims' | 'data'> {
  const shown = dims[0] === rows ? valid : dims[0];
  const whole = (data.length / (dims[0] || 1)) * shown;
  return { dims: [shown, ...dims.slice(1)], data: data.subarray(0, whole) };
}

/**
 * How the elements of each named float32 value are distributed over the samples. Two passes: smallest and largest element, then the
 * histogram between them. Throws an InputError also when a value has an element that is not finite.
 */
export async function observeActivations(
  model: Model,
  names: readonly string[],
  dataset: Dataset,
  options: ActivationOptions,
): Promise<Map<string, ActivationStatistics>> {
  const statistics = names.map(() => ({
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    histogram: new Float64Array(BINS),
  }));
  await forEachActivation(model, names, dataset, { ...options, passes: 2 }, ({ value, data }, pass) => {
    if (pass === 0) widen(statistics[value], data, names[value]);
    else count(statistics[value], data);
  });
  return new Map(names.map((name, value) => [name, statistics[value]]));
}

interface Gathered {
  min: number;
  max: number;
  readonly histogram: Float64Array;
}

function widen(statistics: Gathered, elements: ArrayLike<number>, name: string): void {
  let { min, max } = statistics;
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (element < min) min = element;
    if (element > max) max = element;
    if (!Number.isFinite(element))
      throw new InputError(`activations must be finite, got ${element} in "${name}"`);
  }
  statistics.min = min;
  statistics.max = max;
}

function count({ min, max, histogram }: Gathered, elements: ArrayLike<number>): void {
  const factor = max > min ? BINS / (max - min) : 0;
  for (let i = 0; i < elements.length; i++)
    histogram[Math.min(BINS - 1, Math.floor((elements[i] - min) * factor))]++;
}
