import { intsOf, stringOf } from '../onnx/edit.js';
import type { Node } from '../onnx/model.js';

/** Depth, height and width: of a line only the last is more than one place, of a picture the last two. */
export type Space = readonly [number, number, number];

/** Which places of its input a place of a convolution's output is made from. */
export interface Window {
  readonly kernel: Space;
  readonly strides: Space;
  readonly dilations: Space;
  /** In front; `upper` and `lower`: as many as make the output as large as the input over the stride, an odd one behind or in front. */
  readonly pads: Space | 'upper' | 'lower';
  /** Whether the strides are those of the output: it is a ConvTranspose. */
  readonly transposed: boolean;
}

/** The window of a Conv or ConvTranspose of lines, pictures or volumes; undefined for one of more axes, or with pads that follow from the shape of the output. */
export function windowOf(node: Node, kernel: readonly number[]): Window | undefined {
  const axes = kernel.length;
  if (axes < 1 || axes > 3) return undefined;
  const each = (name: string, otherwise: number): Space =>
    spaceOf(intsOf(node, name)?.slice(0, axes) ?? [], otherwise);
  const transposed = node.opType === 'ConvTranspose';
  const pads = PADDING[stringOf(node, 'auto_pad', 'NOTSET')] ?? each('pads', 0);
  if (transposed && (typeof pads === 'string' || intsOf(node, 'output_shape'))) return undefined;
  return {
    kernel: spaceOf(kernel),
    strides: each('strides', 1),
    dilations: each('dilations', 1),
    pads,
    transposed,
  };
}

/** By `auto_pad`; pads are given, or none, otherwise. */
const PADDING: Readonly<Record<string, 'upper' | 'lower' | undefined>> = {
  SAME_UPPER: 'upper',
  SAME_LOWER: 'lower',
};

/** Depth, height and width of the last axes; `otherwise` where there are fewer. */
export function spaceOf(axes: readonly number[], otherwise = 1): Space {
  const [depth, height, width] = [otherwise, otherwise, otherwise, ...axes].slice(-3);
  return [depth, height, width];
}

/**
 * Where in its picture of the input each element of the kernel stands for a place of the output, row-major; -1 where there is no input. `from` and
 * `to` are the sides of the input and of the output. Along an axis element k of a convolution stands at `at stride - pad + k dilation`, that of a
 * transposed one at `(at + pad - k dilation) / stride` where that is whole.
 */
export function reachedFrom(window: Window, position: number, from: Space, to: Space): Int32Array {
  const [, rows, width] = to;
  const along = (axis: number, at: number) => reachedAlong(window, axis, at, from[axis], to[axis]);
  const planes = along(0, Math.floor(position / (rows * width)));
  const lines = along(1, Math.floor(position / width) % rows);
  const places = along(2, position % width);
  const reached = new Int32Array(planes.length * lines.length * places.length);
  let at = 0;
  for (const z of planes)
    for (const y of lines)
      for (const x of places) reached[at++] = z < 0 || y < 0 || x < 0 ? -1 : (z * from[1] + y) * from[2] + x;
  return reached;
}

function reachedAlong(
  { kernel, strides, dilations, pads, transposed }: Window,
  axis: number,
  at: number,
  from: number,
  to: number,
): Int32Array {
  const [stride, dilation] = [strides[axis], dilations[axis]];
  const reached = new Int32Array(kernel[axis]);
  const pad =
    typeof pads === 'string'
      ? padOf(pads, Math.max(0, (to - 1) * stride + dilation * (kernel[axis] - 1) + 1 - from))
      : pads[axis];
  for (let k = 0; k < reached.length; k++) {
    const place = transposed ? (at + pad - k * dilation) / stride : at * stride - pad + k * dilation;
    reached[k] = place >= 0 && place < from && Number.isInteger(place) ? place : -1;
  }
  return reached;
}

function padOf(rule: 'upper' | 'lower', all: number): number {
  return rule === 'upper' ? Math.floor(all / 2) : Math.ceil(all / 2);
}
