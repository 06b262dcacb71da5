import { constantsOf, isStandard } from './constants.js';
import { nodesWithin, subgraphsOf } from './edit.js';
import { ELEMENT_TYPE, type Model, type Node, type Tensor } from './model.js';

export type LayerKind = 'linear' | 'convolutional';

/** A layer with weights of its own. Its place in the graph is given by indices, so it belongs to the model it was found in. */
export interface Layer {
  /** The name of its node; that of its output where the node has none or shares it. Unique. */
  readonly name: string;
  readonly kind: LayerKind;
  readonly operator: 'Conv' | 'ConvTranspose' | 'Gemm' | 'MatMul';
  /** Index of the node in the graph. */
  readonly node: number;
  /** Which input of the node is the weight: 1, or 0 when the constant stands on the left of a product. */
  readonly side: 0 | 1;
  /** Name of the constant that is its weight. */
  readonly weight: string;
  /** Name of the constant that is its bias: an input of the node or, for MatMul, of the Add behind it. */
  readonly bias: string | null;
}

/** A weight or a bias. One that several layers share is listed once, with the first of them in graph order. */
export interface LayerTensor {
  readonly name: string;
  readonly role: 'weight' | 'bias';
  readonly layer: string;
  readonly tensor: Tensor;
}

export interface Layers {
  /** In graph order. */
  readonly layers: readonly Layer[];
  readonly tensors: readonly LayerTensor[];
  /** What was left as it is and why, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Finds the layers that can be pruned: Conv and ConvTranspose (convolutional), Gemm and MatMul with one constant side
 * (linear), in the outermost graph. A weight or bias is an initializer or a Constant node of a floating-point type; what
 * is computed, even by an Identity or a DequantizeLinear, or given as a graph input is left alone and noted, as are the
 * bodies of If, Loop and Scan, and the functions of the model.
 *
 * The bias of a MatMul is the constant of an Add that alone reads its output, when it has one element an output feature:
 * shape [.., 1, features], or [.., 1, features, 1] where the weight stands on the left.
 */
export function layersOf({ graph, functions }: Model): Layers {
  const constants = constantsOf(graph);
  const readers = readersOf(graph.nodes);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const innerNames = new Set<string>();
  for (const node of graph.nodes)
    for (const body of subgraphsOf(node))
      for (const inner of nodesWithin(body)) for (const name of inner.inputs) innerNames.add(name);
  const names = uniqueNames(graph.nodes);
  const left = new Map<string, string[]>();
  const leave = (reason: string, name: string) => left.set(reason, [...(left.get(reason) ?? []), name]);
  const isFloat = (name: string | undefined) => {
    const constant = name ? constants.get(name) : undefined;
    return constant !== undefined && FLOATS.has(constant.dataType);
  };
  const layers: Layer[] = [];
  graph.nodes.forEach((node, index) => {
    const name = names[index];
    if (subgraphsOf(node).length > 0) leave('control flow is left as it is', `${node.opType} ${name}`);
    const operator = operatorOf(node);
    if (!operator) return;
    const kind = operator === 'Conv' || operator === 'ConvTranspose' ? 'convolutional' : 'linear';
    const sides = ([1, 0] as const).filter((side) => constants.has(node.inputs[side]));
    const side = kind === 'convolutional' ? sides.find((s) => s === 1) : sides[0];
    if (side === undefined || (kind === 'linear' && sides.length === 2)) {
      const reason =
        sides.length === 2 ? 'a product of two constants' : 'a layer whose weight is computed or an input';
      leave(`${reason} is left as it is`, `${operator} ${name}`);
      return;
    }
    const weight = node.inputs[side];
    if (!isFloat(weight)) {
      leave('a layer whose weight is no floating-point tensor is left as it is', `${operator} ${name}`);
      return;
    }
    let bias: string | null = null;
    if (operator === 'MatMul') {
      const [value] = node.outputs;
      const next = readers.get(value) ?? [];
      if (next.length === 1 && !outputs.has(value) && !innerNames.has(value))
        bias = biasBehind(next[0], value, constants, side, constants.get(weight)!);
      if (bias !== null && !isFloat(bias)) bias = null;
    } else if (node.inputs[2]) {
      if (isFloat(node.inputs[2])) bias = node.inputs[2];
      else leave('a bias that is computed or an input is left as it is', `${operator} ${name}`);
    }
    layers.push({ name, kind, operator, node: index, side, weight, bias });
  });
  for (const name of innerNames)
    if (isFloat(name) && !readers.has(name))
      leave('a constant read only by control flow is left as it is', name);
  for (const { domain, name } of functions)
    leave('a function of the model is left as it is', domain ? `${domain}.${name}` : name);
  return {
    layers,
    tensors: tensorsOf(layers, constants),
    notes: [...left].map(([reason, of]) => `${reason}: ${abridged(of)}`),
  };
}

const FLOATS: ReadonlySet<number> = new Set([
  ELEMENT_TYPE.float32,
  ELEMENT_TYPE.float16,
  ELEMENT_TYPE.bfloat16,
  ELEMENT_TYPE.float64,
]);

/** The operator of a layer; undefined for other nodes and for one without its two operands or its output. */
function operatorOf({ opType, domain, inputs, outputs }: Node): Layer['operator'] | undefined {
  const known = opType === 'Conv' || opType === 'ConvTranspose' || opType === 'Gemm' || opType === 'MatMul';
  return known && isStandard({ domain }) && inputs[0] && inputs[1] && outputs[0] ? opType : undefined;
}

/** For each value the nodes of the graph itself that read it; a node that reads it twice is listed twice. */
function readersOf(nodes: readonly Node[]): Map<string, Node[]> {
  const readers = new Map<string, Node[]>();
  for (const node of nodes)
    for (const name of node.inputs) {
      const list = readers.get(name);
      if (list) list.push(node);
      else readers.set(name, [node]);
    }
  return readers;
}

function uniqueNames(nodes: readonly Node[]): string[] {
  const count = new Map<string, number>();
  for (const { name } of nodes) count.set(name, (count.get(name) ?? 0) + 1);
  const own = nodes.map(({ name, outputs }) =>
    name !== '' && count.get(name) === 1 ? name : (outputs[0] ?? ''),
  );
  const taken = new Set<string>();
  return own.map((name) => {
    let unique = name;
    for (let i = 2; taken.has(unique); i++) unique = `${name} ${i}`;
    taken.add(unique);
    return unique;
  });
}

function biasBehind(
  node: Node,
  value: string,
  constants: ReadonlyMap<string, Tensor>,
  side: 0 | 1,
  weight: Tensor,
): string | null {
  if (node.opType !== 'Add' || !isStandard(node)) return null;
  const other = node.inputs[node.inputs[0] === value ? 1 : 0];
  const bias = constants.get(other);
  if (!bias || weight.dims.length < 2) return null;
  // The weight is [.., in, out] on the right of the product and [.., out, in] on its left.
  const features = weight.dims[weight.dims.length - (side === 1 ? 1 : 2)];
  const axis = bias.dims.length - (side === 1 ? 1 : 2);
  return axis >= 0 && bias.dims.every((dim, i) => dim === (i === axis ? features : 1)) ? other : null;
}

function tensorsOf(layers: readonly Layer[], constants: ReadonlyMap<string, Tensor>): LayerTensor[] {
  const tensors = new Map<string, LayerTensor>();
  for (const { name: layer, weight, bias } of layers) {
    if (!tensors.has(weight))
      tensors.set(weight, { name: weight, role: 'weight', layer, tensor: constants.get(weight)! });
    if (bias !== null && !tensors.has(bias))
      tensors.set(bias, { name: bias, role: 'bias', layer, tensor: constants.get(bias)! });
  }
  return [...tensors.values()];
}

function abridged(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
