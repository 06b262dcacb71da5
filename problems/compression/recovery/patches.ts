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
  /** Of a convolution; absent for a product. A number each for depth, height and width: lines are of one row, pictures of one plane. */
  readonly window?: {
    readonly kernel: Space;
    readonly strides: Space;
    readonly dilations: Space;
    /** In front; `upper` and `lower`: as many as make the output as large as the input over the stride, an odd one behind or in front. */
    readonly pads: Space | 'upper' | 'lower';
  };
}

type Space = readonly [number, number, number];

/** The geometry of a Conv (of lines, pictures or volumes), a Gemm or a MatMul; undefined for other layers. */
export function geometryOf(layer: Layer, node: Node, weight: Tensor): LayerGeometry | undefined {
  const { dims } = weight;
  if (layer.side !== 1) return undefined;
  if (layer.operator === 'Conv') {
    const axes = dims.length - 2;
    if (axes < 1 || axes > 3) return undefined;
    const each = (name: string, otherwise: number): Space =>
      spaceOf(intsOf(node, name)?.slice(0, axes) ?? [], otherwise);
    return {
      groups: intOf(node, 'group', 1),
      features: dims[0],
      size: dims.slice(1).reduce((product, dim) => product * dim, 1),
      rows: true,
      window: {
        kernel: spaceOf(dims.slice(2)),
        strides: each('strides', 1),
        dilations: each('dilations', 1),
        pads: PADDING[stringOf(node, 'auto_pad', 'NOTSET')] ?? each('pads', 0),
      },
    };
  }
  if (dims.length !== 2 || (layer.operator !== 'Gemm' && layer.operator !== 'MatMul')) return undefined;
  if (layer.operator === 'Gemm' && intOf(node, 'transA', 0) !== 0) return undefined;
  const rows = layer.operator === 'Gemm' && intOf(node, 'transB', 0) !== 0;
  return { groups: 1, features: dims[rows ? 0 : 1], size: dims[rows ? 1 : 0], rows };
}

/** By `auto_pad`; pads are given, or none, otherwise. */
const PADDING: Readonly<Record<string, 'upper' | 'lower' | undefined>> = {
  SAME_UPPER: 'upper',
  SAME_LOWER: 'lower',
};

/** Depth, height and width of the last axes; `otherwise` where there are fewer. */
function spaceOf(axes: readonly number[], otherwise = 1): Space {
  const [depth, height, width] = [otherwise, otherwise, otherwise, ...axes].slice(-3);
  return [depth, height, width];
}

/** Where a weight stands in its tensor. */
export function indexOf({ rows, size, features }: LayerGeometry, feature: number, input: number): number {
  return rows ? feature * size + input : input * features + feature;
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
  const [kd, kh, kw] = window.kernel;
  const channels = dims[1];
  if (dims.length !== outputDims.length || channels * kd * kh * kw !== elements)
    throw new InputError(
      `the input of the layer must have ${elements / (kd * kh * kw)} channels, got ${channels}`,
    );
  const space = spaceOf(dims.slice(2));
  const [depth, height, wide] = space;
  const outputSpace = spaceOf(outputDims.slice(2));
  const [, rows, width] = outputSpace;
  const { pads, strides, dilations, kernel } = window;
  const padOf = (axis: number) => {
    if (pads !== 'upper' && pads !== 'lower') return pads[axis];
    const reach = (outputSpace[axis] - 1) * strides[axis] + dilations[axis] * (kernel[axis] - 1) + 1;
    const all = Math.max(0, reach - space[axis]);
    return pads === 'upper' ? Math.floor(all / 2) : Math.ceil(all / 2);
  };
  const start = (axis: number, at: number) => at * strides[axis] - padOf(axis);
  const front = start(0, Math.floor(position / (rows * width)));
  const top = start(1, Math.floor(position / width) % rows);
  const left = start(2, position % width);
  let at = 0;
  for (let c = 0; c < channels; c++)
    for (let h = 0; h < kd; h++) {
      const z = front + h * dilations[0];
      const plane = ((sample * channels + c) * depth + z) * height * wide;
      for (let i = 0; i < kh; i++) {
        const y = top + i * dilations[1];
        const within = z >= 0 && z < depth && y >= 0 && y < height;
        for (let j = 0; j < kw; j++) {
          const x = left + j * dilations[2];
          out[at++] = within && x >= 0 && x < wide ? input[plane + y * wide + x] : 0;
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
  const positions = output.length / (dims[0] * features);
  for (let f = 0; f < features; f++) out[f] = output[(sample * features + f) * positions + position];
}
