import { InputError } from '../../../src/index.js';
import { constantsOf, isStandard, standardVersion } from '../onnx/constants.js';
import { floatOf, intOf, intsOf, stringOf, subgraphsOf, usedNames } from '../onnx/edit.js';
import { type Layer, layersOf } from '../onnx/layers.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node, type Tensor } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';
import { isNormOfInference } from '../simplify/affine.js';
import { type Requantization, requantizationOf } from './hard-sigmoid.js';

/** The first version of the ONNX operators whose QuantizeLinear has an axis. */
export const FIRST_STATIC_OPSET = 13;

/** What is to be quantized in a graph. */
export interface StaticPlan {
  /** By index of the node. */
  readonly layers: ReadonlyMap<number, Layer>;
  /** Values to be quantized, each with the value whose scale it shares, or null where it has its own. */
  readonly values: ReadonlyMap<string, string | null>;
  /** Of the values whose quantization computes the node that makes them: it leaves. */
  readonly requantizations: ReadonlyMap<string, Requantization>;
  readonly notes: readonly string[];
}

/**
 * What `quantizeStatic` quantizes in a model without the layers named. Throws an InputError when the operator set is older than 13.
 */
export function staticPlanOf(model: Model, exclude: ReadonlySet<string>): StaticPlan {
  const opset = standardVersion(model);
  if (opset < FIRST_STATIC_OPSET)
    throw new InputError(
      `static quantization needs a model of operator set ${FIRST_STATIC_OPSET} or later, got ${opset}`,
    );
  const { graph } = model;
  const constants = constantsOf(graph);
  const pixels = new Set(graph.inputs.map(({ name }) => name));
  const notes: string[] = [];
  const layers = new Map<number, Layer>();
  for (const layer of layersOf(model).layers) {
    if (exclude.has(layer.name)) continue;
    const old = graph.nodes[layer.node];
    const reason =
      pixels.has(old.inputs[0]) && isThinStem(layer, old, constants) ? THIN : obstacle(layer, old, constants);
    if (reason) notes.push(`${layer.operator} ${layer.name} stays in float: ${reason}`);
    else layers.set(layer.node, layer);
  }
  const values = valuesOf(graph, layers, constants);
  const requantizations = new Map(
    graph.nodes.flatMap((old) => {
      const requantization = values.has(old.outputs[0]) ? requantizationOf(old) : undefined;
      return requantization ? [[old.outputs[0], requantization] as const] : [];
    }),
  );
  return { layers, values, requantizations, notes };
}

/** Operators that compute on uint8 between quantized values. */
const ELEMENTWISE: ReadonlySet<string> = new Set(
  'Add Mul Concat GlobalAveragePool AveragePool Sigmoid LeakyRelu'.split(' '),
);
/** Operators without an integer kernel, whose result is quantized where an integer kernel reads it. */
const BETWEEN: ReadonlySet<string> = new Set('HardSwish Tanh Elu Selu Softplus PRelu'.split(' '));
/** Operators that move elements, and change none or mix neighbours: the output has the scale of the input. */
const MOVING: ReadonlySet<string> = new Set(
  'MaxPool Flatten Reshape Transpose Slice Split Squeeze Unsqueeze Pad Resize'.split(' '),
);

/** What makes less of what it gets: worth doing on integers even where its result is computed with in float. */
const SHRINKING: ReadonlySet<string> = new Set(
  'GlobalAveragePool AveragePool MaxPool Slice Split'.split(' '),
);

/** Whether a node computes on uint8. A mean over volumes has a kernel of integers too, but one slower than in float. */
function computes(node: Node): boolean {
  return ELEMENTWISE.has(node.opType) && (intsOf(node, 'kernel_shape') ?? []).length <= 2;
}

const THIN = 'it makes so little of the pixels that integers take longer';

/**
 * Whether a convolution of what the network is given takes longer on integers, with the pixels quantized and turned round, than in float: as little as 3 x 3 of 3
 * colours, to 32 channels at most, in fewer places. From 16 to 32 channels it takes 0.5 to 0.8 times as long in float (one thread; 32 x 32 and 224 x 224), 7 x 7 to 64 channels 1.3 times.
 */
function isThinStem({ operator, weight }: Layer, old: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (operator !== 'Conv') return false;
  const [features, ...window] = constants.get(weight)!.dims;
  const places = (intsOf(old, 'strides') ?? []).reduce((product, stride) => product * stride, 1);
  return features <= 32 && window.reduce((product, side) => product * side, 1) <= 27 && places >= 4;
}

