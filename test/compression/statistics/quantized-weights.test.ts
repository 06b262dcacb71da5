import { describe, expect, it } from 'vitest';
import { packablesOf } from '../../../problems/compression/coding/packing/packables.js';
import { loadModel } from '../../../problems/compression/onnx/load.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { STAND_IN_MODEL } from '../../../problems/compression/open.js';
import { prepare } from '../../../problems/compression/plan.js';
import { quantizedWeights } from '../../../problems/compression/statistics/quantized-weights.js';
import { quantizerCells } from '../../../problems/compression/statistics/rate-distortion.js';

const { bytes } = prepare(loadModel(STAND_IN_MODEL));
const all = packablesOf(readModel(bytes, 'the model'));
const weights = all.filter(({ role }) => role === 'weight');
const numbers = weights.reduce((sum, { values }) => sum + values.length, 0);
const weightsIn = (file: Uint8Array) => packablesOf(readModel(file, 'the model'));

const largest = (values: Float32Array) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Entropy of any values by a map of counts. */
function entropy(values: Iterable<number>): number {
  const counts = new Map<number, number>();
  let n = 0;
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    n++;
  }
  return [...counts.values()].reduce((sum, count) => sum - (count / n) * Math.log2(count / n), 0);
}

describe('quantized weights', () => {
  it('are the nearest of the levels on the range of each tensor, and cost the entropy of their values', () => {
    const cell = { quantizer: 'midtread', levels: 16, scope: 'tensor' } as const;
    const quantized = quantizedWeights(bytes, weights, cell);
    let bits = 0;
    for (const { name, role, values } of weightsIn(quantized.bytes)) {
      const before = all.find((one) => one.name === name)!.values;
      if (role === 'bias') {
        expect(values).toEqual(before);
        continue;
      }
      const step = Math.fround(largest(before) / 8);
      expect(largest(values.map((value, i) => value - before[i]))).toBeLessThanOrEqual(step / 2 + 1e-6);
      expect(largest(values.map((value) => value / step - Math.round(value / step)))).toBeLessThan(1e-5);
      bits += values.length * entropy(values.map((value) => Math.round(value / step)));
    }
    expect(quantized.entropy).toBeCloseTo(bits / numbers, 10);
    expect(quantized.bits - quantized.entropy).toBeCloseTo((32 * weights.length) / numbers, 10);
  });

  it('by channel keep the range of each output feature', () => {
    const cell = { quantizer: 'mu-law', levels: 256, scope: 'channel' } as const;
    const quantized = quantizedWeights(bytes, weights, cell);
    const channels = weights.reduce((sum, { matrix, grid }) => sum + (matrix?.rows ?? grid.rows), 0);
    expect(quantized.bits - quantized.entropy).toBeCloseTo((32 * channels) / numbers, 10);
    const { matrix, values, name } = weights[0];
    const now = weightsIn(quantized.bytes).find((one) => one.name === name)!.values;
    for (let row = 0; row < matrix!.rows; row++) {
      const rangeOf = (list: Float32Array) => {
        let most = 0;
        for (let c = 0; c < matrix!.columns; c++)
          most = Math.max(most, Math.abs(list[row * matrix!.rowStride + c * matrix!.columnStride]));
        return most;
      };
      // The end of a channel's range is one of its levels.
      expect(rangeOf(now) / rangeOf(values)).toBeCloseTo(1, 5);
    }
  });

  it('by the range of the whole model keep one number', () => {
    const quantized = quantizedWeights(bytes, weights, { quantizer: 'midrise', levels: 64, scope: 'model' });
    expect(quantized.bits - quantized.entropy).toBeCloseTo(32 / numbers, 10);
    const step = Math.max(...weights.map(({ values }) => largest(values))) / 32;
    for (const { role, values } of weightsIn(quantized.bytes))
      if (role === 'weight')
        expect(
          largest(values.map((value) => (value === 0 ? 0 : Math.abs((value / step) % 1) - 0.5))),
        ).toBeLessThan(1e-3);
  });
});

describe('the cells of a study', () => {
  it('are every quantizer at every number of levels and scope, the coarsest first', () => {
    const cells = quantizerCells();
    // 6 families with 11 numbers of levels, 13 small floats with one, 3 scopes each.
    expect(cells).toHaveLength(3 * (6 * 11 + 13));
    expect(cells.map(({ levels }) => levels)).toEqual(
      cells.map(({ levels }) => levels).sort((a, b) => a - b),
    );
    expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(cells.length);
  });

  it('refuse quantizers and levels that there are not', () => {
    expect(() => quantizerCells([6])).toThrow('levels must be powers of two from 4 to 65536, got 6');
    expect(() => quantizerCells([2])).toThrow(/got 2$/);
    expect(() => quantizerCells([4], ['none'])).toThrow(/a quantizer must be one of midtread.*got "none"/);
  });
});
