import { intOf } from '../onnx/edit.js';
import type { Node, Tensor } from '../onnx/model.js';
import { sizeOf } from '../onnx/tensor.js';
import { type Rule, setAxis, type Tracer } from './tracer.js';

/** Conv and ConvTranspose: new channels, but for a depthwise convolution, which keeps those it reads. */
export const convolution: Rule = (node, index, tracer) => {
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
  const depthwise = groups === weight.dims[0] && weight.dims[1] === 1;
  if (!depthwise && (node.opType === 'ConvTranspose' || weight.dims[1] > 1))
    return grouped(node, weight, groups, tracer);
  if (!depthwise || !input || input.width !== 1 || input.ids.length !== groups) return false;
  setAxis(node.inputs[1], 0, input.ids, 1, 'output', tracer);
  if (bias) setAxis(node.inputs[2], 0, input.ids, 1, 'parameter', tracer);
  tracer.counts.push({ node: index, kind: 'depthwise', parts: [input.ids] });
  values.set(node.outputs[0], { ids: input.ids, fromEnd, width: 1 });
  return true;
};

/** A convolution in groups keeps as many inputs and outputs in each: the first of every group leave together, and so on. */
function grouped({ opType, inputs, outputs }: Node, weight: Tensor, groups: number, tracer: Tracer): boolean {
  const [first, second] = weight.dims;
  const [features, read] = opType === 'Conv' ? [first, second * groups] : [second * groups, first];
  const input = tracer.values.get(inputs[0]);
  if (input && (input.width !== 1 || input.ids.length !== read)) return false;
  const together = (ids: Int32Array) => {
    const each = ids.length / groups;
    const first = ids.subarray(0, each);
    for (let at = each; at < ids.length; at += each)
      tracer.channels.couple(first, ids.subarray(at, at + each));
    return first;
  };
  const readEach = input && together(input.ids);
  const ids = tracer.channels.create(features);
  const each = together(ids);
  if (opType === 'Conv') {
    if (readEach) setAxis(inputs[1], 1, readEach, 1, 'input', tracer);
    setAxis(inputs[1], 0, ids, 1, 'output', tracer);
  } else {
    if (input) setAxis(inputs[1], 0, input.ids, 1, 'input', tracer);
    setAxis(inputs[1], 1, each, 1, 'output', tracer, ids);
  }
  if (inputs[2]) setAxis(inputs[2], 0, ids, 1, 'parameter', tracer);
  tracer.values.set(outputs[0], { ids, fromEnd: weight.dims.length - 1, width: 1 });
  return true;
}

/** Gemm and MatMul with a constant: new channels from the last axis. */
export const product: Rule = (node, _, tracer) => {
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

/** The output channels of a weight: new ones, or those it has where layers share it. */
function outputOf(tensor: string, axis: number, count: number, tracer: Tracer): Int32Array {
  const ids = tracer.channels.create(count);
  setAxis(tensor, axis, ids, 1, 'output', tracer);
  return ids;
}