/** Fewer than 8 channels of a volume take 2 to 7 times as long on integers as in float, 16 take 0.6 times as long (one thread, 3 x 3 x 3). */
function isThinVolume({ operator }: Layer, old: Node, { dims }: Tensor): boolean {
  return operator === 'Conv' && dims.length === 5 && dims[1] < 8 && intOf(old, 'group', 1) === 1;
}

function obstacle(layer: Layer, old: Node, constants: ReadonlyMap<string, Tensor>): string | undefined {
  const weight = constants.get(layer.weight)!;
  if (layer.operator === 'ConvTranspose') return 'ONNX Runtime has no integer kernel for it';
  if (isThinVolume(layer, old, weight)) return 'integers take longer on volumes of so few channels';
  if (weight.dataType !== ELEMENT_TYPE.float32) return 'its type is not float32';
  if (old.inputs[layer.side] !== layer.weight) return 'its weight is cast';
  if (layer.side === 0) return 'its weight stands on the left';
  if (constants.has(old.inputs[0])) return 'its input is a constant';
  if (weight.dims.length < 2 || sizeOf(weight) === 0) return 'its weight is no matrix';
  if (layer.operator === 'MatMul' && weight.dims.length > 2) return 'its weight is a stack of matrices';
  if (!toFloat32(weight).every(Number.isFinite)) return 'its weight has a NaN or an infinity';
  if (layer.operator === 'Gemm') {
    if (intOf(old, 'transA', 0) !== 0) return 'its input is transposed';
    if (floatOf(old, 'alpha', 1) !== 1 || (old.inputs[2] && floatOf(old, 'beta', 1) !== 1))
      return 'it has factors';
  }
  if (layer.operator !== 'MatMul' && old.inputs[2]) {
    const bias = constants.get(old.inputs[2]);
    if (!bias || bias.dataType !== ELEMENT_TYPE.float32) return 'its bias is no constant of float32';
    if (sizeOf(bias) !== featuresOf(layer, old, weight)) return 'its bias is not one number a feature';
  }
  return undefined;
}

/**
 * Inputs and outputs of the layers; what is computed from quantized values alone by operators that know uint8; and, behind
 * those, what only moves. An output whose only reader is a Relu or Clip leaves the quantization to that. Products, and whatever keeps the size of
 * what it gets, give float where nothing computes integers from their results.
 */
function valuesOf(
  graph: Graph,
  layers: ReadonlyMap<number, Layer>,
  constants: ReadonlyMap<string, Tensor>,
): Map<string, string | null> {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const readers = readersOf(graph);
  const values = new Map<string, string | null>();
  const add = (name: string, source: string | null) => {
    if (!outputs.has(name) && !constants.has(name) && !values.has(name)) values.set(name, source);
  };
  /** Gives the name of what is quantized: the output, or that of the Relu, Clip or HardSigmoid behind it. */
  const addOutput = (name: string) => {
    const [reader, ...others] = readers.get(name) ?? [];
    const folds = reader && (isActivation(reader, constants) || requantizationOf(reader));
    const folded = folds && others.length === 0 && !outputs.has(name);
    const result = folded ? reader.outputs[0] : name;
    add(result, null);
    return result;
  };
  /** Also what a layer reads: with a scale of its own it would not move as it is. */
  const move = (name: string, source: string) => {
    if (values.has(name)) values.set(name, source);
    else add(name, source);
  };
  const optional: string[] = [];
  /** What comes of the nodes that compute on integers. */
  const results = new Map<Node, readonly string[]>();
  // Also an output of the graph: that stays in float, what the layer reads is quantized beside it.
  for (const index of layers.keys()) values.set(graph.nodes[index].inputs[0], null);
  graph.nodes.forEach((old, index) => {
    const [input] = old.inputs;
    if (layers.has(index)) {
      results.set(old, [addOutput(old.outputs[0])]);
      // A product may give float: only a convolution must be quantized to run on integers.
      if (old.opType !== 'Conv') optional.push(old.outputs[0]);
    } else if (!isStandard(old)) return;
    else if (computes(old) && old.inputs.every((name) => values.has(name))) {
      results.set(old, [addOutput(old.outputs[0])]);
      if (!SHRINKING.has(old.opType)) optional.push(old.outputs[0]);
    } else if (MOVING.has(old.opType) && values.has(input) && moves(old, constants)) {
      results.set(old, old.outputs);
      for (const name of old.outputs) move(name, values.get(input) ?? input);
      if (!SHRINKING.has(old.opType)) optional.push(...old.outputs);
    } else if (requantizationOf(old) && values.has(old.outputs[0])) {
      results.set(old, old.outputs);
    } else if (requantizationOf(old) && values.has(input)) {
      results.set(old, old.outputs);
      add(old.outputs[0], null);
      optional.push(old.outputs[0]);
    } else if (isActivation(old, constants) && values.has(input)) {
      results.set(old, old.outputs);
      add(old.outputs[0], null);
    } else if (BETWEEN.has(old.opType) && values.has(input)) {
      add(old.outputs[0], null);
      optional.push(old.outputs[0]);
    }
  });
  const kernels = new Set([...layers.keys()].map((index) => graph.nodes[index]));
  // A normalisation between integers becomes a convolution: see `normsAsConvolutions`.
  const computesIntegers = (node: Node) =>
    kernels.has(node) || isNormOfInference(node) || results.get(node)?.some((name) => values.has(name));
  for (const name of optional.reverse()) if (!readers.get(name)?.some(computesIntegers)) values.delete(name);
  shareJoined(graph, values, readers, constants);
  return values;
}

