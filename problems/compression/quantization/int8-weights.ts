import { roundToEven } from '../onnx/float16.js';

/** A tensor of int8 with its scales: the element `values[i]` of channel `c` stands for `values[i] * scales[c]`. */
export interface Int8Weights {
  readonly values: Int8Array<ArrayBuffer>;
  /** One for every channel. */
  readonly scales: Float32Array<ArrayBuffer>;
}

/**
 * Quantizes a tensor to int8, symmetric about the zero point 0. Channels are the indices of one axis with `inner` elements
 * behind each, so that element `i` belongs to the channel `floor(i / inner) mod channels`: the columns of a matrix are
 * `columns` channels of 1, its rows `rows` channels of `columns`, and one channel is one scale for all.
 *
 * A channel has the scale `max |w| / levels`, and each element becomes the nearest multiple of it, ties to even, in [-levels,
 * levels]; a zero stays zero. A channel of zeros, or one whose scale would not be a normal float32, becomes zeros with scale
 * 1. The elements must be finite. `levels`: 127, or 63 where the processor adds pairs of products in 16 bits.
 */
export function quantizeWeights(
  weights: Float32Array,
  channels: number,
  inner: number,
  levels = 127,
): Int8Weights {
  const scales = new Float32Array(channels);
  forEachRun(weights.length, channels, inner, (channel, start, end) => {
    for (let i = start; i < end; i++) scales[channel] = Math.max(scales[channel], Math.abs(weights[i]));
  });
  const factors = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const scale = Math.fround(scales[c] / levels);
    const normal = scale >= SMALLEST_NORMAL;
    scales[c] = normal ? scale : 1;
    factors[c] = normal ? scale : Number.POSITIVE_INFINITY;
  }
  const values = new Int8Array(weights.length);
  forEachRun(weights.length, channels, inner, (channel, start, end) => {
    for (let i = start; i < end; i++)
      values[i] = Math.max(-levels, Math.min(levels, roundToEven(weights[i] / factors[channel])));
  });
  return { values, scales };
}

/**
 * The same weights with no scale below that of `least` for its channel (0: any): where one was, the elements are rounded again to the wider one. A channel
 * of zeros takes what is asked for.
 */
export function withScalesAtLeast(
  { values, scales }: Int8Weights,
  inner: number,
  least: Float64Array,
): Int8Weights {
  const channels = scales.length;
  const empty = new Uint8Array(channels).fill(1);
  forEachRun(values.length, channels, inner, (channel, start, end) => {
    for (let i = start; i < end; i++) if (values[i] !== 0) empty[channel] = 0;
  });
  const wider = scales.map((scale, c) => {
    const wanted = Math.max(SMALLEST_NORMAL, Math.fround(least[c]));
    return least[c] > 0 && (empty[c] || wanted > scale) ? wanted : scale;
  });
  const rounded = values.slice();
  forEachRun(values.length, channels, inner, (channel, start, end) => {
    const ratio = scales[channel] / wider[channel];
    if (ratio !== 1) for (let i = start; i < end; i++) rounded[i] = roundToEven(values[i] * ratio);
  });
  return { values: rounded, scales: wider };
}

const SMALLEST_NORMAL = 2 ** -126;

/** Visits the runs of elements that lie together in one channel. */
function forEachRun(
  length: number,
  channels: number,
  inner: number,
  visit: (channel: number, start: number, end: number) => void,
): void {
  for (let start = 0, channel = 0; start < length; start += inner, channel = (channel + 1) % channels)
    visit(channel, start, Math.min(length, start + inner));
}
