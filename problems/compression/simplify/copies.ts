import { fixedNames, inVersion4 } from '../onnx/edit.js';
import type { Model, Tensor } from '../onnx/model.js';
import { widthOf, withRawData } from '../onnx/tensor.js';

/** Fewer bytes are not worth the tie between two layers. */
const SMALLEST = 1024;

/**
 * The model with one constant in place of several that are the same: weights that layers share, which an exporter wrote out more than once or the folding of
 * constants took apart. Equal are type, shape and bytes; the first in the file stays. The same object when there is nothing to do.
 *
 * Vectors and what is smaller than 1 KiB stay apart: biases and norms are often equal by chance (all ones), and layers that share a constant can
 * only be pruned together. So do constants that are inputs or outputs of the graph or read by the body of an If, Loop or Scan. O(constants x equal shapes).
 */
export function withoutCopies(model: Model): Model {
  const { irVersion, graph } = inVersion4(model);
  const fixed = new Set([...graph.inputs.map(({ name }) => name), ...fixedNames(graph)]);
  const alike = new Map<string, Tensor[]>();
  const first = new Map<string, string>();
  for (const tensor of graph.initializers) {
    if (tensor.dims.length < 2 || fixed.has(tensor.name) || !widthOf(tensor.dataType)) continue;
    const shape = `${tensor.dataType}:${tensor.dims}`;
    const known = alike.get(shape) ?? [];
    const same = known.find((other) => areEqual(other, tensor));
    if (same) first.set(tensor.name, same.name);
    else alike.set(shape, [...known, tensor]);
  }
  if (first.size === 0) return model;
  const stays = ({ name }: { readonly name: string }) => !first.has(name);
  const nodes = graph.nodes.map((node) =>
    node.inputs.every((name) => !first.has(name))
      ? node
      : { ...node, inputs: node.inputs.map((name) => first.get(name) ?? name) },
  );
  const initializers = graph.initializers.filter(stays);
  return {
    ...model,
    irVersion,
    graph: { ...graph, nodes, initializers, valueInfo: graph.valueInfo.filter(stays) },
  };
}

function areEqual(a: Tensor, b: Tensor): boolean {
  const [first, second] = [a, b].map((tensor) => withRawData(tensor).rawData!);
  return first.length >= SMALLEST && Buffer.compare(first, second) === 0;
}
