import { InputError } from '../../../src/index.js';
import { node, tensor } from '../onnx/build.js';
import { constantsOf, isStandard, standardVersion } from '../onnx/constants.js';
import {
  floatOf,
  freshName,
  intOf,
  namesWithin,
  stringOf,
  subgraphsOf,
  usedNames,
  withoutUnused,
} from '../onnx/edit.js';
import { type Layer, layersOf } from '../onnx/layers.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node, type Tensor } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';
import type { ActivationQuantization } from './activation-range.js';
import { quantizeWeights } from './int8-weights.js';

/** The first version of the ONNX operators whose QuantizeLinear has an axis. */
export const FIRST_STATIC_OPSET = 13;

export interface StaticInt8Options {
  /** The uint8 quantization of each value that {@link activationsToObserve} names. */
  readonly activations: ReadonlyMap<string, ActivationQuantization>;
  /** A scale for every output channel of a weight, rather than one in all. */
  readonly perChannel: boolean;
  /** Weights in [-63, 63]: for processors without VNNI, which add pairs of 8-bit products in 16 bits and would overflow. */
  readonly reducedRange?: boolean;
  /** Names of layers that stay in float. */
  readonly exclude?: ReadonlySet<string>;
}

/**
 * The values inside the graph whose range has to be known before {@link quantizeStatic}. Throws an InputError, as that does, when
 * the operator set is too old.
 */
export function activationsToObserve(model: Model, exclude: ReadonlySet<string> = new Set()): string[] {
  const plan = planOf(model, exclude);
  return [...plan.values].filter(([, source]) => source === null).map(([name]) => name);
}

/**
 * The model with its convolutions and products in int8: weights are int8 about 0, activations uint8 with a fixed scale and zero point.
 * The standard's QuantizeLinear and DequantizeLinear stand around every such node, in the pattern that ONNX Runtime fuses
 * to its integer kernels (QLinearConv, QGemm, QLinearMatMul, QLinearAdd, QLinearConcat, QLinearGlobalAveragePool):
 *
 *     x -> QuantizeLinear -> DequantizeLinear -+
 *     W (int8)            -> DequantizeLinear -+-> Conv -> [Relu] -> QuantizeLinear -> DequantizeLinear -> ...
 *     b (int32)           -> DequantizeLinear -+
 *
 * A Relu or Clip behind a layer is left where it is and its output quantized with the zero point 0, which the runtime takes for
 * the Relu itself. Add, Concat and average pooling between quantized values are quantized too; operators that only move
 * elements (MaxPool, Reshape, Slice, Pad with 0 ...) keep the scale of their input. Outputs of the graph stay in float.
 *
 * Left in float, with a note: layers of other types than float32, ConvTranspose, weights with a NaN or an infinity, products with the
 * weight on the left, and Gemms with `transA`, or with `alpha` or `beta` other than 1.
 *
 * Throws an InputError when the operator set is older than 13 or a range is missing.
 */
export function quantizeStatic(
  model: Model,
  options: StaticInt8Options,
): { readonly model: Model; readonly notes: readonly string[] } {
  const { graph } = model;
  const plan = planOf(model, options.exclude ?? new Set());
  const work: Work = {
    options,
    plan,
    constants: constantsOf(graph),
    names: namesWithin(graph),
    initializers: [],
    dequantized: new Map(),
    weights: new Map(),
    scales: new Map(),
    zeros: new Map(),
    replaced: new Set(),
  };
  const nodes: Node[] = [];
  for (const { name } of graph.inputs) if (plan.values.has(name)) nodes.push(...pair(name, work));
  graph.nodes.forEach((old, index) => {
    const layer = plan.layers.get(index);
    const inputs = old.inputs.map((name) => work.dequantized.get(name) ?? name);
    if (layer) nodes.push(...layerNodes(layer, { ...old, inputs }, old, work));
    else nodes.push(inputs.some((name, i) => name !== old.inputs[i]) ? { ...old, inputs } : old);
    for (const name of old.outputs) if (plan.values.has(name)) nodes.push(...pair(name, work));
  });
  const initializers = [...graph.initializers, ...work.initializers];
  const quantized = withoutUnused({ ...graph, nodes, initializers }, work.replaced);
  return { model: { ...model, graph: quantized }, notes: plan.notes };
}

/** What is to be quantized in a graph. */
interface QuantizationPlan {
  /** By index of the node. */
  readonly layers: ReadonlyMap<number, Layer>;
  /** Values to be quantized, each with the value whose scale it shares, or null where it has its own. */
  readonly values: ReadonlyMap<string, string | null>;
  readonly notes: readonly string[];
}

