import { InputError } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { valueInfo } from '../onnx/build.js';
import type { Model } from '../onnx/model.js';
import { writeModel } from '../onnx/write.js';
import { type ActivationStatistics, BINS } from '../quantization/activation-range.js';
import { prepareBatches } from './batches.js';
import { batchFormOf } from './model-fit.js';
import { openSession } from './session.js';

/**
 * Runs a float32 model on the first `count` samples (all by default) and gathers how the elements of each named value inside
 * its graph are distributed. Two passes: smallest and largest element, then the histogram between them. The same whatever the number
 * of threads.
 *
 * Throws an InputError when the model does not fit the samples or a value has an element that is not finite.
 */
export async function observeActivations(
  model: Model,
  names: readonly string[],
  dataset: Dataset,
  options: { readonly threads: number; readonly count?: number; readonly signal?: AbortSignal },
): Promise<Map<string, ActivationStatistics>> {
  const { graph } = model;
  const known = new Set(graph.outputs.map(({ name }) => name));
  const inner = names.filter((name) => !known.has(name)).map((name) => valueInfo(name, 'float32'));
  const watched = writeModel({ ...model, graph: { ...graph, outputs: [...graph.outputs, ...inner] } });
  const session = await openSession(watched, { threads: options.threads, optimization: 'basic' });
  try {
    const samples = { ...dataset, count: Math.min(options.count ?? dataset.count, dataset.count) };
    const batches = await prepareBatches(samples, batchFormOf(session, samples, 32), options);
    const forEachValue = async (visit: (value: number, elements: ArrayLike<number>) => void) => {
      for (let index = 0; index < batches.count; index++) {
        options.signal?.throwIfAborted();
        const { data, dims, valid } = await batches.at(index);
        const results = await session.values(session.batch(data, dims), names);
        results.forEach((result, value) => {
          // Rows that only fill the batch up are not looked at, where the value has rows at all.
          const whole =
            result.dims[0] === dims[0] ? (result.data.length / dims[0]) * valid : result.data.length;
          visit(value, result.data.subarray(0, whole));
        });
      }
    };
    const statistics = names.map(() => ({
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
      histogram: new Float64Array(BINS),
    }));
    await forEachValue((value, elements) => widen(statistics[value], elements, names[value]));
    await forEachValue((value, elements) => count(statistics[value], elements));
    return new Map(names.map((name, value) => [name, statistics[value]]));
  } finally {
    await session.release();
  }
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
