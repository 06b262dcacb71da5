import { InputError, show } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { type ActivationOptions, forEachActivation } from '../inference/activations.js';
import type { Model } from '../onnx/model.js';
import { type ResidualBlock, removeBlock, residualBlocks } from '../pruning/residual-blocks.js';
import { abridged } from '../words.js';

/** The residual blocks whose sum has the shape of their shortcut, in graph order, seen on one sample: the network runs without each of them. */
export async function removableBlocks(
  model: Model,
  samples: Dataset,
  options: ActivationOptions,
): Promise<ResidualBlock[]> {
  const blocks = residualBlocks(model);
  const shapes: string[] = [];
  const names = blocks.flatMap(({ sum, shortcut }) => [sum, shortcut]);
  await forEachActivation(model, names, samples, { ...options, count: 1 }, ({ value, dims }) => {
    shapes[value] = dims.join(' ');
  });
  return blocks.filter((_, i) => shapes[2 * i] === shapes[2 * i + 1]);
}

/**
 * The model without the named ones of its blocks. `removable`: the names of those that can leave. Throws an InputError when another one is named.
 */
export function withoutBlocks(model: Model, names: readonly string[], removable: readonly string[]): Model {
  const other = names.find((name) => !removable.includes(name));
  if (other !== undefined)
    throw new InputError(
      removable.length === 0
        ? `no residual block can leave this network, got ${show(other)}`
        : `a block must be one of ${abridged(removable)}, got ${show(other)}`,
    );
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`a block leaves once, got ${show(twice)} twice`);
  return names.reduce(
    (current, name) => removeBlock(current, residualBlocks(current).find((block) => block.name === name)!),
    model,
  );
}
