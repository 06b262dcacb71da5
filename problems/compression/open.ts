import { fileURLToPath } from 'node:url';
import type { Compression, CompressionOptions } from '../../src/index.js';
import { loadDataset } from './data/load.js';
import { readSidecar } from './data/sidecar.js';
import { compressionProblem } from './problem.js';

/** The network that comes with the package. */
export const STAND_IN_MODEL = fileURLToPath(new URL('stand-in/network.onnx', import.meta.url));

/** Opens model and data by their names: what `fronteira compress` and `fronteira evaluate` do first. */
export async function openCompression(options: CompressionOptions): Promise<Compression> {
  const model = options.model === 'stand-in' ? STAND_IN_MODEL : options.model;
  const beside = await readSidecar(model);
  const compression = await compressionProblem({
    ...options,
    model,
    dataset: (sampleShape) =>
      loadDataset(options.data, {
        limit: options.limit,
        mean: options.mean ?? beside.mean,
        std: options.std ?? beside.std,
        classNames: beside.labels,
        sampleShape,
      }),
  });
  return {
    ...compression,
    facts: { ...compression.facts, model: options.model },
    versions: Object.fromEntries(
      Object.entries(compression.runtime).map(([name, value]) => [name, String(value)]),
    ),
    async measure(x: ArrayLike<number>, signal?: AbortSignal) {
      const { tensors, ...measured } = await compression.measure(x, signal);
      return {
        ...measured,
        nonZeroByTensor: Object.fromEntries(tensors.map(({ name, nonZero }) => [name, nonZero])),
        totalByTensor: Object.fromEntries(tensors.map(({ name, total }) => [name, total])),
      };
    },
  };
}
