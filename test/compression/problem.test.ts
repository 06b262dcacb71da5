import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CompressionProblem,
  compressionProblem,
  readCifar10,
  readSidecar,
  STAND_IN_MODEL,
  standInDataset,
} from '../../problems/compression/index.js';
import { node, tensor, valueInfo } from '../../problems/compression/onnx/build.js';
import { InputError, optimize } from '../../src/index.js';
import { scratchFolder } from './data/scratch-folder.js';
import { bytesOf } from './inference/networks.js';

describe('the compression problem of the stand-in network', () => {
  const dataset = standInDataset({ split: 'test', count: 300 });
  let compression: CompressionProblem;
  beforeAll(async () => {
    compression = await compressionProblem({ model: STAND_IN_MODEL, dataset, minAccuracy: 0.85 });
  });
  afterAll(() => compression.close());

  it('leaves the network as it is for a vector that prunes nothing', async () => {
    const { metrics, nonZero, total } = await compression.measure([0, 0, 1, 1, 2, 2, 0]);
    const { time: _, ...measured } = metrics;
    const { time: __, ...baseline } = compression.baseline;
    expect(measured).toEqual(baseline);
    expect(nonZero).toBe(total);
    expect(metrics.nonZeroRate).toBe(1);
  });

  it('is ruined by pruning everything: one answer for all', async () => {
    const { metrics, nonZero } = await compression.measure([2, 2, 1, 1, 2, 2, 0]);
    expect(nonZero).toBe(0);
    expect(metrics.accuracy).toBeLessThan(0.25);
  });

  it('is hurt by over-compression and hardly by a little', async () => {
    const at = async (rate: number) =>
      (await compression.measure([2, 2, rate, rate, 2, 2, 0])).metrics.accuracy;
    const [light, heavy] = [await at(0.2), await at(0.8)];
    expect(light).toBeGreaterThan(compression.baseline.accuracy - 0.04);
    expect(heavy).toBeLessThan(compression.baseline.accuracy - 0.2);
  });

  it('shrinks the file by dynamic quantization and keeps the accuracy', async () => {
    const { metrics } = await compression.measure([0, 0, 0, 0, 0, 0, 1]);
    expect(metrics.size).toBeLessThan(0.6 * compression.baseline.size);
    expect(Math.abs(metrics.accuracy - compression.baseline.accuracy)).toBeLessThan(0.02);
  });

  it('gives optimize the metrics that measure gives', async () => {
    const run = await optimize(compression.problem, { surrogate: false, budget: 4 });
    for (const { x, metrics } of run.evaluations) {
      const again = await compression.measure(x);
      const { time: _, ...expected } = again.metrics;
      const { time: __, ...kept } = Object.fromEntries(
        compression.problem.metricNames.map((name, i) => [name, metrics[i]]),
      );
      expect(kept).toEqual(expected);
    }
  });

  it('puts the reference point a tenth beyond the range under the floor', async () => {
    const { hypervolume } = await optimize(compression.problem, { surrogate: false, budget: 1 });
    expect(hypervolume.referencePoint.accuracy).toBeCloseTo(0.85 - 0.015, 12);
    expect(hypervolume.referencePoint.nonZeroRate).toBeCloseTo(1.1, 12);
  });

  it('refuses a floor that the network itself does not reach, with both numbers', async () => {
    const opening = compressionProblem({ model: STAND_IN_MODEL, dataset, minAccuracy: 0.999 });
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(`${compression.baseline.accuracy} on these images, got 0.999`);
  });
});

describe('a model without a layer that can be pruned', () => {
  const folder = scratchFolder();
  const dataset = standInDataset({ split: 'test', count: 2 });
  const refusal = async (name: string, parts: Partial<Parameters<typeof bytesOf>[0]>) => {
    const model = join(folder, `${name}.onnx`);
    const ends = {
      inputs: [valueInfo('x', 'float32', ['n', 3])],
      outputs: [valueInfo('y', 'float32', ['n', 3])],
    };
    writeFileSync(model, bytesOf({ ...ends, nodes: [], ...parts }));
    const error: unknown = await compressionProblem({ model, dataset }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  };

  it('is refused with the reason where there is one', async () => {
    const weight = tensor('w', 'int32', [3, 3], new Int32Array(9));
    const product = node('MatMul', ['x', 'w'], ['y'], {}, { name: 'fc' });
    expect(await refusal('integer', { initializers: [weight], nodes: [product] })).toMatch(
      /got none in ".*integer\.onnx" \(a layer whose weight is no floating-point tensor .*: MatMul fc\)$/,
    );
    const integer = node('MatMulInteger', ['x', 'w'], ['y'], {}, { name: 'fc' });
    expect(await refusal('quantized', { initializers: [weight], nodes: [integer] })).toMatch(
      /\(a layer that is quantized already is left as it is: MatMulInteger fc\)$/,
    );
    expect(await refusal('none', { nodes: [node('Relu', ['x'], ['y'])] })).toMatch(/none\.onnx"$/);
  });
});

const shared = new URL('../../../shared/', import.meta.url);
const at = (path: string) => fileURLToPath(new URL(path, shared));

describe.skipIf(!existsSync(shared))(
  'the compression problem of ResNet-20 (skipped where ../shared is absent)',
  () => {
    interface Reference {
      baseline: { correct: number };
      vectors: {
        x: number[];
        correct: number;
        of: number;
        total: number;
        nonZeroByTensor: Record<string, number>;
      }[];
    }
    let compression: CompressionProblem;
    let reference: Reference;
    beforeAll(async () => {
      reference = JSON.parse(readFileSync(at('reference/pytorch-resnet20.json'), 'utf8'));
      const model = at('models/resnet20-cifar10.onnx');
      const beside = await readSidecar(model);
      const dataset = await readCifar10([at('data/cifar10/test_batch.bin')], { ...beside, limit: 1000 });
      compression = await compressionProblem({ model, dataset });
    });
    afterAll(() => compression.close());

    it('agrees with PyTorch: every count equal, correct answers within 3 of 1000', {
      timeout: 300_000,
    }, async () => {
      expect(Math.abs(1000 * compression.baseline.accuracy - reference.baseline.correct)).toBeLessThanOrEqual(
        3,
      );
      expect(reference.vectors.length).toBe(16);
      for (const { x, correct, total, nonZeroByTensor } of reference.vectors) {
        const measured = await compression.measure(x);
        expect(Object.fromEntries(measured.tensors.map(({ name, nonZero }) => [name, nonZero]))).toEqual(
          nonZeroByTensor,
        );
        expect(measured.total).toBe(total);
        expect(
          Math.abs(measured.correct - correct),
          `x = ${x}: ${measured.correct} of ${correct}`,
        ).toBeLessThanOrEqual(3);
      }
    });
  },
);
