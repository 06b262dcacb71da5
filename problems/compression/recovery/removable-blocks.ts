import type { Dataset } from '../data/dataset.js';
import { type ActivationOptions, forEachActivation } from '../inference/activations.js';
import type { Model } from '../onnx/model.js';
import { residualBlocks } from '../pruning/residual-blocks.js';

/** The names of the residual blocks whose sum has the shape of their shortcut, in graph order, seen on one sample: the network runs without each of them. */
export async function removableBlocks(
  model: Model,
  samples: Dataset,
  options: ActivationOptions,
): Promise<string[]> {
  const blocks = residualBlocks(model);
  const shapes: string[] = [];
  const names = blocks.flatMap(({ sum, shortcut }) => [sum, shortcut]);
  await forEachActivation(model, names, samples, { ...options, count: 1 }, ({ value, dims }) => {
    shapes[value] = dims.join(' ');
  });
  return blocks.flatMap(({ name }, i) => (shapes[2 * i] === shapes[2 * i + 1] ? [name] : []));
}