interface Work {
  readonly options: StaticInt8Options;
  readonly plan: QuantizationPlan;
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly names: Set<string>;
  readonly initializers: Tensor[];
  /** What stands for a value once it went through uint8. */
  readonly dequantized: Map<string, string>;
  readonly weights: Map<
    string,
    { readonly values: string; readonly scales: Float32Array; readonly scale: string }
  >;
  /** Names of the scale and the zero point by the value that they belong to. */
  readonly scales: Map<string, { readonly scale: string; readonly zeroPoint: string }>;
  /** Zero points by type and size. */
  readonly zeros: Map<string, string>;
  /** Constants that may have lost their readers. */
  readonly replaced: Set<string>;
}

/** Operators that compute on uint8 between quantized values. */
const ELEMENTWISE: ReadonlySet<string> = new Set(['Add', 'Concat', 'GlobalAveragePool', 'AveragePool']);
/** Operators that move elements and change none: the output has the scale of the input. */
const MOVING: ReadonlySet<string> = new Set([
  'MaxPool',
  'Flatten',
  'Reshape',
  'Transpose',
  'Slice',
  'Squeeze',
  'Unsqueeze',
  'Pad',
]);

function planOf(model: Model, exclude: ReadonlySet<string>): QuantizationPlan {
  const opset = standardVersion(model);
  if (opset < FIRST_STATIC_OPSET)
    throw new InputError(
      `static quantization needs a model of operator set ${FIRST_STATIC_OPSET} or later, got ${opset}`,
    );
  const { graph } = model;
  const constants = constantsOf(graph);
  const notes: string[] = [];
  const layers = new Map<number, Layer>();
  for (const layer of layersOf(model).layers) {
    if (exclude.has(layer.name)) continue;
    const reason = obstacle(layer, graph.nodes[layer.node], constants);
    if (reason) notes.push(`${layer.operator} ${layer.name} stays in float: ${reason}`);
    else layers.set(layer.node, layer);
  }
  return { layers, values: valuesOf(graph, layers, constants), notes };
}

