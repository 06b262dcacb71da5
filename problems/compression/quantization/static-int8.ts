import { InputError } from '../../../src/index.js';
import { type Additions, additionsTo, rebuilt } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { constantsOf } from '../onnx/constants.js';
import { withoutUnused } from '../onnx/edit.js';
import type { Layer } from '../onnx/layers.js';
import type { Model, Node, Tensor } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';
import type { ActivationQuantization } from './activation-range.js';
import { type Int8Weights, quantizeWeights, withScalesAtLeast } from './int8-weights.js';
import { axisOf, type StaticPlan, staticPlanOf } from './static-plan.js';

export interface StaticInt8Options {
  /** The uint8 quantization of each value that {@link activationsToObserve} names. */
  readonly activations: ReadonlyMap<string, ActivationQuantization>;
  /** A scale for every output channel of a weight, rather than one in all. */
  readonly perChannel: boolean;
  /** Weights in [-63, 63]: for processors without VNNI, which add pairs of 8-bit products in 16 bits and would overflow. */
  readonly reducedRange?: boolean;
  /** Names of layers that stay in float. */
  readonly exclude?: ReadonlySet<string>;
  /** Weights that are quantized already, by name, with as many scales as `perChannel` says. */
  readonly weights?: ReadonlyMap<string, Int8Weights>;
}

/**
 * The values inside the graph whose range has to be known before {@link quantizeStatic}. Throws an InputError, as that does, when
 * the operator set is too old.
 */
export function activationsToObserve(model: Model, exclude: ReadonlySet<string> = new Set()): string[] {
  const plan = staticPlanOf(model, exclude);
  return [...plan.values]
    .filter(([name, source]) => source === null && !plan.requantizations.has(name))
    .map(([name]) => name);
}

/**
 * The model with its convolutions and products in int8: weights are int8 about 0, activations uint8 with a fixed scale and zero point.
 * The standard's QuantizeLinear and DequantizeLinear stand around every such node, in the pattern that ONNX Runtime fuses
 * to its integer kernels (QLinearConv, QGemm, QLinearMatMul, QLinearAdd, QLinearMul, QLinearConcat, QLinearSigmoid, QLinearGlobalAveragePool ...):
 *
 *     x -> QuantizeLinear -> DequantizeLinear -+
 *     W (int8)            -> DequantizeLinear -+-> Conv -> [Relu] -> QuantizeLinear -> DequantizeLinear -> ...
 *     b (int32)           -> DequantizeLinear -+
 *
 * A Relu or Clip behind a layer is left where it is and its output quantized with the zero point 0, which the runtime takes for
 * the Relu itself. Add, Mul, Concat, Sigmoid, LeakyRelu and average pooling between quantized values are quantized too; operators that only move
 * elements (MaxPool, Reshape, Split, Pad with 0 ...) keep the scale of their input. HardSwish and others without an integer kernel compute
 * in float, and their results are quantized where integer kernels read them. Outputs of the graph stay in float.
 *
 * What is added has short names: in a small network, names derived from its own would be a tenth of the file.
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
  const plan = staticPlanOf(model, options.exclude ?? new Set());
  const work: Work = {
    options,
    plan,
    constants: constantsOf(graph),
    additions: additionsTo(graph),
    quantized: new Map(),
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
    // A shape is that of the integers too: of the float values it would bring them back for itself.
    const forms = old.opType === 'Shape' ? work.quantized : work.dequantized;
    const inputs = old.inputs.map((name) => forms.get(name) ?? name);
    if (layer) nodes.push(...layerNodes(layer, { ...old, inputs }, old, work));
    else if (!plan.requantizations.has(old.outputs[0]))
      nodes.push(inputs.some((name, i) => name !== old.inputs[i]) ? { ...old, inputs } : old);
    for (const name of old.outputs)
      if (plan.values.has(name))
        nodes.push(...pair(name, work, plan.requantizations.has(name) ? inputs[0] : name));
  });
  const quantized = withoutUnused(rebuilt(graph, nodes, work.additions), work.replaced);
  return { model: { ...model, graph: quantized }, notes: plan.notes };
}

interface Work {
  readonly options: StaticInt8Options;
  readonly plan: StaticPlan;
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly additions: Additions;
  /** What stands for a value in uint8, and once it went through that. */
  readonly quantized: Map<string, string>;
  readonly dequantized: Map<string, string>;
  readonly weights: Map<
    string,
    { readonly values: string; readonly scales: Float32Array; readonly scale: string }
  >;
  /** Names of a scale and a zero point by their numbers. */
  readonly scales: Map<string, readonly string[]>;
  /** Zero points by type and size. */
  readonly zeros: Map<string, string>;
  /** Constants that may have lost their readers. */
  readonly replaced: Set<string>;
}

