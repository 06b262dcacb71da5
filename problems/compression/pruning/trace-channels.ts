import { constantsOf, isStandard } from '../onnx/constants.js';
import { intOf, intsOf, stringOf, subgraphsOf, usedNames } from '../onnx/edit.js';
import type { Graph, Node, Tensor } from '../onnx/model.js';
import { integersOf, sizeOf } from '../onnx/tensor.js';
import { type CoupledChannels, coupledChannels } from './coupled-channels.js';

/** An axis of a constant whose indices belong to channels. */
export interface ChannelAxis {
  readonly tensor: string;
  readonly axis: number;
  /** The channel of each run of `width` indices. */
  readonly ids: Int32Array;
  /** Indices a channel: more than 1 behind a Flatten. */
  readonly width: number;
  /** Whether the channels are made here, read here, or only scaled and shifted. */
  readonly role: 'output' | 'input' | 'parameter';
}

/** A node whose attributes or constants say how many channels there are. */
export interface ChannelCount {
  readonly node: number;
  /** `pad`: zeros before and behind; `split`: the parts; `depthwise`: the groups of a convolution. */
  readonly kind: 'pad' | 'split' | 'depthwise';
  readonly parts: readonly Int32Array[];
}

/** What is known of the channels of a graph. */
export interface TracedChannels {
  readonly channels: CoupledChannels;
  readonly axes: readonly ChannelAxis[];
  readonly counts: readonly ChannelCount[];
  /** Why channels are frozen, a sentence each. */
  readonly notes: readonly string[];
}

/** The channels of one value. */
interface Channels {
  readonly ids: Int32Array;
  /** Their axis, counted from the last as 1. */
  readonly fromEnd: number;
  /** Elements a channel on that axis; 0 where a Flatten made it unknown. */
  readonly width: number;
}

/**
 * Follows the channels of every value through the outermost graph: convolutions and products make new ones and read those of their
 * input; element by element operators, poolings and normalisations by channel keep them; Add and its like couple them; Concat, Split
 * and Pad rearrange them; Flatten widens them. A convolution in groups couples the
 * channels that stand at the same place of each group. Where an operator is met that may mix channels (Transpose, Softmax ...), those that it reads are frozen, and a note says so. Outputs of the graph are frozen.
 *
 * O(nodes x channels). Constants must be in the model (see `loadModel`).
 */
export function traceChannels(graph: Graph): TracedChannels {
  const tracer: Tracer = {
    channels: coupledChannels(),
    constants: constantsOf(graph),
    values: new Map(),
    axes: new Map(),
    counts: [],
    notes: new Set(),
  };
  graph.nodes.forEach((node, index) => {
    const rule = isStandard(node) && subgraphsOf(node).length === 0 ? RULES[node.opType] : undefined;
    if (rule?.(node, index, tracer)) return;
    freezeInputs(node, tracer);
  });
  for (const { name } of graph.outputs) {
    const value = tracer.values.get(name);
    if (value) tracer.channels.freeze(value.ids, OUTPUT);
  }
  return {
    channels: tracer.channels,
    axes: [...tracer.axes.values()],
    counts: tracer.counts,
    notes: [...tracer.notes],
  };
}

/** Why the channels of an output are frozen. */
export const OUTPUT = 'it is an output of the network';

interface Tracer {
  readonly channels: CoupledChannels;
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly values: Map<string, Channels>;
  readonly axes: Map<string, ChannelAxis>;
  readonly counts: ChannelCount[];
  readonly notes: Set<string>;
}

/** Writes what the node does to channels; false where it does not understand the node. Nothing is written then. */
type Rule = (node: Node, index: number, tracer: Tracer) => boolean;

function freezeInputs(node: Node, { channels, values, notes }: Tracer): void {
  const names = [...node.inputs, ...subgraphsOf(node).flatMap((body) => [...usedNames(body)])];
  for (const name of names) {
    const value = values.get(name);
    if (!value) continue;
    const reason = `${node.opType} ${node.name || node.outputs[0]} may mix channels`;
    channels.freeze(value.ids, reason);
    notes.add(`channels before ${node.opType} ${node.name || node.outputs[0]} stay: it may mix them`);
  }
}

