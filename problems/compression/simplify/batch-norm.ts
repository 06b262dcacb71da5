import { tensor } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { floatOf, freshName, intOf, inVersion4, namesWithin, readsOf, withoutUnused } from '../onnx/edit.js';
import { ELEMENT_TYPE, type Model, type Node, type Tensor } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';

/**
 * The model with each BatchNormalization behind a convolution made part of it: with `k = scale / sqrt(variance + epsilon)`, an output
 * channel's weights times `k`, and its bias `b` becomes `(b - mean) k + B`. In double precision, rounded once. The same object when
 * there is nothing to do.
 *
 * Folded where the convolution is a Conv of float32 with constant weight and bias, whose output nothing else reads, and the
 * normalisation is one of inference with constants; others stay.
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
    const conv = at === undefined ? undefined : graph.nodes[at];
    if (at === undefined || !conv || replacement.has(at)) return;
    if (reads.get(norm.inputs[0]) !== 1 || !isFoldable(conv, norm, constants)) return;
    const [x, weightName, biasName] = conv.inputs;
    const weight = constants.get(weightName)!;
    const bias = biasName ? toFloat32(constants.get(biasName)!) : undefined;
    const { weights, biases } = folded(weight, bias, norm, constants);
    const folds = {
      weight: freshName(`${weightName}_folded`, names),
      bias: freshName(`${biasName ?? weightName}_folded_bias`, names),
    };
    added.push(
      tensor(folds.weight, 'float32', weight.dims, weights),
      tensor(folds.bias, 'float32', [biases.length], biases),
    );
    replacement.set(at, { ...conv, inputs: [x, folds.weight, folds.bias], outputs: [norm.outputs[0]] });
    replacement.set(index, null);
    for (const name of [...conv.inputs.slice(1), ...norm.inputs.slice(1)]) replaced.add(name);
  });
  if (added.length === 0) return model;
  const nodes = graph.nodes.flatMap((node, i) => {
    const next = replacement.get(i);
    return next === null ? [] : [next ?? node];
  });
  const initializers = [...graph.initializers, ...added];
  return { ...model, irVersion, graph: withoutUnused({ ...graph, nodes, initializers }, replaced) };
}

function isFoldable(conv: Node, norm: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (norm.opType !== 'BatchNormalization' || conv.opType !== 'Conv') return false;
  if (!isStandard(norm) || !isStandard(conv) || norm.outputs.length !== 1) return false;
  if (intOf(norm, 'training_mode', 0) !== 0) return false;
  const needed = [...conv.inputs.slice(1), ...norm.inputs.slice(1)].filter((name) => name !== '');
  const known = needed.map((name) => constants.get(name));
  if (known.some((constant) => constant?.dataType !== ELEMENT_TYPE.float32)) return false;
  const channels = constants.get(conv.inputs[1])!.dims[0];
  return known.slice(1).every((constant) => sizeOf(constant!) === channels);
}

function folded(
  weight: Tensor,
  bias: Float32Array | undefined,
  norm: Node,
  constants: ReadonlyMap<string, Tensor>,
): { readonly weights: Float32Array<ArrayBuffer>; readonly biases: Float32Array<ArrayBuffer> } {
  const [scale, shift, mean, variance] = norm.inputs.slice(1).map((name) => toFloat32(constants.get(name)!));
  const epsilon = floatOf(norm, 'epsilon', 1e-5);
  const weights = toFloat32(weight);
  const inner = weights.length / scale.length;
  const biases = new Float32Array(scale.length);
  for (let c = 0; c < scale.length; c++) {
    const k = scale[c] / Math.sqrt(variance[c] + epsilon);
    for (let i = c * inner; i < (c + 1) * inner; i++) weights[i] *= k;
    biases[c] = ((bias?.[c] ?? 0) - mean[c]) * k + shift[c];
  }
  return { weights, biases };
}
