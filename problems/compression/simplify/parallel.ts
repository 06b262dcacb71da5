import { additionsTo, rebuilt } from '../onnx/additions.js';
import { attribute } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { intOf, intsOf, inVersion4, makersOf, readsOf, stringOf, withoutUnused } from '../onnx/edit.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node, type Tensor } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';
import { type Affine, affinesOf, isNormOfInference } from './affine.js';

/**
 * The model with convolutions of the same pictures whose results are summed made one: their weights are summed, a smaller window in its place within the larger one,
 * and a normalisation beside them counts as a window of one place. Networks are trained so (RepVGG) because one convolution does the work of all. The same
 * object when there is nothing to do.
 *
 * Summed where nothing else reads the parts, groups and strides are the same, the smaller window lies within the larger, and weights are constants of float32.
 */
export function parallelSummed(model: Model): Model {
  const current = inVersion4(model);
  const next = summedOnce(current.graph);
  return next ? parallelSummed({ ...current, graph: next }) : model;
}

/** A convolution: what it computes and how it moves over its input. */
interface Window {
  readonly node: Node;
  readonly input: string;
  readonly group: number;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly kernel: readonly number[];
  /** Before each axis, then behind each. */
  readonly pads: readonly number[];
  /** [features, channels of a group, ...kernel]. */
  readonly dims: readonly number[];
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

function summedOnce(graph: Graph): Graph | undefined {
  const constants = constantsOf(graph);
  const reads = readsOf(graph);
  const affines = affinesOf(graph);
  const makers = makersOf(graph);
  for (const sum of graph.nodes) {
    const parts = sum.inputs.flatMap((name) => (reads.get(name) === 1 ? (makers.get(name) ?? []) : []));
    if (sum.opType !== 'Add' || !isStandard(sum) || parts.length < 2) continue;
    const [a, b] = parts.map((part) => windowOf(part, constants));
    const pair = a && b ? [a, b] : withNorm(a ?? b, parts[a ? 1 : 0], affines.get(parts[a ? 1 : 0]));
    const one = pair && (within(pair[0], pair[1]) ?? within(pair[1], pair[0]));
    if (one) return replaced(graph, sum, parts, one);
  }
  return undefined;
}

function windowOf(node: Node, constants: ReadonlyMap<string, Tensor>): Window | undefined {
  const [weight, bias] = node.inputs.slice(1).map((name) => constants.get(name));
  if (node.opType !== 'Conv' || !isStandard(node) || weight?.dataType !== ELEMENT_TYPE.float32)
    return undefined;
  if (node.inputs[2] && (bias?.dataType !== ELEMENT_TYPE.float32 || sizeOf(bias) !== weight.dims[0]))
    return undefined;
  if (stringOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET') return undefined;
  const kernel = weight.dims.slice(2);
  return {
    node,
    input: node.inputs[0],
    group: intOf(node, 'group', 1),
    strides: intsOf(node, 'strides') ?? kernel.map(() => 1),
    dilations: intsOf(node, 'dilations') ?? kernel.map(() => 1),
    kernel,
    pads: intsOf(node, 'pads') ?? [...kernel, ...kernel].map(() => 0),
    dims: weight.dims,
    weights: toFloat32(weight),
    biases: bias ? toFloat32(bias) : new Float32Array(weight.dims[0]),
  };
}

/** A convolution and a normalisation of the same input as two convolutions. */
function withNorm(
  window: Window | undefined,
  node: Node,
  affine: Affine | undefined,
): [Window, Window] | undefined {
  const features = affine?.factors.length;
  if (!window || !affine || !isNormOfInference(node) || window.dims[0] !== features) return undefined;
  const { group, kernel } = window;
  const channels = window.dims[1];
  if (channels * group !== features) return undefined;
  const weights = new Float32Array(features * channels);
  affine.factors.forEach((factor, c) => {
    weights[c * channels + (c % channels)] = factor;
  });
  const ones = kernel.map(() => 1);
  const norm = {
    node: window.node,
    input: affine.input,
    group,
    strides: ones,
    dilations: ones,
    kernel: ones,
    pads: [...kernel, ...kernel].map(() => 0),
    dims: [features, channels, ...ones],
    weights,
    biases: Float32Array.from(affine.offsets),
  };
  return [window, norm];
}

/** The sum of two convolutions, the second within the window of the first; undefined where it does not lie there. */
function within(large: Window, small: Window): Window | undefined {
  const axes = large.kernel.length;
  const same = (key: 'strides') => `${large[key]}` === `${small[key]}`;
  if (large.input !== small.input || large.group !== small.group || !same('strides')) return undefined;
  if (`${large.dims.slice(0, 2)}` !== `${small.dims.slice(0, 2)}` || small.kernel.length !== axes)
    return undefined;
  const starts: number[] = [];
  for (let axis = 0; axis < axes; axis++) {
    const step = large.dilations[axis];
    const [reach, own] = [large, small].map(
      ({ pads, kernel, dilations }) => pads[axis] + pads[axis + axes] - dilations[axis] * (kernel[axis] - 1),
    );
    const start = (large.pads[axis] - small.pads[axis]) / step;
    const fits = Number.isInteger(start) && start >= 0 && start + small.kernel[axis] <= large.kernel[axis];
    if (reach !== own || !fits || (small.kernel[axis] > 1 && small.dilations[axis] !== step))
      return undefined;
    starts.push(start);
  }
  const weights = large.weights.slice();
  const [places, inner] = [large, small].map(({ kernel }) => kernel.reduce((a, b) => a * b, 1));
  small.weights.forEach((weight, i) => {
    let rest = i % inner;
    let place = 0;
    for (let axis = axes - 1, stride = 1; axis >= 0; axis--) {
      place += ((rest % small.kernel[axis]) + starts[axis]) * stride;
      rest = Math.floor(rest / small.kernel[axis]);
      stride *= large.kernel[axis];
    }
    weights[Math.floor(i / inner) * places + place] += weight;
  });
  return { ...large, weights, biases: large.biases.map((bias, feature) => bias + small.biases[feature]) };
}

function replaced(graph: Graph, sum: Node, parts: readonly Node[], one: Window): Graph {
  const additions = additionsTo(graph);
  const { node, input, dims, kernel } = one;
  const rest = node.attributes.filter(({ name }) => name !== 'kernel_shape');
  const attributes = [...rest, attribute('kernel_shape', kernel)];
  const [weights, biases] = [one.weights, one.biases].map((values) => Float32Array.from(values));
  const weight = additions.constant(`${sum.outputs[0]}_weight`, 'float32', dims, weights);
  const bias = additions.constant(`${sum.outputs[0]}_bias`, 'float32', [biases.length], biases);
  const conv = { ...node, inputs: [input, weight, bias], outputs: sum.outputs, attributes };
  const nodes = graph.nodes.flatMap((old) => (old === sum ? [conv] : parts.includes(old) ? [] : [old]));
  const idle = new Set(parts.flatMap(({ inputs }) => inputs.slice(1)));
  return withoutUnused(rebuilt(graph, nodes, additions), idle);
}
