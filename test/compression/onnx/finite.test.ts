import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  applyFile,
  openCompression,
  openRateDistortion,
  packFile,
  weightsFile,
} from '../../../problems/compression/index.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { checkFinite } from '../../../problems/compression/onnx/finite.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { emptyFolder } from '../../cli/command-line.js';

/** A classifier with a mask added to its scores. */
const network = (weight: number, mask: number) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('input', 'float32', ['batch', 3, 32, 32])],
    outputs: [valueInfo('scores', 'float32', ['batch', 10])],
    nodes: [
      node('Flatten', ['input'], ['flat']),
      node('Gemm', ['flat', 'w'], ['plain'], { transB: 1 }),
      node('Relu', ['plain'], ['positive']),
      node('Add', ['positive', 'mask'], ['scores']),
    ],
    initializers: [
      tensor('w', 'float32', [10, 3072], new Float32Array(30720).fill(weight, 7, 9)),
      tensor('mask', 'float32', [10], new Float32Array(10).fill(mask, 3, 4)),
      tensor('unread', 'float32', [1], Float32Array.of(Number.NaN)),
    ],
  });

describe('weights that are no numbers', () => {
  it.each([
    [Number.NaN, 0, 'NaN at 7 of tensor "w"'],
    [Number.NEGATIVE_INFINITY, 0, '-Infinity at 7 of tensor "w"'],
    [0.5, Number.NaN, 'NaN at 3 of tensor "mask"'],
  ])('are refused by name and place (weight %d, mask %d)', (weight, mask, got) => {
    expect(() => checkFinite(network(weight, mask))).toThrow(`weights must be finite, got ${got}`);
  });

  it('are none where nothing reads them, and an infinity may stand in a mask', () => {
    expect(() => checkFinite(network(0.5, Number.NEGATIVE_INFINITY))).not.toThrow();
  });

  const model = join(emptyFolder(), 'nan.onnx');
  writeFileSync(model, writeModel(network(Number.NaN, 0)));
  const request = { model, data: 'stand-in', limit: 20, threads: 1 };
  it.each<[string, () => unknown]>([
    ['apply', () => applyFile({ ...request, plan: {} })],
    ['compress and evaluate', () => openCompression({ ...request, seed: 1 })],
    ['compress --space full', () => openCompression({ ...request, seed: 1, space: 'full' })],
    ['pack', () => packFile({ ...request, maxLoss: 1, method: 'mixing' })],
    ['weights', () => weightsFile({ model, levels: 16, bins: 10 })],
    ['rate-distortion', () => openRateDistortion(request)],
  ])('are refused by %s, in the same words', async (_, command) => {
    await expect((async () => command())()).rejects.toThrow(
      /^weights must be finite, got NaN at 7 of tensor "w"$/,
    );
  });
});
