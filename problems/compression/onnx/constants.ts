import { attribute, tensor } from './build.js';
import { attributeOf } from './edit.js';
import type { Graph, Model, Node, Tensor } from './model.js';

/** The tensors that a graph holds as constants, by name: initializers and the outputs of Constant nodes of one tensor or float(s). */
export function constantsOf(graph: Graph): Map<string, Tensor> {
  const constants = new Map<string, Tensor>();
  for (const tensor of graph.initializers) constants.set(tensor.name, tensor);
  for (const node of graph.nodes) {
    const tensor = constantTensor(node);
    if (tensor) constants.set(node.outputs[0], tensor);
  }
  return constants;
}

/** The graph with the named constants replaced; a Constant node then holds its tensor as `value`. What keeps its tensor stays the same object. */
export function withConstants(graph: Graph, changed: ReadonlyMap<string, Tensor>): Graph {
  return {
    ...graph,
    initializers: graph.initializers.map((tensor) => changed.get(tensor.name) ?? tensor),
    nodes: graph.nodes.map((node) => {
      const tensor = isConstant(node) ? changed.get(node.outputs[0]) : undefined;
      if (!tensor || attributeOf(node, 'value')?.t === tensor) return node;
      return { ...node, attributes: [attribute('value', tensor)] };
    }),
  };
}

function isConstant(node: Node): boolean {
  return node.opType === 'Constant' && isStandard(node) && node.outputs.length === 1;
}

/** Whether the operator is one of ONNX itself. */
export function isStandard({ domain }: Pick<Node, 'domain'>): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** The version of ONNX's own operators that a model says it uses, 0 where it says none. */
export function standardVersion({ opsets }: Model): number {
  return opsets.find(isStandard)?.version ?? 0;
}

function constantTensor(node: Node): Tensor | undefined {
  if (!isConstant(node)) return undefined;
  const value = attributeOf(node, 'value')?.t;
  if (value) return value;
  const single = attributeOf(node, 'value_float')?.f;
  if (single !== undefined) return floatTensor([], [single]);
  const list = attributeOf(node, 'value_floats')?.floats;
  return list && floatTensor([list.length], list);
}

function floatTensor(dims: readonly number[], values: readonly number[]): Tensor {
  return tensor('', 'float32', dims, Float32Array.from(values));
}