const keep: Rule = ({ inputs, outputs }, _, { values }) => {
  const value = values.get(inputs[0]);
  if (value && outputs[0]) values.set(outputs[0], value);
  return outputs.length === 1;
};

const scaled: Rule = (node, index, tracer) => {
  const value = tracer.values.get(node.inputs[0]);
  if (!value) return keep(node, index, tracer);
  const parameters = node.inputs.slice(1).map((name) => tracer.constants.get(name));
  if (value.width !== 1 || !parameters.every((p) => p && sizeOf(p) === value.ids.length)) return false;
  for (const name of node.inputs.slice(1)) setAxis(name, 0, value.ids, 1, 'parameter', tracer);
  return keep(node, index, tracer);
};

/** Add, Mul and their like: two values of the same channels, or one and a constant. */
const combined: Rule = (node, _, tracer) => {
  const { values, constants, channels } = tracer;
  const known = node.inputs.flatMap((name) => values.get(name) ?? []);
  if (known.length === 0) return true;
  const [first] = known;
  const { ids, fromEnd, width } = first;
  const compatible = known.every(
    (other) => other.ids.length === ids.length && other.fromEnd === fromEnd && other.width === width,
  );
  if (!compatible) return false;
  for (const name of node.inputs) {
    if (values.has(name)) continue;
    const constant = constants.get(name);
    if (!constant) return false;
    const axis = constant.dims.length - fromEnd;
    const size = axis < 0 ? 1 : constant.dims[axis];
    if (size !== 1 && (width !== 1 || size !== ids.length)) return false;
  }
  for (const name of node.inputs) {
    const constant = constants.get(name);
    const axis = constant ? constant.dims.length - fromEnd : -1;
    if (constant && axis >= 0 && constant.dims[axis] > 1) setAxis(name, axis, ids, 1, 'parameter', tracer);
  }
  for (const other of known.slice(1)) channels.couple(ids, other.ids);
  values.set(node.outputs[0], first);
  return true;
};

const convolution: Rule = (node, index, tracer) => {
  const { values, constants } = tracer;
  const weight = constants.get(node.inputs[1]);
  const bias = node.inputs[2] ? constants.get(node.inputs[2]) : undefined;
  if (!weight || (node.inputs[2] && !bias)) return false;
  const [outAxis, inAxis] = node.opType === 'Conv' ? [0, 1] : [1, 0];
  const input = values.get(node.inputs[0]);
  const groups = intOf(node, 'group', 1);
  const fromEnd = weight.dims.length - 1;
  if (groups === 1) {
    if (input && (input.width !== 1 || input.ids.length !== weight.dims[inAxis])) return false;
    const ids = outputOf(node.inputs[1], outAxis, weight.dims[outAxis], tracer);
    if (input) setAxis(node.inputs[1], inAxis, input.ids, 1, 'input', tracer);
    if (bias) setAxis(node.inputs[2], 0, ids, 1, 'parameter', tracer);
    values.set(node.outputs[0], { ids, fromEnd, width: 1 });
    return true;
  }
  if (node.opType !== 'Conv') return false;
  if (weight.dims[1] > 1) return grouped(node, weight, groups, tracer);
  if (groups !== weight.dims[0] || !input || input.width !== 1 || input.ids.length !== groups) return false;
  setAxis(node.inputs[1], 0, input.ids, 1, 'output', tracer);
  if (bias) setAxis(node.inputs[2], 0, input.ids, 1, 'parameter', tracer);
  tracer.counts.push({ node: index, kind: 'depthwise', parts: [input.ids] });
  values.set(node.outputs[0], { ids: input.ids, fromEnd, width: 1 });
  return true;
};

/** A convolution in groups keeps as many inputs and outputs in each: the first of every group leave together, and so on. */
function grouped({ inputs, outputs }: Node, weight: Tensor, groups: number, tracer: Tracer): boolean {
  const [features, read] = weight.dims;
  const input = tracer.values.get(inputs[0]);
  if (input && (input.width !== 1 || input.ids.length !== groups * read)) return false;
  const together = (ids: Int32Array) => {
    const each = ids.length / groups;
    const first = ids.subarray(0, each);
    for (let at = each; at < ids.length; at += each)
      tracer.channels.couple(first, ids.subarray(at, at + each));
    return first;
  };
  if (input) setAxis(inputs[1], 1, together(input.ids), 1, 'input', tracer);
  const ids = outputOf(inputs[1], 0, features, tracer);
  together(ids);
  if (inputs[2]) setAxis(inputs[2], 0, ids, 1, 'parameter', tracer);
  tracer.values.set(outputs[0], { ids, fromEnd: weight.dims.length - 1, width: 1 });
  return true;
}

