import type { QuantizerCell } from '../../../src/index.js';
import { WIDTHS } from '../coding/container/layout.js';
import { writeElements } from '../coding/container/narrow.js';
import type { Packable } from '../coding/packing/packables.js';
import { type QuantizerFamily, quantizerNamed } from '../coding/quantizers/catalogue.js';
import { rangeOf } from '../coding/quantizers/scalar.js';
import { reconstruct } from '../coding/rule.js';
import { entropyOfLevels } from './entropy.js';

/** Weights after one way of quantizing them. */
export interface QuantizedWeights {
  /** Order-0 entropy of the levels in bits a weight: of each tensor by itself, weighted by its numbers. */
  readonly entropy: number;
  /** The entropy, and 32 bits for every range that must be kept. */
  readonly bits: number;
  /** The model with what the levels stand for in the place of its weights. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Quantizes every weight of a model file; biases and all else stay. A channel is an output feature; where a layer is no matrix (a
 * transposed convolution) it is what the first axis of the weight counts. Throws an InputError for an unknown
 * quantizer and a number of levels that it does not have.
 */
export function quantizedWeights(
  file: Uint8Array,
  weights: readonly Packable[],
  { quantizer, levels, scope }: QuantizerCell,
): QuantizedWeights {
  const family = quantizerNamed(quantizer);
  const range = scope === 'model' ? Math.max(0, ...weights.map(({ values }) => rangeOf(values))) : null;
  const bytes = Uint8Array.from(file);
  let numbers = 0;
  let entropy = 0;
  let ranges = scope === 'model' ? 1 : 0;
  for (const weight of weights) {
    const { values, offset, dataType } = weight;
    const quantized =
      scope === 'channel'
        ? byChannel(weight, family, levels)
        : quantizedBy(family, range ?? rangeOf(values), levels, values);
    entropy += values.length * entropyOfLevels(quantized.levels);
    numbers += values.length;
    ranges += scope === 'model' ? 0 : scope === 'tensor' ? 1 : channelsOf(weight).count;
    writeElements(
      quantized.values,
      dataType,
      bytes.subarray(offset, offset + values.length * WIDTHS[dataType]),
    );
  }
  return { entropy: entropy / numbers, bits: (entropy + 32 * ranges) / numbers, bytes };
}

interface Quantized {
  readonly levels: Int32Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;
}

function quantizedBy(family: QuantizerFamily, range: number, count: number, values: Float32Array): Quantized {
  const { quantize, rule } = family.of(range, count);
  const levels = quantize(values);
  return { levels, values: reconstruct(levels, rule, { rows: 1 }) };
}

function byChannel(weight: Packable, family: QuantizerFamily, count: number): Quantized {
  const { values } = weight;
  const channels = channelsOf(weight);
  const all = { levels: new Int32Array(values.length), values: new Float32Array(values.length) };
  const own = new Float32Array(channels.size);
  for (let channel = 0; channel < channels.count; channel++) {
    const start = channel * channels.stride;
    for (let i = 0; i < own.length; i++) own[i] = values[start + i * channels.step];
    const quantized = quantizedBy(family, rangeOf(own), count, own);
    for (let i = 0; i < own.length; i++) {
      all.levels[start + i * channels.step] = quantized.levels[i];
      all.values[start + i * channels.step] = quantized.values[i];
    }
  }
  return all;
}

/** Element i of a channel stands at `channel * stride + i * step`. */
function channelsOf({ matrix, grid, values }: Packable) {
  if (matrix)
    return { count: matrix.rows, size: matrix.columns, stride: matrix.rowStride, step: matrix.columnStride };
  const size = values.length / grid.rows;
  return { count: grid.rows, size, stride: size, step: 1 };
}
