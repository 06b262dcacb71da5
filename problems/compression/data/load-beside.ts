import { InputError, show } from '../../../src/index.js';
import type { DataOptions, Dataset } from './dataset.js';
import { loadDataset } from './load.js';
import { readSidecar } from './sidecar.js';

/**
 * Loads data for a model: what the options leave open, the sidecar of the model file at `model` says. Throws as `loadDataset`, and an
 * InputError on a mean or std for the stand-in images.
 */
export async function loadBeside(model: string, spec: string, options: DataOptions): Promise<Dataset> {
  if (spec === 'stand-in' && (options.mean ?? options.std))
    throw new InputError(
      `the stand-in images are normalised in a way of their own, without a mean or std, got ${show(options.mean ?? options.std)}`,
    );
  const beside = await readSidecar(model);
  return loadDataset(spec, {
    ...options,
    mean: options.mean ?? beside.mean,
    std: options.std ?? beside.std,
    classNames: options.classNames ?? beside.labels,
  });
}
