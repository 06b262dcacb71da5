import { describe, expect, it } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { toFloat16 } from '../../../problems/compression/onnx/float16.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import {
  correlationOf,
  strongestAutocorrelation,
} from '../../../problems/compression/statistics/correlation.js';
import { entropyOfLevels, entropyOfPatterns } from '../../../problems/compression/statistics/entropy.js';
import { fitsOf } from '../../../problems/compression/statistics/fits.js';
import { weightStatistics } from '../../../problems/compression/statistics/weight-statistics.js';
import { randomOf } from '../../../src/index.js';

describe('order-0 entropy', () => {
  it('is that of the frequencies, by levels and by bit patterns', () => {
    // Halves, quarters: 1.5 bits.
    expect(entropyOfLevels(Int32Array.of(7, -2, 7, 0))).toBeCloseTo(1.5, 14);
    expect(entropyOfPatterns(new Uint32Array(Float32Array.of(7, -2, 7, 0.25).buffer))).toBeCloseTo(1.5, 14);
    expect(entropyOfLevels(Int32Array.from({ length: 256 }, (_, i) => i - 128))).toBeCloseTo(8, 12);
  });

  it('is 0 for what is always the same, and for nothing', () => {
    expect(entropyOfLevels(new Int32Array(9).fill(-3))).toBe(0);
    expect(entropyOfPatterns(new Uint32Array(9).fill(3))).toBe(0);
    expect([entropyOfLevels(new Int32Array(0)), entropyOfPatterns(new Uint32Array(0))]).toEqual([0, 0]);
  });
});

describe('correlation', () => {
  const random = randomOf(1, 'correlation');
  const noise = (n: number) => Float32Array.from({ length: n }, random.normal);

  it('is 1 for a line that rises, -1 for one that falls, near 0 for noise', () => {
    const a = noise(4000);
    expect(
      correlationOf(
        a,
        a.map((x) => 3 * x + 1),
      ),
    ).toBeCloseTo(1, 6);
    expect(
      correlationOf(
        a,
        a.map((x) => -0.5 * x),
      ),
    ).toBeCloseTo(-1, 6);
    expect(Math.abs(correlationOf(a, noise(4000))!)).toBeLessThan(0.08);
  });

  it('looks at the first numbers alone, as far as both lists go', () => {
    const a = noise(60);
    expect(correlationOf(a, Float32Array.of(...a, ...noise(500)))).toBeCloseTo(1, 6);
  });

  it('is none for constant lists and for fewer than 50 numbers', () => {
    expect(correlationOf(noise(60), new Float32Array(60).fill(2))).toBeNull();
    expect(correlationOf(noise(49), noise(400))).toBeNull();
    expect(strongestAutocorrelation(new Float32Array(60).fill(0.1), 0.1)).toBeNull();
    expect(strongestAutocorrelation(noise(49), 0)).toBeNull();
  });

  it('within a list is found at the lag where it repeats, with its sign', () => {
    const wave = Float32Array.from({ length: 3600 }, (_, i) => (i % 6 < 3 ? 1 : -1));
    const found = strongestAutocorrelation(wave, 0)!;
    // Half a period away it is all but -1: 3597 of 3600 products.
    expect(found).toEqual({ lag: 3, value: -3597 / 3600 });
    const walk = new Float32Array(2000);
    for (let i = 1; i < 2000; i++) walk[i] = 0.8 * walk[i - 1] + random.normal();
    const mean = walk.reduce((sum, x) => sum + x, 0) / 2000;
    expect(strongestAutocorrelation(walk, mean)!.lag).toBe(1);
    expect(Math.abs(strongestAutocorrelation(walk, mean)!.value - 0.8)).toBeLessThan(0.05);
  });
});

