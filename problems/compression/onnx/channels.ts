import { isStandard } from './constants.js';
import { intOf } from './edit.js';
import type { Graph, Tensor } from './model.js';

/** How many channels values have (the size of their second axis), by name, where the file or the layers that make or read them tell. */
export function channelsOf(graph: Graph, constants: ReadonlyMap<string, Tensor>): Map<string, number> {
  const channels = new Map<string, number>();
  for (const { name, type } of [...graph.inputs, ...graph.valueInfo]) {
    const size = type?.tensor?.shape?.dims[1]?.value;
    if (size !== undefined) channels.set(name, size);
  }
  for (const node of graph.nodes) {
    const weight = constants.get(node.inputs[1] ?? '')?.dims;
    if (!weight || !isStandard(node)) continue;
    if (node.opType === 'Conv') channels.set(node.inputs[0], weight[1] * intOf(node, 'group', 1));
    if (node.opType === 'BatchNormalization' || node.opType === 'ConvTranspose')
      channels.set(node.inputs[0], weight[0]);
  }
  for (const node of graph.nodes) {
    if (!isStandard(node)) continue;
    const { opType, inputs, outputs } = node;
    const weight = constants.get(inputs[1] ?? '')?.dims;
    const given = inputs.filter((name) => !constants.has(name)).map((name) => channels.get(name));
    let count: number | undefined;
    if (opType === 'Conv') count = weight?.[0];
    else if (opType === 'ConvTranspose') count = weight && weight[1] * intOf(node, 'group', 1);
    else if (opType === 'BatchNormalization') count = weight?.[0];
    else if (opType === 'Concat' && intOf(node, 'axis', 0) === 1 && !given.includes(undefined))
      count = given.length === inputs.length ? (given as number[]).reduce((a, b) => a + b, 0) : undefined;
    else if (AS_GIVEN.has(opType)) count = given[0];
    else if (/^(Add|Sub|Mul|Div)$/.test(opType) && !given.includes(undefined))
      count = Math.max(...(given as number[]));
    if (count !== undefined && !channels.has(outputs[0])) channels.set(outputs[0], count);
  }
  return channels;
}

/** Operators whose result has the channels of what they get. */
const AS_GIVEN: ReadonlySet<string> = new Set(
  (
    'Relu LeakyRelu PRelu Clip Sigmoid HardSigmoid HardSwish Tanh Elu Selu Softplus Gelu Erf Sqrt Identity Dropout MaxPool AveragePool GlobalAveragePool ' +
    'GlobalMaxPool LRN Resize InstanceNormalization'
  ).split(' '),
);
