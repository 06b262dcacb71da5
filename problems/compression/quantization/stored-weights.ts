import { isStandard } from '../onnx/constants.js';
import { freshName, inVersion4, namesWithin } from '../onnx/edit.js';
import { type Layer, type LayerTensor, layersOf } from '../onnx/layers.js';
import type { Graph, Model, Node, Tensor } from '../onnx/model.js';
import { sizeOf } from '../onnx/tensor.js';

/** Constants that stand in a file in place of another, and the nodes that make that one of them: the last one's output has its name. */
export interface StoredForm {
  readonly initializers: readonly Tensor[];
  readonly nodes: readonly Node[];
}

/** A model, and what was left as it is and why. */
export interface Noted {
  readonly model: Model;
  readonly notes: readonly string[];
}

/** What a form of storage needs to know of a weight or bias. */
export interface Stored extends LayerTensor {
  /** The layer it belongs to, and its node. */
  readonly owner: Layer;
  readonly node: Node;
  /** A name that is free, with this ending. */
  fresh(ending: string): string;
}

/** Bytes that a node and the names around a constant take of a file, about: what saves less is not worth it. */
const COST_OF_A_NODE = 100;

/**
 * The model with weights and biases of its layers stored in another form: `formOf` gives it, or says why there is none (a
 * sentence's end for the notes), or null where a tensor is left alone without a word. The nodes that bring a constant back stand first in
 * the graph, and everything that read it reads their result, whose name is its own. They depend on constants alone, so that a runtime computes them once, as
 * it loads the model.
 *
 * Constants that a caller may override (also inputs of the graph) and those that would gain nothing stay as they are.
 */
export function withStoredForms(
  model: Model,
  exclude: ReadonlySet<string>,
  formOf: (stored: Stored) => StoredForm | string | null,
): Noted {
  const current = inVersion4(model);
  const { graph } = current;
  const { layers, tensors } = layersOf(current);
  const names = namesWithin(graph);
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const owners = new Map(layers.map((layer) => [layer.name, layer]));
  const forms = new Map<string, StoredForm>();
  const notes: string[] = [];
  for (const entry of tensors) {
    const owner = owners.get(entry.layer)!;
    const readers = layers.filter(({ weight, bias }) => weight === entry.name || bias === entry.name);
    if (inputs.has(entry.name) || readers.some(({ name }) => exclude.has(name))) continue;
    const form = formOf({
      ...entry,
      owner,
      node: graph.nodes[owner.node],
      fresh: (ending) => freshName(`${entry.name}_${ending}`, names),
    });
    if (typeof form === 'string')
      notes.push(`the ${entry.role} of ${owner.operator} ${owner.name} stays as it is: ${form}`);
    else if (form && costOf(form) < bytesOf(entry.tensor)) forms.set(entry.name, form);
  }
  return { model: forms.size === 0 ? model : { ...current, graph: replaced(graph, forms) }, notes };
}

function replaced(graph: Graph, forms: ReadonlyMap<string, StoredForm>): Graph {
  const stays = ({ name }: { readonly name: string }) => !forms.has(name);
  return {
    ...graph,
    initializers: [
      ...graph.initializers.filter(stays),
      ...[...forms.values()].flatMap(({ initializers }) => initializers),
    ],
    nodes: [
      ...[...forms.values()].flatMap(({ nodes }) => nodes),
      ...graph.nodes.filter(
        (node) => !(node.opType === 'Constant' && isStandard(node) && forms.has(node.outputs[0])),
      ),
    ],
    valueInfo: graph.valueInfo.filter(stays),
  };
}

function costOf({ initializers, nodes }: StoredForm): number {
  return COST_OF_A_NODE * nodes.length + initializers.reduce((sum, tensor) => sum + bytesOf(tensor), 0);
}

function bytesOf(tensor: Tensor): number {
  return tensor.rawData?.length ?? 4 * sizeOf(tensor);
}