const product: Rule = (node, _, tracer) => {
  const { values, constants } = tracer;
  const gemm = node.opType === 'Gemm';
  const weight = constants.get(node.inputs[1]);
  if (weight?.dims.length !== 2 || (gemm && intOf(node, 'transA', 0) !== 0)) return false;
  const transposed = gemm && intOf(node, 'transB', 0) !== 0;
  const [outAxis, inAxis] = transposed ? [0, 1] : [1, 0];
  const input = values.get(node.inputs[0]);
  const width = input ? weight.dims[inAxis] / input.ids.length : 1;
  if (
    input &&
    (input.fromEnd !== 1 || !Number.isInteger(width) || (input.width !== 0 && input.width !== width))
  )
    return false;
  const bias = gemm && node.inputs[2] ? constants.get(node.inputs[2]) : undefined;
  if (gemm && node.inputs[2] && !bias) return false;
  const features = weight.dims[outAxis];
  const ids = outputOf(node.inputs[1], outAxis, features, tracer);
  if (input) setAxis(node.inputs[1], inAxis, input.ids, width, 'input', tracer);
  if (bias && sizeOf(bias) === features && features > 1)
    setAxis(node.inputs[2], bias.dims.length - 1, ids, 1, 'parameter', tracer);
  values.set(node.outputs[0], { ids, fromEnd: 1, width: 1 });
  return true;
};

const concatenated: Rule = (node, _, { values, channels }) => {
  const known = node.inputs.map((name) => values.get(name));
  const [first] = known;
  if (known.every((value) => !value)) return true;
  if (!first || !known.every((value) => value && value.fromEnd === first.fromEnd && value.width === 1))
    return false;
  const parts = known as Channels[];
  const axis = intOf(node, 'axis', 0);
  const channelAxis = axis < 0 ? -axis === first.fromEnd : first.fromEnd > 1 ? axis === 1 : false;
  if (channelAxis) {
    const ids = Int32Array.from(parts.flatMap((part) => [...part.ids]));
    values.set(node.outputs[0], { ...first, ids });
    return true;
  }
  // Side by side in space: only where the axis is surely one of space.
  if (first.fromEnd === 1 || axis < 2 || parts.some(({ ids }) => ids.length !== first.ids.length))
    return false;
  for (const part of parts.slice(1)) channels.couple(first.ids, part.ids);
  values.set(node.outputs[0], first);
  return true;
};

const split: Rule = (node, index, { values, constants, counts }) => {
  const value = values.get(node.inputs[0]);
  if (!value) return true;
  const axis = intOf(node, 'axis', 0);
  if (axis !== 1 || value.fromEnd === 1 || value.width !== 1) return false;
  const given = node.inputs[1] ? integers(constants.get(node.inputs[1])) : intsOf(node, 'split');
  if (!given && (node.inputs[1] || value.ids.length % node.outputs.length !== 0)) return false;
  const sizes = given ?? node.outputs.map(() => value.ids.length / node.outputs.length);
  let start = 0;
  const parts = sizes.map((size) => {
    start += size;
    return value.ids.slice(start - size, start);
  });
  node.outputs.forEach((name, i) => {
    values.set(name, { ...value, ids: parts[i] });
  });
  counts.push({ node: index, kind: 'split', parts });
  return true;
};

/** Zeros around the picture, and maybe around the channels. */
const padded: Rule = (node, index, tracer) => {
  const { values, constants, counts, channels } = tracer;
  const value = values.get(node.inputs[0]);
  if (!value) return true;
  const pads = node.inputs[1] ? integers(constants.get(node.inputs[1])) : undefined;
  const rank = pads ? pads.length / 2 : 0;
  if (!pads || node.inputs[3] || rank !== value.fromEnd + 1 || value.width !== 1) return false;
  const [front, back] = [pads[1], pads[rank + 1]];
  if (front === 0 && back === 0) return keep(node, index, tracer);
  if (stringOf(node, 'mode', 'constant') !== 'constant' || front < 0 || back < 0) return false;
  const parts = [channels.create(front), value.ids, channels.create(back)];
  counts.push({ node: index, kind: 'pad', parts });
  values.set(node.outputs[0], { ...value, ids: Int32Array.from(parts.flatMap((part) => [...part])) });
  return true;
};

