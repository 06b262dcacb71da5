import { intOf, intsOf, stringOf } from '../onnx/edit.js';
import type { Tensor } from '../onnx/model.js';
import { integersOf, sizeOf } from '../onnx/tensor.js';
import { convolution, product } from './layer-rules.js';
import { keep, SHAPE_RULES } from './shape-rules.js';
import { type Channels, type Rule, setAxis } from './tracer.js';

const scaled: Rule = (node, index, tracer) => {
  const value = tracer.values.get(node.inputs[0]);
  if (!value) return keep(node, index, tracer);
  const parameters = node.inputs.slice(1).map((name) => tracer.constants.get(name));
  if (value.width !== 1 || !parameters.every((p) => p && sizeOf(p) === value.ids.length)) return false;
  for (const name of node.inputs.slice(1)) setAxis(name, 0, value.ids, 1, 'parameter', tracer);
  return keep(node, index, tracer);
};

/** Add, Mul and their like: two values of the same channels, or one and a constant, or one and a value of a single channel that goes for all. */
const combined: Rule = (node, _, tracer) => {
  const { values, constants, channels } = tracer;
  const known = node.inputs.flatMap((name) => values.get(name) ?? []);
  if (known.length === 0) return true;
  const first = known.reduce((widest, other) => (other.ids.length > widest.ids.length ? other : widest));
  const { ids, fromEnd, width } = first;
  const compatible = known.every(
    (other) =>
      (other.ids.length === ids.length || other.ids.length === 1) &&
      other.fromEnd === fromEnd &&
      other.width === width,
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
  for (const other of known) if (other.ids.length === ids.length) channels.couple(ids, other.ids);
  values.set(node.outputs[0], first);
  return true;
};

/**
 * Channels one behind the other, or pictures side by side. What Flatten has made is supposed to have one element a channel, which the layer that reads
 * it bears out by its weight, or does not.
 */
const concatenated: Rule = (node, _, { values, channels, ranks }) => {
  const known = node.inputs.map((name) => {
    const value = values.get(name);
    return value?.width === 0 ? { ...value, width: 1, supposed: true } : value;
  });
  const [first] = known;
  if (known.every((value) => !value)) return true;
  if (!first || !known.every((value) => value && value.fromEnd === first.fromEnd && value.width === 1))
    return false;
  const parts = known as Channels[];
  const axis = intOf(node, 'axis', 0);
  const isRow = first.fromEnd === 1 && node.inputs.some((name) => ranks.get(name) === 2);
  const channelAxis = axis < 0 ? -axis === first.fromEnd : axis === 1 && (first.fromEnd > 1 || isRow);
  if (channelAxis) {
    const ids = Int32Array.from(parts.flatMap((part) => [...part.ids]));
    values.set(node.outputs[0], { ...first, ids, supposed: parts.some(({ supposed }) => supposed) });
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

/** The rule of every operator that is understood. */
export const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    (
      'Relu LeakyRelu Clip Sigmoid HardSigmoid HardSwish Tanh Elu Selu Celu Softplus Softsign Mish Gelu Erf Exp Log Sqrt Reciprocal Abs Neg Sign Floor ' +
      'Ceil Round Not Identity Dropout Cast MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool'
    )
      .split(' ')
      .map((operator) => [operator, keep]),
  ),
  ...Object.fromEntries(
    'Add Sub Mul Div Pow PRelu Max Min Sum Mean Where Less Greater Equal'
      .split(' ')
      .map((operator) => [operator, combined]),
  ),
  BatchNormalization: scaled,
  InstanceNormalization: scaled,
  Conv: convolution,
  ConvTranspose: convolution,
  Gemm: product,
  MatMul: product,
  Concat: concatenated,
  Split: split,
  Pad: padded,
  ...SHAPE_RULES,
};

function integers(tensor: Tensor | undefined): number[] | undefined {
  return tensor && integersOf(tensor);
}
