import type { Random } from '../../../src/index.js';
import { buildModel, node, tensor, valueInfo } from '../onnx/build.js';
import type { Model, Node } from '../onnx/model.js';

/** A 3 x 3 convolution with padding 1, bias and a ReLU after it. */
export interface ConvLayer {
  readonly kind: 'conv';
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: 1 | 2;
  /** Height and width of what comes in, in pixels. */
  readonly side: number;
}

/** A fully connected layer with bias, and a ReLU after it unless it is the last one. */
export interface LinearLayer {
  readonly kind: 'linear';
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

export type Layer = ConvLayer | LinearLayer;

/** A chain: convolutions first, then linear layers on the flattened planes; the last layer gives the logits. */
export type Network = readonly Layer[];

/** The stand-in: 151,930 parameters, 69 % of them in linear layers; 3.1 million multiplications a picture. */
export const STAND_IN_NETWORK: Network = [
  { kind: 'conv', name: 'conv1', inputs: 3, outputs: 16, stride: 1, side: 32 },
  { kind: 'conv', name: 'conv2', inputs: 16, outputs: 32, stride: 2, side: 32 },
  { kind: 'conv', name: 'conv3', inputs: 32, outputs: 48, stride: 2, side: 16 },
  { kind: 'conv', name: 'conv4', inputs: 48, outputs: 64, stride: 2, side: 8 },
  { kind: 'linear', name: 'fc1', inputs: 1024, outputs: 96 },
  { kind: 'linear', name: 'fc2', inputs: 96, outputs: 64 },
  { kind: 'linear', name: 'fc3', inputs: 64, outputs: 10 },
];

/** One weight or bias of the network. */
export interface Parameter {
  /** `conv1.weight`, `conv1.bias`, ... */
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Shapes of the weight (`outputs x inputs [x 3 x 3]`) and the bias of each layer, in the order of the layers. */
export function parameterShapes(network: Network): { name: string; dims: readonly number[] }[] {
  return network.flatMap(({ kind, name, inputs, outputs }) => [
    { name: `${name}.weight`, dims: kind === 'conv' ? [outputs, inputs, 3, 3] : [outputs, inputs] },
    { name: `${name}.bias`, dims: [outputs] },
  ]);
}

/** Weights of He et al. (2015): normal with variance 2 / fan-in; biases zero. */
export function initialParameters(network: Network, random: Random): Parameter[] {
  return parameterShapes(network).map(({ name, dims }) => {
    const data = new Float32Array(product(dims));
    const scale = Math.sqrt(2 / product(dims.slice(1)));
    if (dims.length > 1) for (let i = 0; i < data.length; i++) data[i] = scale * random.normal();
    return { name, dims, data };
  });
}

/** The network as an ONNX model: `input` float32 [batch, channels, side, side] to `logits` float32 [batch, classes]. */
export function inferenceModel(network: Network, parameters: readonly Parameter[]): Model {
  return buildModel({
    opset: 17,
    irVersion: 8,
    name: 'stand-in',
    inputs: [valueInfo('input', 'float32', ['batch', ...inputShape(network)])],
    outputs: [valueInfo('logits', 'float32', ['batch', network[network.length - 1].outputs])],
    initializers: parameters.map(({ name, dims, data }) => tensor(name, 'float32', dims, data)),
    nodes: forwardNodes(network),
  });
}

/** Shape of one sample. */
export function inputShape(network: Network): readonly number[] {
  const first = network[0];
  return first.kind === 'conv' ? [first.inputs, first.side, first.side] : [first.inputs];
}

/**
 * The nodes from `input` to `logits`. The value that goes into a layer is {@link inputOf} it, what comes out of its ReLU
 * is `NAME.active`.
 */
export function forwardNodes(network: Network): Node[] {
  return network.flatMap((layer, index) => {
    const { kind, name } = layer;
    const nodes: Node[] = [];
    const last = index === network.length - 1;
    const into = inputOf(network, index);
    const out = last ? 'logits' : `${name}.out`;
    if (into === 'flat') nodes.push(node('Flatten', [`${network[index - 1].name}.active`], ['flat']));
    const operands = [into, `${name}.weight`, `${name}.bias`];
    if (kind === 'conv') nodes.push(node('Conv', operands, [out], convAttributes(layer), { name }));
    else nodes.push(node('Gemm', operands, [out], { transB: 1 }, { name }));
    if (!last) nodes.push(node('Relu', [out], [`${name}.active`]));
    return nodes;
  });
}

export function convAttributes({ stride }: ConvLayer) {
  return { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] };
}

/** Name of the value that goes into a layer. */
export function inputOf(network: Network, index: number): string {
  if (index === 0) return 'input';
  const before = network[index - 1];
  return before.kind === 'conv' && network[index].kind === 'linear' ? 'flat' : `${before.name}.active`;
}

function product(values: readonly number[]): number {
  return values.reduce((whole, value) => whole * value, 1);
}
