import type { DataOptions, Dataset } from './dataset.js';
import { loadDataset } from './load.js';
import { readSidecar } from './sidecar.js';

/** Loads data for a model: what the options leave open, the sidecar of the model file at `model` says. Throws as `loadDataset`. */
export async function loadBeside(model: string, spec: string, options: DataOptions): Promise<Dataset> {
  const beside = await readSidecar(model);
  return loadDataset(spec, {
    ...options,
    mean: options.mean ?? beside.mean,
    std: options.std ?? beside.std,
    classNames: options.classNames ?? beside.labels,
  });
}
