import { InputError } from '../../../src/index.js';
import { roundToEven } from '../onnx/float16.js';

/** Bytes of an element: float16 and bfloat16, float32, float64. */
export type FloatWidth = 2 | 4 | 8;

/**
 * How many of `size` elements a pruning of that intensity zeroes: `round(intensity * size)` in double precision, ties to
 * even, as Python's `round` and so PyTorch's pruning do. Throws an InputError unless the intensity lies in [0, 1].
 */
export function prunedCount(intensity: number, size: number): number {
  if (!(intensity >= 0 && intensity <= 1))
    throw new InputError(`pruning intensity must lie in [0, 1], got ${intensity}`);
  return roundToEven(intensity * size);
}

/**
 * Zeroes, in place, the `count` elements of smallest magnitude of a tensor of floating-point numbers: those that are zero
 * already among them, and among equal magnitudes those that come first. `data` holds them row-major and
 * little-endian, at any alignment. What is pruned becomes +0. Infinity is larger than every number and NaN larger still:
 * NaNs go last, in the order of their bits.
 *
 * The bits of a float without its sign order as its magnitude does, so the threshold is found by radix selection on
 * them: exact, and linear in the number of elements.
 */
export function pruneSmallest(data: Uint8Array, width: FloatWidth, count: number): void {
  if (count === 0) return;
  if (width === 8) pruneDoubles(data, count);
  else if (width === 4) {
    const words = new Uint32Array(new Uint8Array(data).buffer);
    zeroSmallest(words, count);
    data.set(new Uint8Array(words.buffer));
  } else {
    // As words with sixteen zero bits below, which changes no order.
    const words = Uint32Array.from(new Uint16Array(new Uint8Array(data).buffer), (bits) => bits << 16);
    zeroSmallest(words, count);
    data.set(new Uint8Array(Uint16Array.from(words, (word) => word >>> 16).buffer));
  }
}

/** How many elements are neither +0 nor -0: NaN counts as not zero. */
export function countNonZero(data: Uint8Array, width: FloatWidth): number {
  let nonZero = 0;
  const last = width - 1;
  for (let i = 0; i < data.length; i += width) {
    let bits = data[i + last] & 127;
    for (let j = 0; j < last; j++) bits |= data[i + j];
    if (bits !== 0) nonZero++;
  }
  return nonZero;
}

const MAGNITUDE = 0x7fffffff;

/** Zeroes the `count` (at least 1) words of smallest magnitude bits. */
function zeroSmallest(words: Uint32Array, count: number): void {
  const { threshold, below } = select(words, count);
  let ties = count - below;
  for (let i = 0; i < words.length; i++) {
    const magnitude = words[i] & MAGNITUDE;
    // All ones where the magnitude reaches the threshold, else zero: half the elements take either way, too many for a branch.
    words[i] &= (threshold - 1 - magnitude) >> 31;
    if (magnitude === threshold && ties > 0) {
      words[i] = 0;
      ties--;
    }
  }
}

/** As {@link zeroSmallest}, on 64-bit numbers: by their high words, and where those agree by their low words. */
function pruneDoubles(data: Uint8Array, count: number): void {
  const words = new Uint32Array(new Uint8Array(data).buffer);
  const { threshold, below } = select(
    words.filter((_, i) => i % 2 === 1),
    count,
  );
  // Low words have 32 bits and the selection compares 31: select by the upper 31 bits, then by the last one.
  const tied = words.filter((_, i) => i % 2 === 0 && (words[i + 1] & MAGNITUDE) === threshold);
  const upper = select(
    tied.map((low) => low >>> 1),
    count - below,
  );
  const last = tied.filter((low) => low >>> 1 === upper.threshold).map((low) => low & 1);
  const lower = select(last, count - below - upper.below);
  const lowThreshold = upper.threshold * 2 + lower.threshold;
  let ties = count - below - upper.below - lower.below;
  for (let i = 0; i < words.length; i += 2) {
    const high = words[i + 1] & MAGNITUDE;
    if (high > threshold || (high === threshold && words[i] > lowThreshold)) continue;
    if (high === threshold && words[i] === lowThreshold && ties-- <= 0) continue;
    words[i] = 0;
    words[i + 1] = 0;
  }
  data.set(new Uint8Array(words.buffer));
}

/** The `count`-th smallest (from 1) of the magnitude bits of the words, and how many lie below it. */
function select(words: Uint32Array, count: number): { threshold: number; below: number } {
  let threshold = 0;
  let below = 0;
  let left = words;
  for (const { shift, bits } of DIGITS) {
    const mask = 2 ** bits - 1;
    const bins = new Uint32Array(mask + 1);
    for (let i = 0; i < left.length; i++) bins[(left[i] >>> shift) & mask]++;
    let digit = 0;
    while (below + bins[digit] < count) below += bins[digit++];
    threshold |= digit << shift;
    if (shift === 0) break;
    const equal = new Uint32Array(bins[digit]);
    for (let i = 0, found = 0; i < left.length; i++)
      if (((left[i] >>> shift) & mask) === digit) equal[found++] = left[i];
    left = equal;
  }
  return { threshold, below };
}

/** The 31 magnitude bits from the top: eight of the exponent with three of the fraction, then the rest. */
const DIGITS = [
  { shift: 20, bits: 11 },
  { shift: 10, bits: 10 },
  { shift: 0, bits: 10 },
] as const;