function obstacle(layer: Layer, old: Node, constants: ReadonlyMap<string, Tensor>): string | undefined {
  const weight = constants.get(layer.weight)!;
  if (layer.operator === 'ConvTranspose') return 'ONNX Runtime has no integer kernel for it';
  if (weight.dataType !== ELEMENT_TYPE.float32) return 'its type is not float32';
  if (old.inputs[layer.side] !== layer.weight) return 'its weight is cast';
  if (layer.side === 0) return 'its weight stands on the left';
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
 * those, what only moves. An output whose only reader is a Relu or Clip leaves the quantization to that.
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
  const addOutput = (name: string) => {
    const [reader, ...others] = readers.get(name) ?? [];
    const folded = reader && others.length === 0 && isActivation(reader, constants) && !outputs.has(name);
    if (folded && !outputs.has(reader.outputs[0])) add(reader.outputs[0], null);
    else if (!folded) add(name, null);
  };
  for (const index of layers.keys()) add(graph.nodes[index].inputs[0], null);
  graph.nodes.forEach((old, index) => {
    const [input] = old.inputs;
    if (layers.has(index)) {
      // A product may give float: only a convolution must be quantized to run on integers.
      if (old.opType === 'Conv' || readers.get(old.outputs[0])?.every(({ opType }) => opType !== 'Softmax'))
        addOutput(old.outputs[0]);
    } else if (!isStandard(old)) return;
    else if (ELEMENTWISE.has(old.opType) && old.inputs.every((name) => values.has(name)))
      addOutput(old.outputs[0]);
    else if (MOVING.has(old.opType) && values.has(input) && moves(old, constants))
      add(old.outputs[0], values.get(input) ?? input);
    else if (isActivation(old, constants) && values.has(input)) add(old.outputs[0], null);
  });
  return values;
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

/** A Pad moves only where it pads with 0, which is exact in every scale. */
function moves(node: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (node.opType === 'MaxPool') return node.outputs.length === 1;
  if (node.opType !== 'Pad') return true;
  const constant = stringOf(node, 'mode', 'constant') === 'constant';
  const value = node.inputs[2] ? constants.get(node.inputs[2]) : undefined;
  return constant && (!node.inputs[2] || (value !== undefined && toFloat32(value)[0] === 0));
}

/** Sends a value through uint8. */
function pair(name: string, work: Work): Node[] {
  const { scale, zeroPoint } = scaleOf(name, work);
  const quantized = freshName(`${name}_q`, work.names);
  const dequantized = freshName(`${name}_d`, work.names);
  work.dequantized.set(name, dequantized);
  return [
    node('QuantizeLinear', [name, scale, zeroPoint], [quantized]),
    node('DequantizeLinear', [quantized, scale, zeroPoint], [dequantized]),
  ];
}

function scaleOf(name: string, work: Work) {
  const owner = work.plan.values.get(name) ?? name;
  const known = work.scales.get(owner);
  if (known) return known;
  const { scale: value, zeroPoint: zero } = quantizationOf(owner, work);
  const scale = freshName(`${owner}_s`, work.names);
  const zeroPoint = freshName(`${owner}_z`, work.names);
  work.initializers.push(
    tensor(scale, 'float32', [], Float32Array.of(value)),
    tensor(zeroPoint, 'uint8', [], Uint8Array.of(zero)),
  );
  work.scales.set(owner, { scale, zeroPoint });
  return { scale, zeroPoint };
}

function quantizationOf(owner: string, { options }: Work): ActivationQuantization {
  const quantization = options.activations.get(owner);
  if (!quantization)
    throw new InputError(`static quantization needs the range of every activation, got none for "${owner}"`);
  return quantization;
}

function layerNodes(layer: Layer, node_: Node, old: Node, work: Work): Node[] {
  const weight = quantizedWeight(layer, old, work);
  const name = freshName(`${layer.weight}_d`, work.names);
  const axis = weight.scales.length > 1 ? { axis: axisOf(layer, old) } : undefined;
  const zero = zeroPoint(layer, 'int8', weight.scales.length, work);
  const nodes = [node('DequantizeLinear', [weight.values, weight.scale, ...zero], [name], axis)];
  const inputs = [...node_.inputs];
  inputs[1] = name;
  if (layer.operator !== 'MatMul' && old.inputs[2]) {
    const bias = quantizedBias(layer, old, weight.scales, work);
    nodes.push(bias.node);
    inputs[2] = bias.name;
  }
  nodes.push({ ...node_, inputs });
  return nodes;
}

/** The axis of the output features. */
function axisOf({ operator }: Layer, old: Node): number {
  return operator === 'Conv' || (operator === 'Gemm' && intOf(old, 'transB', 0) !== 0) ? 0 : 1;
}

function featuresOf(layer: Layer, old: Node, weight: Tensor): number {
  return weight.dims[axisOf(layer, old)];
}

function quantizedWeight(layer: Layer, old: Node, work: Work) {
  const axis = axisOf(layer, old);
  const key = `${layer.weight}/${axis}`;
  const known = work.weights.get(key);
  if (known) return known;
  const weight = work.constants.get(layer.weight)!;
  const { dims } = weight;
  const { perChannel, reducedRange } = work.options;
  const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const { values, scales } = quantizeWeights(
    toFloat32(weight),
    perChannel ? dims[axis] : 1,
    perChannel ? inner : sizeOf(weight),
    reducedRange ? 63 : 127,
  );
  const names = {
    values: freshName(`${layer.weight}_q`, work.names),
    scale: freshName(`${layer.weight}_s`, work.names),
    scales,
  };
  work.initializers.push(
    tensor(names.values, 'int8', dims, values),
    tensor(names.scale, 'float32', perChannel ? [scales.length] : [], scales),
  );
  work.replaced.add(layer.weight);
  work.weights.set(key, names);
  return names;
}

/** The runtime fuses a product only when its zero points are spelled out; one tensor of zeros serves all of a size. */
function zeroPoint(
  { operator }: Layer,
  type: 'int8' | 'int32',
  channels: number,
  { zeros, names, initializers }: Work,
): string[] {
  if (operator === 'Conv') return [];
  const key = `${type}_${channels}`;
  const known = zeros.get(key);
  if (known) return [known];
  const name = freshName(`zero_${key}`, names);
  const dims = channels > 1 ? [channels] : [];
  initializers.push(
    type === 'int8'
      ? tensor(name, type, dims, new Int8Array(channels))
      : tensor(name, type, dims, new Int32Array(channels)),
  );
  zeros.set(key, name);
  return [name];
}

/** int32 in the scale of the products, input scale times weight scale. */
function quantizedBias(
  layer: Layer,
  old: Node,
  weightScales: Float32Array,
  work: Work,
): { readonly node: Node; readonly name: string } {
  const [input, , bias] = old.inputs;
  const owner = work.plan.values.get(input) ?? input;
  const { scale } = quantizationOf(owner, work);
  const real = toFloat32(work.constants.get(bias)!);
  const scales = weightScales.map((weightScale) => scale * weightScale);
  const limit = 2 ** 31 - 1;
  const values = Int32Array.from(real, (value, i) =>
    Math.max(-limit, Math.min(limit, Math.round(value / scales[scales.length > 1 ? i : 0]))),
  );
  const integer = freshName(`${bias}_q`, work.names);
  const scaleName = freshName(`${bias}_s`, work.names);
  const name = freshName(`${bias}_d`, work.names);
  work.initializers.push(
    tensor(integer, 'int32', [values.length], values),
    tensor(scaleName, 'float32', scales.length > 1 ? [scales.length] : [], scales),
  );
  work.replaced.add(bias);
  return {
    node: node(
      'DequantizeLinear',
      [integer, scaleName, ...zeroPoint(layer, 'int32', scales.length, work)],
      [name],
      scales.length > 1 ? { axis: 0 } : undefined,
    ),
    name,
  };
}
