import { additionsTo, rebuilt } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { channelsOf } from '../onnx/channels.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { fixedNames, intOf, intsOf, makersOf, readsOf } from '../onnx/edit.js';
import type { Model, Node, Tensor } from '../onnx/model.js';
import { integersOf, transposed } from '../onnx/tensor.js';
import { writeModel } from '../onnx/write.js';
import { type EvaluateConstants, withoutIdleNodes } from './constants.js';
import { closed, inputOf } from './shapes.js';

/**
 * The model with pictures flattened as they are where a Transpose put their channels last before, and the rows of the MatMul or Gemm that reads them in the order
 * of theirs: the Transpose goes, and channels can be followed. The same object when there is nothing to do.
 *
 * What a Reshape to [-1, n] makes is one row a picture where the model, run on zeros, says so; where it cannot be run, it stays.
 */
export async function flattenedInOrder(model: Model, evaluate: EvaluateConstants): Promise<Model> {
  const { graph } = model;
  const found = await wholePictures(model, flatteningsOf(model), evaluate);
  if (found.length === 0) return model;
  const additions = additionsTo(graph);
  const replacement = new Map<Node, Node>();
  for (const { flatten, layer, source, weight, channels, isTurned } of found) {
    const [outputs, features] = isTurned ? weight.dims : [...weight.dims].reverse();
    const places = features / channels;
    const rows = isTurned ? [outputs, places, channels] : [places, channels, outputs];
    const turned = transposed({ ...weight, dims: rows }, isTurned ? [0, 2, 1] : [1, 0, 2]);
    const name = additions.add({ ...turned, name: `${layer.inputs[1]}_ordered`, dims: weight.dims });
    replacement.set(flatten, node('Flatten', [source], flatten.outputs, { axis: 1 }, { name: flatten.name }));
    replacement.set(layer, { ...layer, inputs: [layer.inputs[0], name, ...layer.inputs.slice(2)] });
  }
  const nodes = graph.nodes.map((old) => replacement.get(old) ?? old);
  return { ...model, graph: withoutIdleNodes(rebuilt(graph, nodes, additions)) };
}

/** Pictures with their channels put last, flattened and read by one layer. */
interface Flattening {
  readonly flatten: Node;
  readonly layer: Node;
  /** The picture with its channels first. */
  readonly source: string;
  readonly channels: number;
  readonly weight: Tensor;
  /** Whether the weight has a row an output, as a Gemm may. */
  readonly isTurned: boolean;
}

function flatteningsOf({ graph }: Model): Flattening[] {
  const constants = constantsOf(graph);
  const counts = channelsOf(graph, constants);
  const makers = makersOf(graph);
  const reads = readsOf(graph);
  const fixed = fixedNames(graph);
  return graph.nodes.flatMap((layer) => {
    const weight = constants.get(layer.inputs[1] ?? '');
    const flatten = makers.get(layer.inputs[0]);
    const transpose = makers.get(flatten?.inputs[0] ?? '');
    if (!isProduct(layer) || weight?.dims.length !== 2 || !flatten || !transpose) return [];
    if (!isFlattening(flatten, constants) || !putsChannelsLast(transpose)) return [];
    if (reads.get(layer.inputs[0]) !== 1 || fixed.has(layer.inputs[0])) return [];
    const [source] = transpose.inputs;
    const channels = counts.get(source);
    const isTurned = intOf(layer, 'transB', 0) !== 0;
    const features = weight.dims[isTurned ? 1 : 0];
    return channels && features % channels === 0
      ? [{ flatten, layer, source, channels, weight, isTurned }]
      : [];
  });
}

function isProduct(layer: Node): boolean {
  return (
    isStandard(layer) &&
    (layer.opType === 'MatMul' || (layer.opType === 'Gemm' && !intOf(layer, 'transA', 0)))
  );
}

function putsChannelsLast(transpose: Node): boolean {
  const isTranspose = transpose.opType === 'Transpose' && isStandard(transpose);
  const perm = isTranspose ? intsOf(transpose, 'perm') : undefined;
  const rank = perm?.length ?? 0;
  return rank > 2 && perm!.every((axis, i) => axis === (i === 0 ? 0 : i === rank - 1 ? 1 : i + 1));
}

/** Whether a node makes rows, of a picture each unless a Reshape gives their length. */
function isFlattening(flatten: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (!isStandard(flatten)) return false;
  if (flatten.opType === 'Flatten') return intOf(flatten, 'axis', 1) === 1;
  const shape = flatten.opType === 'Reshape' ? constants.get(flatten.inputs[1]) : undefined;
  return shape?.dims[0] === 2 && integersOf(shape) !== undefined;
}

/** Those that make one row a picture. */
async function wholePictures(
  model: Model,
  found: readonly Flattening[],
  evaluate: EvaluateConstants,
): Promise<Flattening[]> {
  const unsure = found.filter(({ flatten }) => flatten.opType === 'Reshape');
  const input = unsure.length > 0 ? inputOf(model.graph, 2) : undefined;
  const asked = unsure.map(({ source }) => source);
  const values = input
    ? await evaluate(writeModel(closed(model, input, asked)), asked).catch(() => undefined)
    : undefined;
  return found.filter(({ flatten, source, weight, isTurned }) => {
    const size = values?.get(source)?.dims.slice(1);
    const features = weight.dims[isTurned ? 1 : 0];
    return flatten.opType === 'Flatten' || size?.reduce((product, dim) => product * dim, 1) === features;
  });
}
