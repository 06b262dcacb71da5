import { isStandard } from '../onnx/constants.js';
import { freshName, intOf, inVersion4, namesWithin } from '../onnx/edit.js';
import { type Layer, layersOf } from '../onnx/layers.js';
import type { Graph, Model, Node, Tensor } from '../onnx/model.js';
import { otherWeightsOf } from '../onnx/other-weights.js';
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
export interface Stored {
  readonly name: string;
  readonly role: 'weight' | 'bias';
  readonly tensor: Tensor;
  /** The axis along which the features lie that it makes. */
  readonly axis: number;
  /** A name that is free, with this ending. */
  fresh(ending: string): string;
}

/** Bytes that a node and the names around a constant take of a file, about: what saves less is not worth it. */
const COST_OF_A_NODE = 100;

/**
 * The model with weights and biases of its layers, recurrent ones and tables of words among them, stored in another form: `formOf` gives it, or says why there is none (a
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
  const names = namesWithin(graph);
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const forms = new Map<string, StoredForm>();
  const notes: string[] = [];
  for (const { owner, excluded, ...entry } of weightsOf(current, exclude)) {
    if (inputs.has(entry.name) || excluded) continue;
    const form = formOf({ ...entry, fresh: (ending) => freshName(`${entry.name}_${ending}`, names) });
    if (typeof form === 'string') notes.push(`the ${entry.role} of ${owner} stays as it is: ${form}`);
    else if (form && costOf(form) < bytesOf(entry.tensor)) forms.set(entry.name, form);
  }
  return { model: forms.size === 0 ? model : { ...current, graph: replaced(graph, forms) }, notes };
}

interface Owned extends Omit<Stored, 'fresh'> {
  /** The operator and the name of the layer that it belongs to. */
  readonly owner: string;
  /** Whether a layer that stays as it is reads it. */
  readonly excluded: boolean;
}

function weightsOf(model: Model, exclude: ReadonlySet<string>): Owned[] {
  const { graph } = model;
  const { layers, tensors } = layersOf(model);
  const owners = new Map(layers.map((layer) => [layer.name, layer]));
  const own = tensors.map(({ name, role, tensor, layer }): Owned => {
    const owner = owners.get(layer)!;
    const readers = layers.filter(({ weight, bias }) => weight === name || bias === name);
    return {
      name,
      role,
      tensor,
      axis: role === 'bias' ? 0 : featureAxis(owner, graph.nodes[owner.node], tensor),
      owner: `${owner.operator} ${layer}`,
      excluded: readers.some((reader) => exclude.has(reader.name)),
    };
  });
  const taken = new Set(tensors.map(({ name }) => name));
  const others = otherWeightsOf(graph).filter(({ name }) => !taken.has(name));
  return [
    ...own,
    ...others.map(({ node, ...other }) => ({
      ...other,
      owner: `${node.opType} ${node.name || node.outputs[0]}`,
      excluded: false,
    })),
  ];
}

/** The axis of a weight along which the output features of its layer lie. */
function featureAxis({ operator, side }: Layer, node: Node, { dims }: Tensor): number {
  if (operator === 'Conv') return 0;
  if (operator === 'ConvTranspose') return 1;
  const transposed = operator === 'Gemm' && intOf(node, side === 1 ? 'transB' : 'transA', 0) !== 0;
  // On the right of a product the columns are the features, on its left the rows.
  return dims.length - (transposed === (side === 1) ? 2 : 1);
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