/** Sends a value through uint8, or what it is made of where quantizing that makes it. */
function pair(name: string, work: Work, source = name): Node[] {
  const read = quantizationOf(name, work);
  const { written } = work.plan.requantizations.get(name) ?? { written: read };
  const quantized = work.additions.fresh('q');
  const dequantized = work.additions.fresh('d');
  work.quantized.set(name, quantized);
  work.dequantized.set(name, dequantized);
  return [
    node('QuantizeLinear', [source, ...numbersOf(written, work)], [quantized]),
    node('DequantizeLinear', [quantized, ...numbersOf(read, work)], [dequantized]),
  ];
}

/** The names of a scale and a zero point. */
function numbersOf({ scale: value, zeroPoint: zero }: ActivationQuantization, work: Work): readonly string[] {
  const key = `${value}/${zero}`;
  const known = work.scales.get(key);
  if (known) return known;
  const names = [
    work.additions.constant('s', 'float32', [], Float32Array.of(value)),
    work.additions.constant('z', 'uint8', [], Uint8Array.of(zero)),
  ];
  work.scales.set(key, names);
  return names;
}

/** The quantization of a value, which may be that of another. */
function quantizationOf(name: string, { options, plan }: Work): ActivationQuantization {
  const owner = plan.values.get(name) ?? name;
  const quantization = plan.requantizations.get(owner)?.read ?? options.activations.get(owner);
  if (!quantization)
    throw new InputError(`static quantization needs the range of every activation, got none for "${owner}"`);
  return quantization;
}

function layerNodes(layer: Layer, node_: Node, old: Node, work: Work): Node[] {
  const weight = quantizedWeight(layer, old, work);
  const name = work.additions.fresh('d');
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

function quantizedWeight(layer: Layer, old: Node, work: Work) {
  const axis = axisOf(layer, old);
  const key = `${layer.weight}/${axis}`;
  const known = work.weights.get(key);
  if (known) return known;
  const weight = work.constants.get(layer.weight)!;
  const { dims } = weight;
  const { perChannel, reducedRange } = work.options;
  const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const channels = perChannel ? dims[axis] : 1;
  const run = perChannel ? inner : sizeOf(weight);
  const { values, scales } = withScalesAtLeast(
    work.options.weights?.get(layer.weight) ??
      quantizeWeights(toFloat32(weight), channels, run, reducedRange ? 63 : 127),
    run,
    leastScales(layer, old, channels, work),
  );
  const names = {
    values: work.additions.constant(`${layer.weight}_q`, 'int8', dims, values),
    scale: work.additions.constant('s', 'float32', perChannel ? [scales.length] : [], scales),
    scales,
  };
  work.replaced.add(layer.weight);
  work.weights.set(key, names);
  return names;
}

/**
 * The scales that weights must have at least, so that the bias fits into an integer: one of a channel whose weights are next to nothing may be any number of
 * times the largest of them.
 */
function leastScales(layer: Layer, old: Node, channels: number, work: Work): Float64Array {
  const least = new Float64Array(channels);
  const bias = layer.operator === 'MatMul' ? '' : old.inputs[2];
  if (!bias) return least;
  const { scale } = inputQuantization(old, work);
  toFloat32(work.constants.get(bias)!).forEach((value, feature) => {
    const channel = channels > 1 ? feature : 0;
    least[channel] = Math.max(least[channel], Math.abs(value) / (scale * LARGEST_BIAS));
  });
  return least;
}

/** Room is left for the sum of the products. */
const LARGEST_BIAS = 2 ** 30;

function inputQuantization({ inputs: [input] }: Node, work: Work): ActivationQuantization {
  return quantizationOf(input, work);
}

/** The runtime fuses a product only when its zero points are spelled out; one tensor of zeros serves all of a size. */
function zeroPoint(
  { operator }: Layer,
  type: 'int8' | 'int32',
  channels: number,
  { zeros, additions }: Work,
): string[] {
  if (operator === 'Conv') return [];
  const key = `${type}_${channels}`;
  const known = zeros.get(key);
  if (known) return [known];
  const dims = channels > 1 ? [channels] : [];
  const name =
    type === 'int8'
      ? additions.constant(`zero_${key}`, type, dims, new Int8Array(channels))
      : additions.constant(`zero_${key}`, type, dims, new Int32Array(channels));
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
  const bias = old.inputs[2];
  const { scale } = inputQuantization(old, work);
  const real = toFloat32(work.constants.get(bias)!);
  const scales = weightScales.map((weightScale) => scale * weightScale);
  const limit = 2 ** 31 - 1;
  const values = Int32Array.from(real, (value, i) =>
    Math.max(-limit, Math.min(limit, Math.round(value / scales[scales.length > 1 ? i : 0]))),
  );
  const integer = work.additions.constant(`${bias}_q`, 'int32', [values.length], values);
  const dims = scales.length > 1 ? [scales.length] : [];
  const scaleName = work.additions.constant('s', 'float32', dims, scales);
  const name = work.additions.fresh('d');
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
