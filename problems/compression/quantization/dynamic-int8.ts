import { InputError } from '../../../src/index.js';
import { type Additions, additionsTo, rebuilt } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { constantsOf, standardVersion } from '../onnx/constants.js';
import { floatOf, intOf, inVersion4, usedNames, withoutUnused } from '../onnx/edit.js';
import type { Layer } from '../onnx/layers.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node, type Tensor } from '../onnx/model.js';
import { rawOf, sizeOf, toFloat32, withRawData } from '../onnx/tensor.js';
import { quantizeWeights } from './int8-weights.js';

/** The first version of the ONNX operators that has DynamicQuantizeLinear. */
export const FIRST_OPSET = 11;

/** Whether the linear layers of a model can be quantized at all, or the law that it breaks. */
export function quantizable(
  model: Model,
): { readonly ok: true } | { readonly ok: false; readonly reason: string } {
  const opset = standardVersion(model);
  if (opset >= FIRST_OPSET) return { ok: true };
  return {
    ok: false,
    reason: `dynamic quantization needs a model of operator set ${FIRST_OPSET} or later, got ${opset}`,
  };
}

/**
 * The model with its linear layers quantized dynamically: weights are int8 with one scale an output feature, inputs become
 * uint8 at run time with a scale of their own a batch. In place of each Gemm or MatMul of input x and output y stand
 *
 *     q, s, z = DynamicQuantizeLinear(x)                  shared by the layers that read the same x
 *     y = Cast(MatMulInteger(q, W, z), float32) * (s * S)
 *
 * which ONNX Runtime fuses to DynamicQuantizeMatMul or MatMulIntegerToFloat. Of a Gemm, `transB` transposes the weight,
 * `alpha` goes into the scales S, `beta` into the bias, `transA` becomes a Transpose and the bias an Add. Float16 layers
 * are cast to float32 and back. A weight that several layers share is quantized once; float weights that nothing reads
 * any more leave the file.
 *
 * A constant on the left of a product stays there (`MatMulInteger(W, q, 128, z)`). It has one scale, as the rank of the other
 * side is not known, and is stored as uint8 about the zero point 128, as ONNX Runtime has no kernel for int8 times uint8.
 *
 * A weight that is stored in float16 and cast to float32 is quantized from what is stored.
 *
 * Left in float, with a note: float64 and bfloat16 layers, weights with a NaN or an infinity, vectors in place of a weight
 * matrix, and a computed bias with a `beta` that is not 1.
 *
 * `layers` are those of this very model. Throws an InputError when the model is not {@link quantizable}.
 */
export function quantizeDynamic(
  model: Model,
  layers: readonly Layer[],
): { readonly model: Model; readonly notes: readonly string[] } {
  const state = quantizable(model);
  if (!state.ok) throw new InputError(state.reason);
  const { graph } = model;
  const work: Work = {
    constants: constantsOf(graph),
    additions: additionsTo(graph),
    weights: new Map(),
    inputs: new Map(),
  };
  const notes: string[] = [];
  const replaced = new Set<string>();
  const linear = new Map(layers.filter(({ kind }) => kind === 'linear').map((layer) => [layer.node, layer]));
  const nodes = graph.nodes.flatMap((old, index): readonly Node[] => {
    const layer = linear.get(index);
    if (!layer) return [old];
    const reason = obstacle(layer, old, work);
    if (reason) {
      notes.push(`${layer.operator} ${layer.name} stays in float: ${reason}`);
      return [old];
    }
    replaced.add(layer.weight);
    if (layer.operator === 'Gemm' && layer.bias !== null) replaced.add(layer.bias);
    return quantizedNodes(layer, old, work);
  });
  if (replaced.size === 0) return { model, notes };
  const { irVersion, graph: quantized } = inVersion4({
    ...model,
    graph: rebuilt(graph, nodes, work.additions),
  });
  return {
    model: { ...model, irVersion, graph: withoutUnused(withoutIdleCasts(quantized), replaced) },
    notes,
  };
}

