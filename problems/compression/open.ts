import { fileURLToPath } from 'node:url';
import type { Compression, CompressionOptions } from '../../src/index.js';
import { MOST_CALIBRATION } from './data/calibration.js';
import { loadBeside } from './data/load-beside.js';
import { layerRates } from './design-space.js';
import { versionsOf } from './inference/runtime.js';
import { compressionProblem } from './problem.js';

/** The network that comes with the package. */
export const STAND_IN_MODEL = fileURLToPath(new URL('stand-in/network.onnx', import.meta.url));

/** The path of a model as the command line names it: a path, or `stand-in`. */
export const modelPath = (name: string): string => (name === 'stand-in' ? STAND_IN_MODEL : name);

/** Opens model and data by their names: what `fronteira compress` and `fronteira evaluate` do first. */
export async function openCompression(options: CompressionOptions): Promise<Compression> {
  const model = modelPath(options.model);
  const { data, calibration, reportData, limit, mean, std } = options;
  const load = (spec: string, most?: number) => (sampleShape: readonly number[] | undefined) =>
    loadBeside(model, spec, { limit: most, mean, std, sampleShape });
  const compression = await compressionProblem({
    ...options,
    model,
    dataset: load(data, limit),
    calibration: calibration === undefined ? undefined : load(calibration, MOST_CALIBRATION),
    report: reportData === undefined ? undefined : load(reportData),
  });
  return {
    ...compression,
    facts: { ...compression.facts, model: options.model },
    versions: versionsOf(compression.runtime),
    async candidate(x: ArrayLike<number>) {
      const { tensors, ...made } = await compression.candidate(x);
      return { ...made, layerRates: layerRates(tensors) };
    },
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
