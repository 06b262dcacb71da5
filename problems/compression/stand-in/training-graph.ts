import { buildModel, node, tensor, valueInfo } from '../onnx/build.js';
import { ELEMENT_TYPE, type Model, type Node, type Tensor } from '../onnx/model.js';
import {
  type ConvLayer,
  convAttributes,
  forwardNodes,
  inputOf,
  inputShape,
  type Network,
  parameterShapes,
} from './network.js';

export interface TrainingOptions {
  readonly momentum: number;
  /** Share of every weight that is added to its gradient, which pulls it towards zero; biases are not pulled. */
  readonly weightDecay: number;
}

/**
 * One step of stochastic gradient descent on a batch as one plain ONNX graph: forward, backward and update.
 *
 * Inputs: `input`, `target` (batch x classes, rows sum to 1), `rate` (a scalar), and for every parameter its value and its
 * velocity `NAME.velocity`. Outputs: `loss` (mean cross-entropy of the batch, a scalar), `correct` (number of right answers),
 * and for every parameter `NAME.next` and `NAME.velocity.next`:
 *
 *     velocity' = momentum * velocity + gradient + weightDecay * weight        (no decay of biases)
 *     weight'   = weight - rate * velocity'
 *
 * With velocity and decay zero, `velocity'` is the gradient itself.
 *
 * The gradients, from the output's `d` backward: of cross-entropy, `(softmax - target) / batch`; of a linear layer
 * `y = x W^T + b`, `dx = dy W`, `dW = dy^T x`, `db = sum(dy)`; of a convolution, `dx` is the transposed convolution of
 * `dy` with the same weights, and `dW` a convolution again, in which batch and channels change places and the stride
 * becomes a dilation; of ReLU, `dy` where the output is positive.
 */
export function trainingModel(network: Network, batch: number, options: TrainingOptions): Model {
  const parameters = parameterShapes(network);
  const classes = network[network.length - 1].outputs;
  return buildModel({
    opset: 17,
    irVersion: 8,
    name: 'training step',
    inputs: [
      valueInfo('input', 'float32', [batch, ...inputShape(network)]),
      valueInfo('target', 'float32', [batch, classes]),
      valueInfo('rate', 'float32', []),
      ...parameters.flatMap(({ name, dims }) => [
        valueInfo(name, 'float32', dims),
        valueInfo(`${name}.velocity`, 'float32', dims),
      ]),
    ],
    outputs: [
      valueInfo('loss', 'float32', []),
      valueInfo('correct', 'float32', []),
      ...parameters.flatMap(({ name, dims }) => [
        valueInfo(`${name}.next`, 'float32', dims),
        valueInfo(`${name}.velocity.next`, 'float32', dims),
      ]),
    ],
    initializers: constants(batch, options),
    nodes: [
      ...forwardNodes(network),
      ...lossNodes(),
      ...backwardNodes(network),
      ...parameters.flatMap(({ name, dims }) => updateNodes(name, dims.length > 1)),
    ],
  });
}

function constants(batch: number, { momentum, weightDecay }: TrainingOptions): Tensor[] {
  const scalar = (name: string, value: number) => tensor(name, 'float32', [], Float32Array.of(value));
  return [
    scalar('batch', batch),
    scalar('momentum', momentum),
    scalar('decay', weightDecay),
    tensor('axis 0', 'int64', [1], BigInt64Array.of(0n)),
    tensor('axes 0 2 3', 'int64', [3], BigInt64Array.of(0n, 2n, 3n)),
  ];
}

/** Mean cross-entropy, the number of right answers, and `d.logits`. */
function lossNodes(): Node[] {
  return [
    node('LogSoftmax', ['logits'], ['log share'], { axis: 1 }),
    node('Mul', ['target', 'log share'], ['agreement']),
    node('ReduceSum', ['agreement'], ['total agreement'], { keepdims: 0 }),
    node('Div', ['total agreement', 'batch'], ['mean agreement']),
    node('Neg', ['mean agreement'], ['loss']),
    node('ArgMax', ['logits'], ['answer'], { axis: 1, keepdims: 0 }),
    node('ArgMax', ['target'], ['truth'], { axis: 1, keepdims: 0 }),
    node('Equal', ['answer', 'truth'], ['right']),
    node('Cast', ['right'], ['right as number'], { to: ELEMENT_TYPE.float32 }),
    node('ReduceSum', ['right as number'], ['correct'], { keepdims: 0 }),
    node('Softmax', ['logits'], ['share'], { axis: 1 }),
    node('Sub', ['share', 'target'], ['excess']),
    node('Div', ['excess', 'batch'], ['d.logits']),
  ];
}

