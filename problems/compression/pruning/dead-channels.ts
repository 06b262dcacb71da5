import { constantsOf } from '../onnx/constants.js';
import type { Graph, Model, Tensor } from '../onnx/model.js';
import { isFloat, toFloat32 } from '../onnx/tensor.js';
import { channelGroups, keepOneEverywhere } from './channel-selection.js';
import { removeChannels } from './remove-channels.js';
import { type TracedChannels, traceChannels } from './trace-channels.js';
import type { ChannelAxis } from './tracer.js';

/** Operators that give 0 where all that they read is 0. */
const KEEP_ZERO: ReadonlySet<string> = new Set(
  (
    'Conv ConvTranspose Gemm MatMul Relu LeakyRelu Tanh Elu Selu Gelu Erf HardSwish Abs Neg Identity Dropout Add Sub Mul Concat Split ' +
    'Slice Flatten Reshape MaxPool AveragePool GlobalAveragePool GlobalMaxPool ReduceMean Constant Shape Gather Unsqueeze'
  ).split(' '),
);

/**
 * The model without channels that do nothing: those that no layer multiplies by other than zero, and those that are zero themselves (all
 * weights and biases that make them are, and the graph has no operator that makes something of nothing). It gives the same outputs, up
 * to the order in which the runtime adds. The same object when there are none; every axis keeps a channel.
 */
export function removeDeadChannels(model: Model): Model {
  const traced = traceChannels(model.graph);
  const dead = deadChannels(model.graph, traced);
  if (dead.size === 0) return model;
  keepOneEverywhere(traced, dead, new Map([...dead].map((name) => [name, 0])));
  return removeChannels(model, traced, dead);
}

function deadChannels(graph: Graph, traced: TracedChannels): Set<number> {
  const read = new Set<number>();
  const made = new Set<number>();
  const alive = new Set<number>();
  const constants = constantsOf(graph);
  for (const axis of traced.axes) {
    const zero = zeroAlong(axis, constants.get(axis.tensor)!);
    axis.ids.forEach((id, i) => {
      const name = traced.channels.classOf(id);
      if (axis.role === 'input') read.add(name);
      if (!zero[i]) (axis.role === 'input' ? alive : made).add(name);
    });
  }
  const keepsZero = graph.nodes.every(({ opType }) => KEEP_ZERO.has(opType));
  const all = channelGroups(traced).flatMap(({ classes }) => [...classes]);
  return new Set(
    all.filter((name) => (read.has(name) && !alive.has(name)) || (keepsZero && !made.has(name))),
  );
}

/** Whether all elements that belong to each channel of an axis are zero; what is no floating-point tensor counts as not zero. */
function zeroAlong({ axis, ids, width }: ChannelAxis, tensor: Tensor): readonly boolean[] {
  if (!isFloat(tensor)) return Array.from(ids, () => false);
  const values = toFloat32(tensor);
  const inner = width * tensor.dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const zero = Array.from(ids, () => true);
  for (let i = 0; i < values.length; i++)
    if (values[i] !== 0) zero[Math.floor(i / inner) % ids.length] = false;
  return zero;
}