describe('fits against a histogram', () => {
  it('rank the family that the numbers come from first, and sum the squares that they say', () => {
    const random = randomOf(2, 'fits');
    const values = Float64Array.from({ length: 50_000 }, () => 0.1 * random.normal());
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const counts = new Array<number>(100).fill(0);
    for (const x of values) counts[Math.min(99, Math.floor((100 * (x - low)) / (high - low)))]++;
    const fits = fitsOf(values, { low, high, counts });
    expect(fits).toHaveLength(8);
    expect(fits[0].family).toBe('Gaussian');
    const width = (high - low) / 100;
    const squares = counts.map((count, i) => (count / (50_000 * width) - fits[0].densities[i]) ** 2);
    expect(fits[0].squaredError).toBeCloseTo(
      squares.reduce((sum, square) => sum + square, 0),
      10,
    );
    // With 100 bins, the divergence from the truth is some (bins - 1) / (2 n).
    expect(fits[0].divergence).toBeLessThan(0.003);
    expect(fits[0].divergence).toBeGreaterThan(0);
    expect(fits.at(-1)!.family).toBe('uniform');
  });

  it('take families of magnitudes as the same on both sides of 0', () => {
    const values = Float64Array.of(-3, -1, 1, 3);
    const fit = fitsOf(values, { low: -4, high: 4, counts: [2, 2] }).find(
      ({ family }) => family === 'exponential',
    )!;
    expect(fit.parameters).toEqual({ scale: 2 });
    const half = (1 - Math.exp(-2)) / 2 / 4;
    expect(fit.densities[0]).toBeCloseTo(half, 14);
    expect(fit.densities[1]).toBeCloseTo(half, 14);
  });
});

const OPTIONS = { name: 'net', levels: 16, bins: 10 };

/** A network of one layer. */
function network(values: readonly number[], type: 'float32' | 'float16' | 'float64' | 'int32'): Model {
  const width = values.length;
  const data =
    type === 'float16'
      ? toFloat16(values)
      : type === 'float64'
        ? Float64Array.from(values)
        : type === 'int32'
          ? Int32Array.from(values)
          : Float32Array.from(values);
  return buildModel({
    opset: 17,
    inputs: [valueInfo('x', type, ['n', 1])],
    outputs: [valueInfo('y', type, ['n', width])],
    nodes: [node('Gemm', ['x', 'w'], ['y'], {}, { name: 'layer' })],
    initializers: [tensor('w', type, [1, width], data)],
  });
}

describe('the statistics of a model', () => {
  it.each(['float32', 'float16', 'float64'] as const)('are those worked by hand, from %s', (type) => {
    const { layers, overall } = weightStatistics(network([0, 0, 1, -1, 1, 3, 0, -1], type), OPTIONS);
    expect(layers).toHaveLength(1);
    expect(layers[0]).toMatchObject({ name: 'layer', count: 8, zeros: 3, least: -1, most: 3, mean: 3 / 8 });
    expect(layers[0].deviation).toBeCloseTo(Math.sqrt(13 / 8 - 9 / 64), 12);
    // Frequencies 3, 2, 2, 1 of 8.
    const bits = (3 / 8) * Math.log2(8 / 3) + (4 / 8) * 2 + (1 / 8) * 3;
    expect(layers[0].entropy).toBeCloseTo(bits, 12);
    expect(layers[0].levelEntropy).toBeCloseTo(bits, 12);
    expect(layers[0].histogram).toEqual({ low: -1, high: 3, counts: [2, 0, 0, 0, 0, 2, 0, 0, 0, 1] });
    expect(overall).toMatchObject({ count: 8, zeros: 3, entropy: layers[0].entropy });
  });

  it('of weights that are all zero, all the same, or one, have no distribution', () => {
    for (const values of [[0, 0, 0, 0], [2, 2, 0], [0.5]]) {
      const [layer] = weightStatistics(network(values, 'float32'), OPTIONS).layers;
      expect(layer.histogram).toBeNull();
      expect(layer.fits).toEqual([]);
      expect(layer.autocorrelation).toBeNull();
    }
  });

  it('refuse a NaN, an infinity, and a network without floating-point weights, by name', () => {
    const of = (values: number[], type: Parameters<typeof network>[1] = 'float32') =>
      weightStatistics(network(values, type), OPTIONS);
    expect(() => of([1, Number.NaN])).toThrow('weights must be finite, got NaN at 1 of tensor "w"');
    expect(() => of([Number.NEGATIVE_INFINITY])).toThrow('got -Infinity at 0 of tensor "w"');
    expect(() => of([1, 2], 'int32')).toThrow(/constant weights of a floating-point type, got none in "net"/);
    expect(() => weightStatistics(network([1, 2], 'float32'), { ...OPTIONS, bins: 1 })).toThrow(
      'a histogram must have from 2 to 10000 bins, got 1',
    );
  });
});