/** The graph without the Casts that nothing reads: those of weights that were quantized. */
function withoutIdleCasts(graph: Graph): Graph {
  const used = usedNames(graph);
  return {
    ...graph,
    nodes: graph.nodes.filter(({ opType, outputs }) => opType !== 'Cast' || used.has(outputs[0])),
  };
}

/** What is gathered while the nodes are replaced one after the other. */
interface Work {
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly additions: Additions;
  /** Quantized weights by the weight and how it is used. */
  readonly weights: Map<string, QuantizedWeight>;
  /** Quantized inputs by the input and how it is used. */
  readonly inputs: Map<string, QuantizedInput>;
}

interface QuantizedWeight {
  readonly values: string;
  readonly scales: string;
  /** '' for 0. */
  readonly zeroPoint: string;
}

interface QuantizedInput {
  readonly values: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

function obstacle(layer: Layer, old: Node, { constants }: Work): string | undefined {
  const weight = constants.get(layer.weight)!;
  if (weight.dataType !== ELEMENT_TYPE.float32 && weight.dataType !== ELEMENT_TYPE.float16)
    return 'its type is neither float32 nor float16';
  if (weight.dims.length < 2 || sizeOf(weight) === 0) return 'its weight is no matrix';
  if (!toFloat32(weight).every(Number.isFinite)) return 'its weight has a NaN or an infinity';
  const factor = layer.operator === 'Gemm' ? floatOf(old, 'beta', 1) : 1;
  if (factor !== 1 && old.inputs[2] && old.inputs[2] !== layer.bias)
    return 'its bias is computed and has a factor';
  return undefined;
}

function quantizedNodes(layer: Layer, old: Node, work: Work): Node[] {
  const gemm = layer.operator === 'Gemm';
  const cast = old.inputs[layer.side] !== layer.weight;
  const half = !cast && work.constants.get(layer.weight)!.dataType === ELEMENT_TYPE.float16;
  const right = layer.side === 1;
  const transposed = (attribute: string) => gemm && intOf(old, attribute, 0) !== 0;
  const nodes: Node[] = [];
  const weight = quantizedWeight(
    layer.weight,
    { right, transposed: transposed(right ? 'transB' : 'transA') },
    gemm ? floatOf(old, 'alpha', 1) : 1,
    work,
  );
  const data = old.inputs[right ? 0 : 1];
  const input = quantizedInput(data, transposed(right ? 'transA' : 'transB'), half, work, nodes);
  const operands = right
    ? [input.values, weight.values, input.zeroPoint]
    : [weight.values, input.values, weight.zeroPoint, input.zeroPoint];
  const [output] = old.outputs;
  const fresh = (suffix: string) => work.additions.fresh(`${output}_${suffix}`);
  const named = (suffix: string) => ({ name: old.name === '' ? '' : `${old.name}_${suffix}` });
  const integer = fresh('int32');
  const real = fresh('float32');
  const scale = fresh('scale');
  nodes.push(
    node('MatMulInteger', operands, [integer], {}, named('MatMulInteger')),
    node('Cast', [integer], [real], { to: ELEMENT_TYPE.float32 }, named('Cast')),
    node('Mul', [input.scale, weight.scales], [scale], {}, named('scale')),
  );
  const bias = gemm && old.inputs[2] ? biasOf(layer, old, work) : undefined;
  const product = bias || half ? fresh('product') : output;
  nodes.push(node('Mul', [real, scale], [product], {}, named('Mul')));
  const typed = half && bias ? fresh('float16') : half ? output : product;
  if (half) nodes.push(node('Cast', [product], [typed], { to: ELEMENT_TYPE.float16 }, named('float16')));
  if (bias) nodes.push(node('Add', [typed, bias], [output], {}, named('Add')));
  return nodes;
}

/** The bias of a Gemm with its factor folded in; undefined when the factor is 0. */
function biasOf(layer: Layer, old: Node, work: Work): string | undefined {
  const beta = floatOf(old, 'beta', 1);
  if (beta === 0) return undefined;
  if (beta === 1 || layer.bias === null) return old.inputs[2];
  const bias = work.constants.get(layer.bias)!;
  const values = toFloat32(bias).map((value) => value * beta);
  const scaled = withRawData(bias, rawOf(bias.dataType, values));
  return work.additions.add({ ...scaled, name: `${layer.bias}_scaled` });
}

function quantizedWeight(name: string, use: WeightUse, alpha: number, work: Work): QuantizedWeight {
  const key = JSON.stringify([name, use.right, use.transposed]);
  const values = work.weights.get(key) ?? addWeight(name, use, work);
  work.weights.set(key, values);
  if (alpha === 1) return values;
  const scaled = work.weights.get(`${key}${alpha}`) ?? addScaled(values, alpha, work);
  work.weights.set(`${key}${alpha}`, scaled);
  return scaled;
}

/** On the right of its product, the columns of the weight (rows, where it is transposed) are the output features. */
interface WeightUse {
  readonly right: boolean;
  readonly transposed: boolean;
}

/** A matrix on the right has one scale a column; one on the left, or a stack of matrices, has one alone. */
function addWeight(name: string, { right, transposed }: WeightUse, work: Work): QuantizedWeight {
  const weight = work.constants.get(name)!;
  const { dims } = weight;
  const last = dims[dims.length - 1];
  const rest = sizeOf(weight) / last;
  const real = toFloat32(weight);
  const [rows, columns] = transposed ? [last, rest] : [rest, last];
  const perColumn = right && dims.length === 2;
  const matrix = transposed ? transpose(real, rest, last) : real;
  const { values, scales } = quantizeWeights(matrix, perColumn ? columns : 1, 1);
  const shape = transposed ? [rows, columns] : dims;
  const { constant } = work.additions;
  const scale = () => constant(`${name}_scale`, 'float32', perColumn ? [columns] : [], scales);
  if (right)
    return { values: constant(`${name}_int8`, 'int8', shape, values), scales: scale(), zeroPoint: '' };
  const shifted = Uint8Array.from(values, (value) => value + 128);
  return {
    values: constant(`${name}_uint8`, 'uint8', shape, shifted),
    zeroPoint: constant(`${name}_zero_point`, 'uint8', [], Uint8Array.of(128)),
    scales: scale(),
  };
}

function addScaled(weight: QuantizedWeight, alpha: number, work: Work): QuantizedWeight {
  const original = work.additions.constants.find(({ name }) => name === weight.scales)!;
  const scaled = toFloat32(original).map((scale) => scale * alpha);
  const scales = work.additions.constant(`${weight.scales}_alpha`, 'float32', original.dims, scaled);
  return { ...weight, scales };
}

function quantizedInput(
  name: string,
  transposed: boolean,
  half: boolean,
  work: Work,
  nodes: Node[],
): QuantizedInput {
  const key = JSON.stringify([name, transposed]);
  const known = work.inputs.get(key);
  if (known) return known;
  let value = name;
  const through = (operator: string, suffix: string, attributes: Parameters<typeof node>[3]) => {
    const next = work.additions.fresh(`${name}_${suffix}`);
    nodes.push(node(operator, [value], [next], attributes));
    value = next;
  };
  if (half) through('Cast', 'float32', { to: ELEMENT_TYPE.float32 });
  if (transposed) through('Transpose', 'transposed', { perm: [1, 0] });
  const input = {
    values: work.additions.fresh(`${name}_uint8`),
    scale: work.additions.fresh(`${name}_scale`),
    zeroPoint: work.additions.fresh(`${name}_zero_point`),
  };
  nodes.push(node('DynamicQuantizeLinear', [value], [input.values, input.scale, input.zeroPoint]));
  work.inputs.set(key, input);
  return input;
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[at++];
  return out;
}
