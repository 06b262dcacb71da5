import { fileURLToPath } from 'node:url';
import type { Dataset } from './data/dataset.js';
import { loadDataset } from './data/load.js';
import { readSidecar } from './data/sidecar.js';
import { constantsOf } from './onnx/constants.js';
import { loadModel } from './onnx/load.js';
import type { Model } from './onnx/model.js';
import { compressionProblem } from './problem.js';

/** A compression problem as the command line names it. */
export interface OpenOptions {
  /** Path of the .onnx file, or `stand-in`. */
  readonly model: string;
  /** See `loadDataset`. */
  readonly data: string;
  readonly limit?: number;
  /** Normalisation per channel; where absent, that of the JSON file beside the model. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly minAccuracy?: number;
  readonly objectives?: readonly string[];
  readonly seed: number;
  readonly threads?: number;
}

/** The network that comes with the package. */
export const STAND_IN_MODEL = fileURLToPath(new URL('stand-in/network.onnx', import.meta.url));

/** Opens model and data by their names: what `fronteira compress` and `fronteira evaluate` do first. */
export async function openCompression(options: OpenOptions) {
  const model = options.model === 'stand-in' ? STAND_IN_MODEL : options.model;
  const dataset = await openData(model, options);
  const compression = await compressionProblem({ ...options, model, dataset });
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

async function openData(model: string, { data, limit, mean, std }: OpenOptions): Promise<Dataset> {
  const sampleShape = sampleShapeOf(loadModel(model));
  const beside = await readSidecar(model);
  return loadDataset(data, {
    limit,
    mean: mean ?? beside.mean,
    std: std ?? beside.std,
    classNames: beside.labels,
    sampleShape,
  });
}

/** The shape of one sample that a model asks for, -1 where any size fits; undefined when the model does not say. */
function sampleShapeOf({ graph }: Model): number[] | undefined {
  const constants = constantsOf(graph);
  const input = graph.inputs.find(({ name }) => !constants.has(name));
  return input?.type?.tensor?.shape?.dims.slice(1).map(({ value }) => value ?? -1);
}
