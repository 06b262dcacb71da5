import { tensor } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { floatOf, freshName, intOf, inVersion4, namesWithin, readsOf, withoutUnused } from '../onnx/edit.js';
import { ELEMENT_TYPE, type Model, type Node, type Tensor } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';

/**
 * The model with each BatchNormalization behind a convolution or a linear layer made part of it: with `k = scale / sqrt(variance + epsilon)`, an
 * output channel's weights times `k`, and its bias `b` becomes `(b - mean) k + B`. In double precision, rounded once. The same object when
 * there is nothing to do.
 *
 * Folded where the layer is a Conv of float32, a ConvTranspose without groups, or a Gemm without factors, with constant weight and bias, whose output nothing else
 * reads, and the normalisation is one of inference with constants; others stay.
 */
export function foldBatchNorms(model: Model): Model {
  const { irVersion, graph } = inVersion4(model);
  const constants = constantsOf(graph);
  const names = namesWithin(graph);
  const reads = readsOf(graph);
  const producers = new Map(graph.nodes.flatMap((node, i) => node.outputs.map((name) => [name, i] as const)));
  const replacement = new Map<number, Node | null>();
  const added: Tensor[] = [];
  const replaced = new Set<string>();
  graph.nodes.forEach((norm, index) => {
    const at = producers.get(norm.inputs[0]);
    const layer = at === undefined ? undefined : graph.nodes[at];
    if (at === undefined || !layer || replacement.has(at)) return;
    if (reads.get(norm.inputs[0]) !== 1 || !isFoldable(layer, norm, constants)) return;
    const [x, weightName, biasName] = layer.inputs;
    const weight = constants.get(weightName)!;
    const bias = biasName ? toFloat32(constants.get(biasName)!) : undefined;
    const { weights, biases } = folded(weight, featureAxis(layer), bias, norm, constants);
    const folds = {
      weight: freshName(`${weightName}_folded`, names),
      bias: freshName(`${biasName ?? weightName}_folded_bias`, names),
    };
    added.push(
      tensor(folds.weight, 'float32', weight.dims, weights),
      tensor(folds.bias, 'float32', [biases.length], biases),
    );
    replacement.set(at, { ...layer, inputs: [x, folds.weight, folds.bias], outputs: [norm.outputs[0]] });
    replacement.set(index, null);
    for (const name of [...layer.inputs.slice(1), ...norm.inputs.slice(1)]) replaced.add(name);
  });
  if (added.length === 0) return model;
  const nodes = graph.nodes.flatMap((node, i) => {
    const next = replacement.get(i);
    return next === null ? [] : [next ?? node];
  });
  const initializers = [...graph.initializers, ...added];
  return { ...model, irVersion, graph: withoutUnused({ ...graph, nodes, initializers }, replaced) };
}

function isFoldable(layer: Node, norm: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (!isNormOfInference(norm) || !isStandard(layer)) return false;
  if (!TAKES_NORMS[layer.opType]?.(layer)) return false;
  const needed = [...layer.inputs.slice(1), ...norm.inputs.slice(1)].filter((name) => name !== '');
  const known = needed.map((name) => constants.get(name));
  if (known.some((constant) => constant?.dataType !== ELEMENT_TYPE.float32)) return false;
  const channels = constants.get(layer.inputs[1])!.dims[featureAxis(layer)];
  return known.slice(1).every((constant) => sizeOf(constant!) === channels);
}

/** The layers that a normalisation can become part of, and where. */
const TAKES_NORMS: Readonly<Record<string, (layer: Node) => boolean>> = {
  Conv: () => true,
  ConvTranspose: (layer) => intOf(layer, 'group', 1) === 1,
  Gemm: hasNoFactors,
};

/** Whether a node is a normalisation by constants, of which only the result is read. */
export function isNormOfInference(node: Node): boolean {
  const isNorm = node.opType === 'BatchNormalization' && isStandard(node);
  return isNorm && node.outputs.length === 1 && intOf(node, 'training_mode', 0) === 0;
}

function hasNoFactors(gemm: Node): boolean {
  const factors = ['alpha', 'beta'].map((name) => floatOf(gemm, name, 1));
  return intOf(gemm, 'transA', 0) === 0 && factors.every((factor) => factor === 1);
}

/** The axis of a weight along which the features of its layer lie. */
function featureAxis(layer: Node): 0 | 1 {
  return layer.opType === 'ConvTranspose' || (layer.opType === 'Gemm' && intOf(layer, 'transB', 0) === 0)
    ? 1
    : 0;
}

/** What a normalisation does to each channel: times `factors`, plus `offsets`. */
export function affineOf(
  norm: Node,
  constants: ReadonlyMap<string, Tensor>,
): { readonly factors: Float64Array; readonly offsets: Float64Array } {
  const [scale, shift, mean, variance] = norm.inputs.slice(1).map((name) => toFloat32(constants.get(name)!));
  const epsilon = floatOf(norm, 'epsilon', 1e-5);
  const factors = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c] + epsilon));
  return { factors, offsets: factors.map((k, c) => shift[c] - mean[c] * k) };
}

function folded(
  weight: Tensor,
  axis: 0 | 1,
  bias: Float32Array | undefined,
  norm: Node,
  constants: ReadonlyMap<string, Tensor>,
): { readonly weights: Float32Array<ArrayBuffer>; readonly biases: Float32Array<ArrayBuffer> } {
  const { factors, offsets } = affineOf(norm, constants);
  const channels = factors.length;
  const weights = toFloat32(weight);
  const inner = weight.dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  for (let i = 0; i < weights.length; i++) weights[i] *= factors[Math.floor(i / inner) % channels];
  const biases = Float32Array.from(offsets, (offset, c) => (bias?.[c] ?? 0) * factors[c] + offset);
  return { weights, biases };
}