/**
 * What Concat alone reads gets the scale of its result, so that joining is copying and nothing is rounded twice. Not what an activation gives
 * beside what none gives: its zero point must be 0. Nor what a Clip gives, whose bound must be the largest level, nor sums and products, whose
 * scales are chosen (see `awayFromHalves`).
 */
function shareJoined(
  graph: Graph,
  values: Map<string, string | null>,
  readers: ReadonlyMap<string, readonly Node[]>,
  constants: ReadonlyMap<string, Tensor>,
): void {
  const active = new Set(
    graph.nodes.filter((node) => isActivation(node, constants)).flatMap(({ outputs }) => outputs),
  );
  const ownScale = new Set<string>();
  for (const { opType, inputs, outputs } of graph.nodes)
    if (/^(Add|Mul|Clip|HardSigmoid)$/.test(opType) || (active.has(outputs[0]) && ownScale.has(inputs[0])))
      ownScale.add(outputs[0]);
  for (const { opType, inputs, outputs } of [...graph.nodes].reverse()) {
    if (opType !== 'Concat' || !values.has(outputs[0])) continue;
    const positive = inputs.every((name) => active.has(name));
    const joined = inputs.filter((name) => values.get(name) === null && readers.get(name)?.length === 1);
    for (const name of joined)
      if ((positive || !active.has(name)) && !ownScale.has(name))
        values.set(name, values.get(outputs[0]) ?? outputs[0]);
  }
}

function readersOf(graph: Graph): Map<string, Node[]> {
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    const inner = subgraphsOf(node).flatMap((body) => [...usedNames(body)]);
    for (const name of [...node.inputs, ...inner]) readers.set(name, [...(readers.get(name) ?? []), node]);
  }
  return readers;
}

/** A Relu, or a Clip from 0: what a zero point of 0 does by itself. */
function isActivation(node: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (!isStandard(node)) return false;
  if (node.opType === 'Relu') return true;
  const least = node.opType === 'Clip' && constants.get(node.inputs[1] ?? '');
  return least ? toFloat32(least)[0] === 0 : false;
}

/** A Pad moves only where it pads with 0, which is exact in every scale, and a Resize where nothing lies beyond its neighbours. */
function moves(node: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (node.opType === 'MaxPool') return node.outputs.length === 1;
  if (node.opType === 'Resize')
    return (
      stringOf(node, 'mode', 'nearest') !== 'cubic' &&
      stringOf(node, 'coordinate_transformation_mode', '') !== 'tf_crop_and_resize'
    );
  if (node.opType !== 'Pad') return true;
  const constant = stringOf(node, 'mode', 'constant') === 'constant';
  const value = node.inputs[2] ? constants.get(node.inputs[2]) : undefined;
  return constant && (!node.inputs[2] || (value !== undefined && toFloat32(value)[0] === 0));
}

/** The axis of the output features. */
export function axisOf({ operator }: Layer, old: Node): number {
  return operator === 'Conv' || (operator === 'Gemm' && intOf(old, 'transB', 0) !== 0) ? 0 : 1;
}

function featuresOf(layer: Layer, old: Node, weight: Tensor): number {
  return weight.dims[axisOf(layer, old)];
}