const sliced: Rule = (node, index, tracer) => {
  const value = tracer.values.get(node.inputs[0]);
  if (!value) return true;
  const axes = node.inputs[3] ? integers(tracer.constants.get(node.inputs[3])) : undefined;
  const spatial = axes?.every((axis) => (axis < 0 ? -axis < value.fromEnd : axis > 1 && value.fromEnd > 1));
  return spatial ? keep(node, index, tracer) : false;
};

const flattened: Rule = (node, _, { values }) => {
  const value = values.get(node.inputs[0]);
  if (!value) return true;
  if (intOf(node, 'axis', 1) !== 1 || (value.fromEnd === 1 && value.width !== 0 && value.width !== 1))
    return false;
  values.set(node.outputs[0], value.fromEnd === 1 ? value : { ...value, fromEnd: 1, width: 0 });
  return true;
};

/** To [batch, all the rest]. */
const reshaped: Rule = (node, index, tracer) => {
  const value = tracer.values.get(node.inputs[0]);
  if (!value) return true;
  const shape = integers(tracer.constants.get(node.inputs[1]));
  if (shape?.length !== 2 || shape[1] !== -1) return false;
  return flattened({ ...node, attributes: [] }, index, tracer);
};

/** Means over the picture. */
const reduced: Rule = (node, _, { values, constants }) => {
  const value = values.get(node.inputs[0]);
  if (!value) return true;
  const axes = node.inputs[1] ? integers(constants.get(node.inputs[1])) : intsOf(node, 'axes');
  const spatial = axes?.every((axis) => (axis < 0 ? -axis < value.fromEnd : axis > 1 && value.fromEnd > 1));
  if (!spatial || value.fromEnd === 1) return false;
  if (intOf(node, 'keepdims', 1) !== 0) values.set(node.outputs[0], value);
  else if (axes!.length === value.fromEnd - 1) values.set(node.outputs[0], { ...value, fromEnd: 1 });
  else return false;
  return true;
};

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    (
      'Relu LeakyRelu Clip Sigmoid HardSigmoid HardSwish Tanh Elu Selu Softplus Gelu Erf Exp Sqrt Abs Neg Identity Dropout Cast ' +
      'MaxPool AveragePool GlobalAveragePool GlobalMaxPool'
    )
      .split(' ')
      .map((operator) => [operator, keep]),
  ),
  ...Object.fromEntries(
    'Add Sub Mul Div Pow PRelu Max Min'.split(' ').map((operator) => [operator, combined]),
  ),
  BatchNormalization: scaled,
  Conv: convolution,
  ConvTranspose: convolution,
  Gemm: product,
  MatMul: product,
  Concat: concatenated,
  Split: split,
  Pad: padded,
  Slice: sliced,
  Flatten: flattened,
  Reshape: reshaped,
  ReduceMean: reduced,
};

/** The output channels of a weight: new ones, or those it has where layers share it. */
function outputOf(tensor: string, axis: number, count: number, tracer: Tracer): Int32Array {
  const ids = tracer.channels.create(count);
  setAxis(tensor, axis, ids, 1, 'output', tracer);
  return ids;
}

/** Says whose channels an axis has; coupled with those that it had before, where a constant is read more than once. */
function setAxis(
  tensor: string,
  axis: number,
  ids: Int32Array,
  width: number,
  role: ChannelAxis['role'],
  { axes, channels }: Tracer,
): void {
  const key = `${axis} ${tensor}`;
  const known = axes.get(key);
  if (!known) axes.set(key, { tensor, axis, ids, width, role });
  else if (known.ids.length === ids.length && known.width === width) channels.couple(known.ids, ids);
  else {
    channels.freeze(ids, `the constant ${tensor} is read in two ways`);
    channels.freeze(known.ids, `the constant ${tensor} is read in two ways`);
  }
}

function integers(tensor: Tensor | undefined): number[] | undefined {
  return tensor && integersOf(tensor);
}
