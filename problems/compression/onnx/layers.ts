import { abridged } from '../words.js';
import { constantsOf, isStandard } from './constants.js';
import { intOf, nodesWithin, subgraphsOf } from './edit.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node, type Tensor } from './model.js';
import { isFloat } from './tensor.js';

/** What the design vector tells apart: Gemm and MatMul, or Conv and ConvTranspose. */
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
  /** Index of the node that adds the bias: that of the layer itself, or of the Add. */
  readonly adder: number | null;
}

/** A weight or a bias. One that several layers share is listed once, with the first of them in graph order. */
export interface LayerTensor {
  readonly name: string;
  readonly role: 'weight' | 'bias';
  readonly layer: string;
  readonly tensor: Tensor;
}

/** What can be compressed in a graph. */
export interface Layers {
  /** In graph order. */
  readonly layers: readonly Layer[];
  readonly tensors: readonly LayerTensor[];
  /** What was left as it is and why, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Finds the layers that can be pruned: Conv and ConvTranspose (convolutional), Gemm and MatMul with one constant side
 * (linear), in the outermost graph. A weight or bias is an initializer or a Constant node of a floating-point type, also
 * behind a Cast to float32. What is computed otherwise, even by a DequantizeLinear, or given as a graph input is left
 * alone and noted, as are recurrent layers, layers that are quantized already, the bodies of If, Loop and Scan, and the functions of the
 * model; a MatMul of two activations is no layer. (`withPlainConstants` first turns what an Identity or Transpose makes of a constant into a constant.)
 *
 * The bias of a MatMul is the constant of an Add that alone reads its output, when it has one element an output feature:
 * shape [.., 1, features], or [.., 1, features, 1] where the weight stands on the left.
 */
export function layersOf({ graph, functions }: Model): Layers {
  const values = valuesOf(graph);
  const names = uniqueNames(graph.nodes);
  const left = new Map<string, string[]>();
  const leave = (reason: string, name: string) => left.set(reason, [...(left.get(reason) ?? []), name]);
  const layers: Layer[] = [];
  graph.nodes.forEach((node, index) => {
    const name = names[index];
    if (subgraphsOf(node).length > 0) leave('control flow is left as it is', `${node.opType} ${name}`);
    if (isStandard(node) && /^(LSTM|GRU|RNN)$/.test(node.opType))
      leave(RECURRENT_LEFT, `${node.opType} ${name}`);
    if (QUANTIZED.has(node.opType))
      leave('a layer that is quantized already is left as it is', `${node.opType} ${name}`);
    const operator = operatorOf(node);
    const found = operator && weightOf(node, operator, values);
    if (!operator || !found) return;
    if (typeof found === 'string') {
      leave(found, `${operator} ${name}`);
      return;
    }
    const bias =
      operator === 'MatMul' ? biasBehind(node, found, graph, values) : ownBias(node, index, values);
    if (!bias && operator !== 'MatMul' && node.inputs[2])
      leave('a bias that is computed or an input is left as it is', `${operator} ${name}`);
    layers.push({
      name,
      kind: isConvolution(operator) ? 'convolutional' : 'linear',
      operator,
      node: index,
      ...found,
      bias: bias?.name ?? null,
      adder: bias?.node ?? null,
    });
  });
  for (const name of values.inner)
    if (values.stored(name) && !values.readers.has(name))
      leave('a constant read only by control flow is left as it is', name);
  for (const { domain, name } of functions)
    leave('a function of the model is left as it is', domain ? `${domain}.${name}` : name);
  return {
    layers,
    tensors: tensorsOf(layers, values.constants),
    notes: [...left].map(([reason, of]) => `${reason}: ${abridged(of)}`),
  };
}

/** What is said of recurrent layers. */
export const RECURRENT_LEFT = 'a recurrent layer is left as it is';

/** The operators of quantized layers, ONNX's and those that ONNX Runtime adds. */
const QUANTIZED: ReadonlySet<string> = new Set([
  'ConvInteger',
  'MatMulInteger',
  'QLinearConv',
  'QLinearMatMul',
  'DynamicQuantizeMatMul',
  'MatMulIntegerToFloat',
  'MatMulNBits',
  'QGemm',
]);

/** What is known of the values of a graph by their names. */
interface Values {
  readonly constants: ReadonlyMap<string, Tensor>;
  /** Indices of the nodes of the graph itself that read a value; one that reads it twice is listed twice. */
  readonly readers: ReadonlyMap<string, readonly number[]>;
  /** The values that subgraphs read. */
  readonly inner: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  /** Those that follow from constants alone, the constants among them. */
  readonly fixed: ReadonlySet<string>;
  /** The name of the floating-point constant that a value is, or is cast from; undefined when it is none. */
  stored(name: string | undefined): string | undefined;
}

function valuesOf(graph: Graph): Values {
  const constants = constantsOf(graph);
  const inner = new Set<string>();
  for (const node of graph.nodes)
    for (const body of subgraphsOf(node))
      for (const { inputs } of nodesWithin(body)) for (const name of inputs) inner.add(name);
  const readers = new Map<string, number[]>();
  const fixed = new Set(constants.keys());
  const casts = new Map<string, string>();
  graph.nodes.forEach((node, index) => {
    for (const name of node.inputs) {
      const list = readers.get(name);
      if (list) list.push(index);
      else readers.set(name, [index]);
    }
    if (node.inputs.length > 0 && node.inputs.every((name) => name === '' || fixed.has(name)))
      for (const name of node.outputs) fixed.add(name);
    if (node.opType === 'Cast' && isStandard(node) && intOf(node, 'to', 0) === ELEMENT_TYPE.float32)
      casts.set(node.outputs[0], node.inputs[0]);
  });
  return {
    constants,
    readers,
    inner,
    outputs: new Set(graph.outputs.map(({ name }) => name)),
    fixed,
    stored(name = '') {
      const source = constants.has(name) ? name : (casts.get(name) ?? '');
      const tensor = constants.get(source);
      return tensor && isFloat(tensor) ? source : undefined;
    },
  };
}

interface Weight {
  readonly side: 0 | 1;
  readonly weight: string;
}

/** The weight of a layer, or why it is left alone; null for a product of two activations, which is no layer. */
function weightOf(node: Node, operator: Layer['operator'], values: Values): Weight | string | null {
  const [left, right] = [0, 1].map((side) => values.fixed.has(node.inputs[side]));
  if (operator === 'MatMul' && !left && !right) return null;
  if (!isConvolution(operator) && left && right) return 'a product of two constants is left as it is';
  const side = isConvolution(operator) || right || !left ? 1 : 0;
  const weight = values.stored(node.inputs[side]);
  if (weight !== undefined) return { side, weight };
  return values.constants.has(node.inputs[side])
    ? 'a layer whose weight is no floating-point tensor is left as it is'
    : 'a layer whose weight is computed or an input is left as it is';
}

function isConvolution(operator: Layer['operator']): boolean {
  return operator === 'Conv' || operator === 'ConvTranspose';
}

interface Bias {
  readonly name: string;
  /** Index of the node that adds it. */
  readonly node: number;
}

function ownBias(node: Node, index: number, values: Values): Bias | null {
  const name = values.stored(node.inputs[2]);
  return name === undefined ? null : { name, node: index };
}

/** The operator of a layer; undefined for other nodes and for one without its two operands or its output. */
function operatorOf({ opType, domain, inputs, outputs }: Node): Layer['operator'] | undefined {
  const known = opType === 'Conv' || opType === 'ConvTranspose' || opType === 'Gemm' || opType === 'MatMul';
  return known && isStandard({ domain }) && inputs[0] && inputs[1] && outputs[0] ? opType : undefined;
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

function biasBehind(product: Node, { side, weight }: Weight, graph: Graph, values: Values): Bias | null {
  const [value] = product.outputs;
  const readers = values.readers.get(value) ?? [];
  if (readers.length !== 1 || values.outputs.has(value) || values.inner.has(value)) return null;
  const add = graph.nodes[readers[0]];
  if (add.opType !== 'Add' || !isStandard(add)) return null;
  const name = values.stored(add.inputs[add.inputs[0] === value ? 1 : 0]);
  const { dims } = values.constants.get(weight)!;
  if (name === undefined || dims.length < 2) return null;
  // The weight is [.., in, out] on the right of the product and [.., out, in] on its left.
  const features = dims[dims.length - (side === 1 ? 1 : 2)];
  const bias = values.constants.get(name)!;
  const axis = bias.dims.length - (side === 1 ? 1 : 2);
  const fits = axis >= 0 && bias.dims.every((dim, i) => dim === (i === axis ? features : 1));
  return fits ? { name, node: readers[0] } : null;
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
