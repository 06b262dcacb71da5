import { fileURLToPath } from 'node:url';
import type { Compression, CompressionOptions } from '../../src/index.js';
import { loadBeside } from './data/load-beside.js';
import { compressionProblem } from './problem.js';

/** The network that comes with the package. */
export const STAND_IN_MODEL = fileURLToPath(new URL('stand-in/network.onnx', import.meta.url));

/** The path of a model as the command line names it: a path, or `stand-in`. */
export const modelPath = (name: string): string => (name === 'stand-in' ? STAND_IN_MODEL : name);

/** Opens model and data by their names: what `fronteira compress` and `fronteira evaluate` do first. */
export async function openCompression(options: CompressionOptions): Promise<Compression> {
  const model = modelPath(options.model);
  const { data, limit, mean, std } = options;
  const compression = await compressionProblem({
    ...options,
    model,
    dataset: (sampleShape) => loadBeside(model, data, { limit, mean, std, sampleShape }),
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
