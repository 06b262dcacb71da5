import { InputError } from '../../../src/index.js';
import { intOf, intsOf, stringOf } from '../onnx/edit.js';
import type { Layer } from '../onnx/layers.js';
import type { Node, Tensor } from '../onnx/model.js';

/**
 * A layer as a product: an output element is a row of its weights times a patch of its input. Weights are `features` rows of `size`
 * numbers; a convolution of `groups` groups has as many independent products, each of `features / groups` rows.
 */
export interface LayerGeometry {
  readonly groups: number;
  readonly features: number;
  /** Elements of a patch of one group. */
  readonly size: number;
  /** Whether the weights lie as rows (Conv, Gemm with transB), or as columns. */
  readonly rows: boolean;
  /** Of a convolution of pictures; absent for a product. */
  readonly window?: {
    readonly kernel: readonly [number, number];
    readonly strides: readonly [number, number];
    readonly dilations: readonly [number, number];
    readonly pads: readonly [number, number];
  };
}

/** The geometry of a Conv of pictures, a Gemm or a MatMul; undefined for other layers. */
export function geometryOf(layer: Layer, node: Node, weight: Tensor): LayerGeometry | undefined {
  const { dims } = weight;
  if (layer.side !== 1) return undefined;
  if (layer.operator === 'Conv') {
    if (dims.length !== 4 || stringOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET') return undefined;
    const pair = (name: string, otherwise: number): [number, number] => {
      const ints = intsOf(node, name);
      return ints?.length ? [ints[0], ints[1]] : [otherwise, otherwise];
    };
    return {
      groups: intOf(node, 'group', 1),
      features: dims[0],
      size: dims[1] * dims[2] * dims[3],
      rows: true,
      window: {
        kernel: [dims[2], dims[3]],
        strides: pair('strides', 1),
        dilations: pair('dilations', 1),
        pads: pair('pads', 0),
      },
    };
  }
  if (dims.length !== 2 || (layer.operator !== 'Gemm' && layer.operator !== 'MatMul')) return undefined;
  if (layer.operator === 'Gemm' && intOf(node, 'transA', 0) !== 0) return undefined;
  const rows = layer.operator === 'Gemm' && intOf(node, 'transB', 0) !== 0;
  return { groups: 1, features: dims[rows ? 0 : 1], size: dims[rows ? 1 : 0], rows };
}

/** Where a weight stands in its tensor. */
export function indexOf({ rows, size, features }: LayerGeometry, feature: number, input: number): number {
  return rows ? feature * size + input : input * features + feature;
}

/** One place of a layer's output: a sample of the batch and, for a convolution, where in its picture. */
export interface Place {
  readonly sample: number;
  /** Index on the remaining output positions (height x width, or the inner axes of a product), row-major. */
  readonly position: number;
}

/** Positions that a sample of the layer's output has: `dims` are those of the output. */
export function positionsOf(geometry: LayerGeometry, dims: readonly number[]): number {
  const inner = geometry.window ? dims.slice(2) : dims.slice(1, -1);
  return inner.reduce((product, dim) => product * dim, 1);
}

/**
 * Writes the patch that a place of the output is made from to `out`, all groups one after the other (groups x size). `dims` are those of
 * the layer's input, `width` the width of its output picture. Throws an InputError when the input has another shape than the layer takes.
 */
export function copyPatch(
  { window, size, groups }: LayerGeometry,
  input: Float32Array | Float64Array,
  dims: readonly number[],
  { sample, position }: Place,
  width: number,
  out: Float32Array,
): void {
  const elements = groups * size;
  if (!window) {
    const per = input.length / dims[0];
    const from = sample * per + position * elements;
    out.set(input.subarray(from, from + elements));
    return;
  }
  const [, channels, height, wide] = dims;
  const [kh, kw] = window.kernel;
  if (dims.length !== 4 || channels * kh * kw !== elements)
    throw new InputError(
      `the input of the layer must have ${elements / (kh * kw)} channels, got ${channels}`,
    );
  const top = Math.floor(position / width) * window.strides[0] - window.pads[0];
  const left = (position % width) * window.strides[1] - window.pads[1];
  let at = 0;
  for (let c = 0; c < channels; c++) {
    const plane = (sample * channels + c) * height * wide;
    for (let i = 0; i < kh; i++) {
      const y = top + i * window.dilations[0];
      for (let j = 0; j < kw; j++) {
        const x = left + j * window.dilations[1];
        out[at++] = y >= 0 && y < height && x >= 0 && x < wide ? input[plane + y * wide + x] : 0;
      }
    }
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
  const positions = dims[2] * dims[3];
  for (let f = 0; f < features; f++) out[f] = output[(sample * features + f) * positions + position];
}
