import { isStandard } from './constants.js';
import { intOf, intsOf } from './edit.js';
import type { Graph, Node, Tensor } from './model.js';
import { integersOf } from './tensor.js';

/** How many axes values have, by name, where the file or the operators that make them tell. */
export function ranksOf(graph: Graph, constants: ReadonlyMap<string, Tensor>): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const { name, type } of [...graph.inputs, ...graph.valueInfo, ...graph.outputs]) {
    const dims = type?.tensor?.shape?.dims;
    if (dims) ranks.set(name, dims.length);
  }
  for (const [name, { dims }] of constants) ranks.set(name, dims.length);
  for (const node of graph.nodes) {
    const rank = isStandard(node) ? rankOf(node, ranks, constants) : undefined;
    if (rank !== undefined) for (const name of node.outputs) if (!ranks.has(name)) ranks.set(name, rank);
  }
  return ranks;
}

const OF_WEIGHT: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose']);
const OF_PRODUCT: ReadonlySet<string> = new Set(['Gemm', 'Flatten']);
const OF_INPUT: ReadonlySet<string> = new Set(
  (
    'BatchNormalization Relu LeakyRelu PRelu Clip Sigmoid HardSigmoid HardSwish Tanh Elu Selu Softplus Gelu Erf Identity Dropout Pad Slice ' +
    'Concat Split Transpose Resize Softmax LRN GlobalAveragePool GlobalMaxPool'
  ).split(' '),
);
const OF_WIDEST: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'MatMul']);

function rankOf(
  node: Node,
  ranks: ReadonlyMap<string, number>,
  constants: ReadonlyMap<string, Tensor>,
): number | undefined {
  const { opType, inputs } = node;
  const own = ranks.get(inputs[0]);
  if (OF_WEIGHT.has(opType)) return ranks.get(inputs[1]) ?? own;
  if (OF_PRODUCT.has(opType)) return 2;
  if (OF_INPUT.has(opType)) return own;
  if (opType === 'MaxPool' || opType === 'AveragePool') {
    const kernel = intsOf(node, 'kernel_shape');
    return kernel ? kernel.length + 2 : own;
  }
  if (opType === 'Reshape') return constants.get(inputs[1])?.dims[0];
  if (/^(Reduce|Squeeze|Unsqueeze)/.test(opType)) {
    const axes = axesOf(node, constants)?.length;
    if (own === undefined || axes === undefined) return undefined;
    if (opType.startsWith('Reduce')) return intOf(node, 'keepdims', 1) === 0 ? own - axes : own;
    return opType === 'Squeeze' ? own - axes : own + axes;
  }
  if (!OF_WIDEST.has(opType)) return undefined;
  const all = inputs.map((name) => ranks.get(name));
  return all.includes(undefined) ? undefined : Math.max(...(all as number[]));
}

/** The axes that a node names, as an input or, in old operator sets, as an attribute; undefined where it names none or they are computed. */
export function axesOf(node: Node, constants: ReadonlyMap<string, Tensor>): number[] | undefined {
  if (!node.inputs[1]) return intsOf(node, 'axes');
  const axes = constants.get(node.inputs[1]);
  return axes && integersOf(axes);
}
