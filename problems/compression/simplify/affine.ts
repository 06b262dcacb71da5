import { constantsOf, isStandard } from '../onnx/constants.js';
import { floatOf, intOf } from '../onnx/edit.js';
import { ELEMENT_TYPE, type Graph, type Node, type Tensor } from '../onnx/model.js';
import { ranksOf } from '../onnx/ranks.js';
import { toFloat32 } from '../onnx/tensor.js';

/** What some nodes do to each channel of a value: times a factor, plus an offset. */
export interface Affine {
  /** The value that it is done to. */
  readonly input: string;
  /** The axis of the channels; undefined where all are treated alike. */
  readonly axis: number | undefined;
  /** One a channel, or one alone. */
  readonly factors: Float64Array;
  readonly offsets: Float64Array;
}

/** What each node of a graph does, where it is a sum or product with a constant a channel or a normalisation by constants. */
export function affinesOf(graph: Graph): Map<Node, Affine> {
  const constants = constantsOf(graph);
  const ranks = ranksOf(graph, constants);
  const found = new Map<Node, Affine>();
  for (const node of graph.nodes) {
    const affine = isNormOfInference(node)
      ? normalisation(node, constants)
      : arithmetic(node, constants, ranks);
    if (affine) found.set(node, affine);
  }
  return found;
}

/** Whether a node is a normalisation by constants, of which only the result is read. */
export function isNormOfInference(node: Node): boolean {
  const isNorm = node.opType === 'BatchNormalization' && isStandard(node);
  return isNorm && node.outputs.length === 1 && intOf(node, 'training_mode', 0) === 0;
}

/** The same as `first` and then `second`, both to channels of one axis or to all alike. */
export function composed(first: Affine, second: Affine): Affine | undefined {
  if (first.axis !== undefined && second.axis !== undefined && first.axis !== second.axis) return undefined;
  const channels = Math.max(first.factors.length, second.factors.length);
  const [a, b] = [first, second].map((affine) => spread(affine, channels));
  return {
    input: first.input,
    axis: first.axis ?? second.axis,
    factors: a.factors.map((factor, c) => factor * b.factors[c]),
    offsets: a.offsets.map((offset, c) => offset * b.factors[c] + b.offsets[c]),
  };
}

/** The same with a number for each of so many channels. */
export function spread({ factors, offsets, ...rest }: Affine, channels: number): Affine {
  const each = (values: Float64Array) =>
    values.length === channels ? values : new Float64Array(channels).fill(values[0]);
  return { ...rest, factors: each(factors), offsets: each(offsets) };
}

function normalisation(norm: Node, constants: ReadonlyMap<string, Tensor>): Affine | undefined {
  const parameters = norm.inputs.slice(1).map((name) => constants.get(name));
  if (!parameters.every((parameter) => parameter?.dataType === ELEMENT_TYPE.float32)) return undefined;
  const [scale, shift, mean, variance] = parameters.map((parameter) => toFloat32(parameter!));
  const epsilon = floatOf(norm, 'epsilon', 1e-5);
  const factors = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c] + epsilon));
  const offsets = factors.map((k, c) => shift[c] - mean[c] * k);
  return { input: norm.inputs[0], axis: 1, factors, offsets };
}

function arithmetic(
  node: Node,
  constants: ReadonlyMap<string, Tensor>,
  ranks: ReadonlyMap<string, number>,
): Affine | undefined {
  if (!/^(Add|Sub|Mul|Div)$/.test(node.opType) || !isStandard(node)) return undefined;
  const side = node.inputs.findIndex((name) => constants.has(name));
  const input = node.inputs[1 - side];
  const constant = constants.get(node.inputs[side] ?? '');
  const rank = ranks.get(input);
  if (!constant || rank === undefined || constants.has(input)) return undefined;
  const axis = axisOf(constant, rank);
  if (axis === null || (node.opType === 'Div' && side === 0)) return undefined;
  const values = Float64Array.from(toFloat32(constant));
  const ones = new Float64Array(values.length).fill(1);
  const zeros = new Float64Array(values.length);
  switch (node.opType) {
    case 'Mul':
      return { input, axis, factors: values, offsets: zeros };
    case 'Div':
      return { input, axis, factors: values.map((value) => 1 / value), offsets: zeros };
    case 'Add':
      return { input, axis, factors: ones, offsets: values };
    default:
      return side === 1
        ? { input, axis, factors: ones, offsets: values.map((value) => -value) }
        : { input, axis, factors: ones.map((one) => -one), offsets: values };
  }
}

/** The only axis of a value of this rank along which a constant broadcast to it is longer than 1: undefined where there is none, null where several are or it is longer itself. */
function axisOf({ dataType, dims }: Tensor, rank: number): number | undefined | null {
  if (dataType !== ELEMENT_TYPE.float32 || dims.length > rank || dims.includes(0)) return null;
  const axes = [...dims.keys()].filter((axis) => dims[axis] !== 1);
  if (axes.length > 1) return null;
  return axes.length === 0 ? undefined : axes[0] + rank - dims.length;
}