/** From `d.logits` to the gradient `d.NAME` of every parameter. */
function backwardNodes(network: Network): Node[] {
  const nodes: Node[] = [];
  for (let index = network.length - 1; index >= 0; index--) {
    const layer = network[index];
    const { name } = layer;
    const into = inputOf(network, index);
    const out = index === network.length - 1 ? 'd.logits' : `d.${name}.out`;
    const [weight, bias] = [`${name}.weight`, `${name}.bias`];
    if (layer.kind === 'conv') {
      nodes.push(node('ReduceSum', [out, 'axes 0 2 3'], [`d.${bias}`], { keepdims: 0 }));
      nodes.push(...convWeightGradient(layer, into, out));
      if (index > 0) nodes.push(node('ConvTranspose', [out, weight], [`d.${into}`], turned(layer)));
    } else {
      nodes.push(node('ReduceSum', [out, 'axis 0'], [`d.${bias}`], { keepdims: 0 }));
      nodes.push(node('Gemm', [out, into], [`d.${weight}`], { transA: 1 }));
      if (index > 0) nodes.push(node('MatMul', [out, weight], [`d.${into}`]));
    }
    if (index > 0) nodes.push(...reluGradient(network[index - 1].name, into));
  }
  return nodes;
}

/**
 * `d.NAME.weight` of a convolution of `into` whose output's gradient is `out`. What the stride leaves over at the far edge
 * is cut off there by a smaller padding, so that exactly 3 x 3 places remain.
 */
function convWeightGradient({ name, stride, side }: ConvLayer, into: string, out: string): Node[] {
  const far = 1 - ((side - 1) % stride);
  return [
    node('Transpose', [into], [`${name}.in by channel`], { perm: [1, 0, 2, 3] }),
    node('Transpose', [out], [`${name}.d by channel`], { perm: [1, 0, 2, 3] }),
    node('Conv', [`${name}.in by channel`, `${name}.d by channel`], [`d.${name}.weight by input`], {
      pads: [1, 1, far, far],
      dilations: [stride, stride],
    }),
    node('Transpose', [`d.${name}.weight by input`], [`d.${name}.weight`], { perm: [1, 0, 2, 3] }),
  ];
}

/** Attributes of the transposed convolution that gives the gradient of a convolution's input. */
function turned(layer: ConvLayer) {
  const left = (layer.side - 1) % layer.stride;
  return { ...convAttributes(layer), output_padding: [left, left] };
}

/** From `d.INTO` to `d.NAME.out`, where `into` is the layer's active output, flattened or not. */
function reluGradient(name: string, into: string): Node[] {
  const active = `${name}.active`;
  const shaped = into === 'flat' ? `d.${active}` : `d.${into}`;
  const unflatten = [
    node('Shape', [active], [`${active} shape`]),
    node('Reshape', ['d.flat', `${active} shape`], [shaped]),
  ];
  return [
    ...(into === 'flat' ? unflatten : []),
    node('Sign', [active], [`${active} sign`]),
    node('Mul', [shaped, `${active} sign`], [`d.${name}.out`]),
  ];
}

function updateNodes(name: string, decays: boolean): Node[] {
  const decay = [
    node('Mul', [name, 'decay'], [`${name} pull`]),
    node('Add', [`d.${name}`, `${name} pull`], [`${name} slope`]),
  ];
  return [
    ...(decays ? decay : []),
    node('Mul', [`${name}.velocity`, 'momentum'], [`${name} drift`]),
    node('Add', [`${name} drift`, decays ? `${name} slope` : `d.${name}`], [`${name}.velocity.next`]),
    node('Mul', ['rate', `${name}.velocity.next`], [`${name} move`]),
    node('Sub', [name, `${name} move`], [`${name}.next`]),
  ];
}
