import { constantsOf } from './constants.js';
import { freshName, inVersion4, mapAll, namesWithin } from './edit.js';
import type { Layer } from './layers.js';
import type { Model, Tensor } from './model.js';

/**
 * The model in which layers share their weights and biases with layers alone: where another node of the graph reads one (an
 * embedding, the scale of a normalisation), it reads a copy, so that pruning does not change it. Nodes keep their places,
 * so `layers` are those of either model; the same object when there is nothing to do.
 */
export function withOwnTensors(model: Model, layers: readonly Layer[]): Model {
  const { graph } = model;
  const owners = new Map<string, Set<number>>();
  const own = (name: string | null, node: number | null) => {
    if (name === null || node === null) return;
    owners.set(name, (owners.get(name) ?? new Set()).add(node));
  };
  for (const { weight, node, bias, adder } of layers) {
    own(weight, node);
    own(bias, adder);
  }
  const constants = constantsOf(graph);
  const taken = namesWithin(graph);
  const copies = new Map<string, Tensor>();
  const copyOf = (name: string) => {
    const copy = copies.get(name) ?? { ...constants.get(name)!, name: freshName(`${name}_copy`, taken) };
    copies.set(name, copy);
    return copy.name;
  };
  const nodes = mapAll(graph.nodes, (node, index) => {
    // A Cast is how a layer reads what is stored in half precision.
    const foreign = (name: string) => node.opType !== 'Cast' && owners.get(name)?.has(index) === false;
    const inputs = mapAll(node.inputs, (name) => (foreign(name) ? copyOf(name) : name));
    return inputs === node.inputs ? node : { ...node, inputs };
  });
  if (copies.size === 0) return model;
  const { irVersion, graph: inputsApart } = inVersion4(model);
  const initializers = [...graph.initializers, ...copies.values()];
  return { ...model, irVersion, graph: { ...inputsApart, nodes, initializers } };
}
