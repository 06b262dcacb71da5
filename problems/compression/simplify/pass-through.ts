import { constantsOf, isStandard } from '../onnx/constants.js';
import { fixedNames, intsOf, makersOf } from '../onnx/edit.js';
import type { Graph, Model, Node, Tensor } from '../onnx/model.js';
import { dataOf, integersOf } from '../onnx/tensor.js';
import { withoutIdleNodes } from './constants.js';

/**
 * The model without nodes that hand on what they get: Identity, Dropout outside training, a Pad by nothing, and an Expand
 * to the shape of what alone it is multiplied with or added to. Exporters write them, and they stand
 * between what could be fused or traced. The same object when there is nothing to do.
 *
 * They stay where their result is an output of the graph or read by the body of an If, Loop or Scan.
 */
export function withoutPassThrough(model: Model): Model {
  const { graph } = model;
  const constants = constantsOf(graph);
  const makers = makersOf(graph);
  const broadcast = (node: Node) =>
    node.opType === 'Expand' && isStandard(node) && isBroadcast(node, makers.get(node.inputs[1]), graph);
  const fixed = fixedNames(graph);
  const sources = new Map<string, string>();
  const nodes: Node[] = [];
  for (const old of graph.nodes) {
    const inputs = old.inputs.map((name) => sources.get(name) ?? name);
    const node = inputs.some((name, i) => name !== old.inputs[i]) ? { ...old, inputs } : old;
    if ((passes(node, constants) || broadcast(old)) && !fixed.has(node.outputs[0]))
      sources.set(node.outputs[0], inputs[0]);
    else nodes.push(node);
  }
  if (sources.size === 0) return model;
  const valueInfo = graph.valueInfo.filter(({ name }) => !sources.has(name));
  return { ...model, graph: withoutIdleNodes({ ...graph, nodes, valueInfo }) };
}

/** Whether all that read the result of an Expand broadcast it by themselves against the value whose shape it takes. */
function isBroadcast(expand: Node, shape: Node | undefined, { nodes }: Graph): boolean {
  if (shape?.opType !== 'Shape' || !isStandard(shape) || shape.attributes.length > 0) return false;
  const [result] = expand.outputs;
  return nodes.every(
    ({ opType, inputs }) =>
      !inputs.includes(result) ||
      (/^(Add|Sub|Mul|Div)$/.test(opType) && inputs.includes(shape.inputs[0]) && inputs[0] !== inputs[1]),
  );
}

function passes(node: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (!isStandard(node) || node.outputs.length !== 1) return false;
  if (node.opType === 'Identity') return true;
  if (node.opType === 'Dropout') {
    const training = node.inputs[2] ? constants.get(node.inputs[2]) : undefined;
    return !node.inputs[2] || (training !== undefined && dataOf(training).every((byte) => byte === 0));
  }
  if (node.opType !== 'Pad') return false;
  const pads = constants.get(node.inputs[1] ?? '');
  return (pads ? integersOf(pads) : intsOf(node, 'pads'))?.every((pad) => pad === 0) ?? false;
}
