import { InputError } from '../../../src/index.js';
import { intOf } from '../onnx/edit.js';
import type { Layer } from '../onnx/layers.js';
import type { Node, Tensor } from '../onnx/model.js';
import { reachedFrom, spaceOf, type Window, windowOf } from './window.js';

/**
 * A layer as a product: an output element is a row of its weights times a patch of its input. Weights are `features` rows of `size`
 * numbers; a convolution of `groups` groups has as many independent products, each of `features / groups` rows.
 */
export interface LayerGeometry {
  readonly groups: number;
  readonly features: number;
  /** Elements of a patch of one group. */
  readonly size: number;
  /** Whether the weights lie as rows (Conv, Gemm with transB), or as columns (of kernels, in a ConvTranspose). */
  readonly rows: boolean;
  /** Of a convolution; absent for a product. */
  readonly window?: Window;
}

/** The geometry of a Conv or ConvTranspose (of lines, pictures or volumes), a Gemm or a MatMul; undefined for other layers. */
export function geometryOf(layer: Layer, node: Node, weight: Tensor): LayerGeometry | undefined {
  const { dims } = weight;
  if (layer.side !== 1) return undefined;
  if (layer.kind === 'convolutional') {
    const [first, second, ...kernel] = dims;
    const window = windowOf(node, kernel);
    const groups = intOf(node, 'group', 1);
    const elements = kernel.reduce((product, side) => product * side, 1);
    const rows = layer.operator === 'Conv';
    return (
      window &&
      (rows
        ? { groups, features: first, size: second * elements, rows, window }
        : { groups, features: second * groups, size: (first / groups) * elements, rows, window })
    );
  }
  if (dims.length !== 2) return undefined;
  if (layer.operator === 'Gemm' && intOf(node, 'transA', 0) !== 0) return undefined;
  const rows = layer.operator === 'Gemm' && intOf(node, 'transB', 0) !== 0;
  return { groups: 1, features: dims[rows ? 0 : 1], size: dims[rows ? 1 : 0], rows };
}

/** Where a weight stands in its tensor. */
export function indexOf(
  { rows, size, features, groups, window }: LayerGeometry,
  feature: number,
  input: number,
): number {
  if (rows) return feature * size + input;
  const elements = elementsOf(window);
  const each = features / groups;
  const channel = Math.floor(feature / each) * (size / elements) + Math.floor(input / elements);
  return (channel * each + (feature % each)) * elements + (input % elements);
}

/** Inputs of a patch that come from one channel. */
export function elementsOf(window: Window | undefined): number {
  return window ? window.kernel[0] * window.kernel[1] * window.kernel[2] : 1;
}

/** One place of a layer's output: a sample of the batch and, for a convolution, where in its picture. */
export interface Place {
  readonly sample: number;
  /** Index on the remaining output positions (those of its picture, or the inner axes of a product), row-major. */
  readonly position: number;
}

/** Positions that a sample of the layer's output has: `dims` are those of the output. */
export function positionsOf(geometry: LayerGeometry, dims: readonly number[]): number {
  const inner = geometry.window ? dims.slice(2) : dims.slice(1, -1);
  return inner.reduce((product, dim) => product * dim, 1);
}

/**
 * Writes the patch that a place of the output is made from to `out`, all groups one after the other (groups x size). `dims` are those of
 * the layer's input, `outputDims` of its output. Throws an InputError when the input has another shape than the layer takes.
 */
export function copyPatch(
  { window, size, groups }: LayerGeometry,
  input: Float32Array | Float64Array,
  dims: readonly number[],
  { sample, position }: Place,
  outputDims: readonly number[],
  out: Float32Array,
): void {
  const elements = groups * size;
  if (!window) {
    const per = input.length / dims[0];
    const from = sample * per + position * elements;
    out.set(input.subarray(from, from + elements));
    return;
  }
  const channels = dims[1];
  const each = elementsOf(window);
  if (dims.length !== outputDims.length || channels * each !== elements)
    throw new InputError(`the input of the layer must have ${elements / each} channels, got ${channels}`);
  const reached = reachedFrom(window, position, spaceOf(dims.slice(2)), spaceOf(outputDims.slice(2)));
  const pixels = input.length / (dims[0] * channels);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    const picture = (sample * channels + c) * pixels;
    for (let k = 0; k < each; k++) out[at++] = reached[k] < 0 ? 0 : input[picture + reached[k]];
  }
}

/** The output elements of a place, feature by feature, to `out`. `dims` are those of the output. */
export function copyOutputs(
  { window, features }: LayerGeometry,
  output: Float32Array | Float64Array,
  dims: readonly number[],
  { sample, position }: Place,
  out: Float32Array,
): void {
  if (!window) {
    const from = sample * (output.length / dims[0]) + position * features;
    out.set(output.subarray(from, from + features));
    return;
  }
  const positions = output.length / (dims[0] * features);
  for (let f = 0; f < features; f++) out[f] = output[(sample * features + f) * positions + position];
}
