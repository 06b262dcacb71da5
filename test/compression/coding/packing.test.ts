import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLevels, writeContainer } from '../../../problems/compression/coding/container/write.js';
import { packFile } from '../../../problems/compression/coding/open-pack.js';
import { packModel } from '../../../problems/compression/coding/pack.js';
import { feedbackOf, levelsWith } from '../../../problems/compression/coding/packing/error-feedback.js';
import { gainsOf, signalOf } from '../../../problems/compression/coding/packing/gains.js';
import { openSequence } from '../../../problems/compression/coding/packing/in-sequence.js';
import { inputStatistics } from '../../../problems/compression/coding/packing/input-statistics.js';
import { packablesOf } from '../../../problems/compression/coding/packing/packables.js';
import { quantizableModel } from '../../../problems/compression/coding/packing/quantized-model.js';
import { refitted } from '../../../problems/compression/coding/packing/refitted.js';
import { searchSteps } from '../../../problems/compression/coding/packing/search.js';
import { withShortNames } from '../../../problems/compression/coding/packing/short-names.js';
import { shortFloat, spreadOf } from '../../../problems/compression/coding/packing/steps.js';
import { unpack } from '../../../problems/compression/coding/unpack.js';
import { openInference, STAND_IN_MODEL, standInDataset } from '../../../problems/compression/index.js';
import { divergenceFrom } from '../../../problems/compression/inference/divergence.js';
import { runSamples } from '../../../problems/compression/inference/run-samples.js';
import { node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { toFloat16 } from '../../../problems/compression/onnx/float16.js';
import { loadModel } from '../../../problems/compression/onnx/load.js';
import { ELEMENT_TYPE } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { computesInHalf } from '../../../problems/compression/onnx/single-precision.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { prepare } from '../../../problems/compression/plan.js';
import { InputError, randomOf } from '../../../src/index.js';
import { emptyFolder } from '../../cli/command-line.js';
import { bytesOf, convolutional, dataOf } from '../inference/networks.js';

const gaussian = (length: number, seed: number) => {
  const random = randomOf('packing', seed);
  return Float32Array.from({ length }, () => random.normal());
};

describe('the moments of the inputs of a layer', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [...gaussian(6, i)].map((x, j) => x * (j + 1) + j));
  const labels = rows.map(() => 0);

  it.each([
    ['Gemm, transposed', 'Gemm', [3, 6], { transB: 1 }],
    ['Gemm', 'Gemm', [6, 3], {}],
    ['MatMul', 'MatMul', [6, 3], {}],
  ] as const)('are those of the samples (%s)', async (_, operator, dims, attributes) => {
    const model = readModel(
      bytesOf({
        inputs: [valueInfo('x', 'float32', ['batch', 6])],
        outputs: [valueInfo('y', 'float32', ['batch', 3])],
        initializers: [tensor('w', 'float32', dims, gaussian(18, 99))],
        nodes: [node(operator, ['x', 'w'], ['y'], attributes)],
      }),
      'net',
    );
    const found = await inputStatistics(model, packablesOf(model), dataOf(rows, labels), {
      count: 40,
      threads: 1,
    });
    const [{ first, size, mean, covariance }] = found.get('w')!;
    expect([first, size]).toEqual([0, 6]);
    for (let j = 0; j < 6; j++) {
      const average = rows.reduce((sum, row) => sum + row[j], 0) / 40;
      expect(mean[j]).toBeCloseTo(average, 4);
      for (let k = 0; k < 6; k++) {
        const product = rows.reduce((sum, row) => sum + row[j] * row[k], 0) / 40 - mean[j] * mean[k];
        expect(covariance[6 * j + k]).toBeCloseTo(product, 3);
      }
    }
  });

  it('are those of the patches of a convolution, borders and strides included', async () => {
    const model = readModel(
      bytesOf({
        inputs: [valueInfo('x', 'float32', ['batch', 2, 3, 4])],
        outputs: [valueInfo('y', 'float32', ['batch', 2])],
        initializers: [tensor('w', 'float32', [2, 2, 3, 2], gaussian(24, 5))],
        nodes: [
          node('Conv', ['x', 'w'], ['c'], { pads: [1, 0, 1, 0], strides: [2, 1] }),
          node('GlobalAveragePool', ['c'], ['p']),
          node('Flatten', ['p'], ['y']),
        ],
      }),
      'net',
    );
    const images = Array.from({ length: 32 }, (_, i) => [...gaussian(24, i)]);
    const data = dataOf(
      images,
      images.map(() => 0),
      [2, 3, 4],
    );
    const found = await inputStatistics(model, packablesOf(model), data, { count: 32, threads: 1 });
    const patches: number[][] = [];
    for (const image of images)
      for (let y = -1; y < 2; y += 2)
        for (let x = 0; x < 3; x++)
          patches.push(
            Array.from({ length: 12 }, (_, i) => {
              const [channel, dy, dx] = [Math.floor(i / 6), Math.floor(i / 2) % 3, i % 2];
              const row = y + dy;
              return row < 0 || row > 2 ? 0 : image[channel * 12 + row * 4 + x + dx];
            }),
          );
    const [{ size, mean, covariance }] = found.get('w')!;
    expect(size).toBe(12);
    const average = (of: (patch: number[]) => number) =>
      patches.reduce((sum, p) => sum + of(p), 0) / patches.length;
    for (let j = 0; j < 12; j++) {
      expect(mean[j]).toBeCloseTo(
        average((p) => p[j]),
        1,
      );
      for (let k = 0; k < 12; k++)
        expect(covariance[12 * j + k] + mean[j] * mean[k]).toBeCloseTo(
          average((p) => p[j] * p[k]),
          3,
        );
    }
  });
});

describe('error feedback', () => {
  const n = 24;
  /** Covariance of inputs that share two causes. */
  const covariance = (() => {
    const factors = gaussian(2 * n, 1);
    return Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return factors[i] * factors[j] + factors[n + i] * factors[n + j] + (i === j ? 0.05 : 0);
    });
  })();
  const block = { first: 0, size: n, mean: new Float64Array(n), covariance };
  const values = gaussian(10 * n, 2);
  const matrix = { rows: 10, columns: n, rowStride: n, columnStride: 1 };
  const step = 0.7;
  const lossOf = (levels: Int32Array) => {
    let loss = 0;
    for (let row = 0; row < 10; row++)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const error = (at: number) => values[row * n + at] - 0.7 * levels[row * n + at];
          loss += error(i) * covariance[i * n + j] * error(j);
        }
    return loss;
  };

  it('has a factor whose square is the inverse covariance', () => {
    const { factor, order } = feedbackOf(block);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    const mean = Array.from({ length: n }, (_, i) => covariance[i * n + i]).reduce((a, b) => a + b) / n;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let product = 0; // row i of U'U times column j of the covariance
        for (let k = 0; k < n; k++) {
          let inverse = 0;
          for (let m = 0; m <= Math.min(i, k); m++) inverse += factor[m * n + i] * factor[m * n + k];
          product += inverse * (covariance[order[k] * n + order[j]] + (k === j ? 0.01 * mean : 0));
        }
        expect(product).toBeCloseTo(i === j ? 1 : 0, 3);
      }
  });

  it('changes the outputs a fraction as much as rounding does', () => {
    const rounded = levelsWith(values, matrix, [], step);
    const fed = levelsWith(values, matrix, [feedbackOf(block)], step);
    expect([...rounded]).toEqual(Array.from(values, (x) => Math.sign(x) * Math.round(Math.abs(x) / 0.7) + 0));
    expect(lossOf(fed)).toBeLessThan(0.3 * lossOf(rounded));
  });

  it('is rounding where the inputs have nothing in common, and takes a transposed matrix as its transpose', () => {
    const apart = { ...block, covariance: covariance.map((c, at) => (at % (n + 1) === 0 ? c : 0)) };
    expect(levelsWith(values, matrix, [feedbackOf(apart)], step)).toEqual(
      levelsWith(values, matrix, [], step),
    );
    const turned = values.map((_, at) => values[(at % 10) * n + Math.floor(at / 10)]);
    const other = levelsWith(
      turned,
      { rows: 10, columns: n, rowStride: 1, columnStride: 10 },
      [feedbackOf(block)],
      step,
    );
    const straight = levelsWith(values, matrix, [feedbackOf(block)], step);
    expect([...other]).toEqual(Array.from(turned, (_, at) => straight[(at % 10) * n + Math.floor(at / 10)]));
  });

  it('stands inputs that are always zero', () => {
    const dead = { ...block, covariance: new Float64Array(n * n) };
    expect(levelsWith(values, matrix, [feedbackOf(dead)], step).every(Number.isFinite)).toBe(true);
  });
});

describe('the gains of a quantized weight', () => {
  const net = (dims: readonly [number, number], transB: number) => {
    const bytes = bytesOf({
      inputs: [valueInfo('x', 'float32', ['batch', 2])],
      outputs: [valueInfo('y', 'float32', ['batch', 3])],
      initializers: [tensor('w', 'float32', dims, Float32Array.of(2, 1, 0.4, 0.3, 1, -1))],
      nodes: [node('Gemm', ['x', 'w'], ['y'], { transB })],
    });
    return packablesOf(readModel(bytes, 'net'))[0];
  };
  // Inputs of variances 1 and 4 that have nothing in common.
  const block = {
    first: 0,
    size: 2,
    mean: new Float64Array(2),
    covariance: Float64Array.of(1, 0, 0, 4),
  };

  it('are var(y) / cov(y, what came of it), a row each, in 128ths', () => {
    // Rows (2, 1), (0.4, 0.3), (1, -1) as steps of 1: (2, 0), (0, 0), (1, -1).
    const levels = Int32Array.of(2, 0, 0, 0, 1, -1);
    // (4 + 4) / 4 of 128 is more than a byte holds; nothing came of the second; the third is as it was.
    expect([...gainsOf(net([3, 2], 1), levels, 1, signalOf(net([3, 2], 1), [block]))]).toEqual([
      255, 128, 128,
    ]);
    // (0.16 + 0.36) / (0.4 * 0.5 + 4 * 0.3 * 0.5) = 0.65, and 5 / 2.5.
    const half = Int32Array.of(2, 1, 1, 1, 1, -1);
    expect([...gainsOf(net([3, 2], 1), half, 0.5, signalOf(net([3, 2], 1), [block]))]).toEqual([
      255, 83, 255,
    ]);
  });

  it('are one for all where the rows of the tensor are not those of the layer', () => {
    const values = Int32Array.of(2, 1, 0, 0, 1, -1);
    // 2 x 3: y has 4 + 4 * 0.09, 1 + 4, 0.16 + 4; of it come 4, 1 + 4, 4.
    expect([...gainsOf(net([2, 3], 0), values, 1, signalOf(net([2, 3], 0), [block]))]).toEqual(
      Array(2).fill(Math.round((128 * (4.36 + 5 + 4.16)) / (4 + 5 + 4))),
    );
  });
});

describe('weights refitted to the inputs that there are', () => {
  const n = 6;
  const rows = 3;
  const factors = gaussian(n * n, 4);
  const covariance = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 0.5 : 0;
    for (let k = 0; k < n; k++) sum += factors[i * n + k] * factors[j * n + k];
    return sum;
  });
  const block = { first: 0, size: n, mean: new Float64Array(n), covariance };
  const values = gaussian(rows * n, 5);
  const wanted = gaussian(rows * n, 6);
  const matrix = { rows, columns: n, rowStride: n, columnStride: 1 };
  /** What inputs and outputs have in common where the outputs are those of `weights`, size x rows. */
  const crossOf = (weights: Float32Array) =>
    Float64Array.from({ length: n * rows }, (_, at) => {
      const [i, row] = [Math.floor(at / rows), at % rows];
      let sum = 0;
      for (let j = 0; j < n; j++) sum += covariance[i * n + j] * weights[row * n + j];
      return sum;
    });

  it('stay where the inputs give what they should already', () => {
    const same = refitted(values, matrix, { covariance, cross: crossOf(values) }, feedbackOf(block));
    for (const [i, value] of same.entries()) expect(value).toBeCloseTo(values[i], 5);
  });

  it('become those that give what is wanted, but for the damping', () => {
    const found = refitted(values, matrix, { covariance, cross: crossOf(wanted) }, feedbackOf(block, 1e-7));
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(wanted[i], 3);
    const held = refitted(values, matrix, { covariance, cross: crossOf(wanted) }, feedbackOf(block, 1e5));
    for (const [i, value] of held.entries()) expect(value).toBeCloseTo(values[i], 3);
  });

  it('are those of the transpose where the matrix is transposed', () => {
    const turned = values.map((_, at) => values[(at % rows) * n + Math.floor(at / rows)]);
    const across = { rows, columns: n, rowStride: 1, columnStride: rows };
    const cross = { covariance, cross: crossOf(wanted) };
    const straight = refitted(values, matrix, cross, feedbackOf(block));
    expect([...refitted(turned, across, cross, feedbackOf(block))]).toEqual(
      Array.from(turned, (_, at) => straight[(at % rows) * n + Math.floor(at / rows)]),
    );
  });
});

describe('quantization in sequence', () => {
  it('leaves the answers of a network nearer than layers quantized each by itself', async () => {
    const file = prepare(loadModel(STAND_IN_MODEL)).bytes;
    const model = readModel(file, 'the stand-in');
    const packables = packablesOf(model);
    const calibration = standInDataset({ split: 'train', count: 256 });
    const sampling = { count: 256, threads: 1 };
    const statistics = await inputStatistics(model, packables, calibration, sampling);
    const plain = quantizableModel(file, packables, statistics, true);
    const options = { calibration, threads: 1, dependent: true };
    const sequence = await openSequence(model, packables, plain, options);
    const choice = plain.weights.map(({ values }) => shortFloat(2 * spreadOf(values)));
    const tensors = await sequence.tensors(choice);
    expect(tensors.map(({ offset }) => offset).sort()).toEqual(packables.map(({ offset }) => offset).sort());
    const unseen = standInDataset({ split: 'test', count: 200 });
    const divergence = await divergenceFrom(file, unseen, { count: 200, threads: 1 });
    const bytes = withLevels(file, tensors);
    expect(await divergence.of(bytes)).toBeLessThan(0.8 * (await divergence.of(plain.bytes(choice))));
    expect(unpack(writeContainer(file, tensors))).toEqual(bytes);
  }, 120_000);

  it('keeps what a layer has by itself where it cannot be refitted', async () => {
    const file = bytesOf({
      inputs: [valueInfo('x', 'float32', ['batch', 4, 3, 3])],
      outputs: [valueInfo('y', 'float32', ['batch', 2])],
      initializers: [
        tensor('groups', 'float32', [4, 2, 3, 3], gaussian(72, 11)),
        tensor('bias', 'float32', [4], gaussian(4, 12)),
        tensor('w', 'float32', [4, 2], gaussian(8, 13)),
      ],
      nodes: [
        node('Conv', ['x', 'groups', 'bias'], ['c'], { group: 2, pads: [1, 1, 1, 1] }),
        node('GlobalAveragePool', ['c'], ['p']),
        node('Flatten', ['p'], ['f']),
        node('MatMul', ['f', 'w'], ['y']),
      ],
    });
    const model = readModel(file, 'net');
    const packables = packablesOf(model);
    const plain = quantizableModel(file, packables, new Map(), true);
    const images = Array.from({ length: 40 }, (_, i) => [...gaussian(36, i)]);
    const calibration = dataOf(
      images,
      images.map(() => 0),
      [4, 3, 3],
    );
    const sequence = await openSequence(model, packables, plain, {
      calibration,
      threads: 1,
      dependent: true,
    });
    const choice = [0.5, 0.5];
    const [alone, found] = [plain.tensors(choice), await sequence.tensors(choice)];
    for (const [i, { name, role }] of packables.entries()) {
      const at = packables[i].offset;
      const levels = [alone, found].map((of) => [...of.find(({ offset }) => offset === at)!.levels]);
      if (name === 'w') expect(found.find(({ offset }) => offset === at)!.path).toBe('along');
      else expect(levels[1], `${role} ${name}`).toEqual(levels[0]);
    }
  });
});

describe('short names', () => {
  const pair = (values: readonly string[]) =>
    readModel(
      bytesOf({
        inputs: [valueInfo('0', 'float32', ['batch', 2])],
        outputs: [valueInfo('answer', 'float32', ['batch', 2])],
        initializers: [tensor('a weight', 'float32', [2, 2], Float32Array.of(1, 2, 3, 4))],
        nodes: [
          node('MatMul', ['0', 'a weight'], [values[0]], {}, { name: 'the first' }),
          node('Relu', [values[0]], [values[1]]),
          node('Add', [values[1], '0'], ['answer']),
        ],
      }),
      'net',
    );

  it('number the values inside the graph, and leave inputs, outputs and constants theirs', async () => {
    const short = withShortNames(pair(['inner/one', 'inner/two']));
    const [product, relu, sum] = short.graph.nodes;
    expect([product.name, product.inputs, sum.outputs]).toEqual(['', ['0', 'a weight'], ['answer']]);
    expect(relu.inputs).toEqual(product.outputs);
    expect(sum.inputs).toEqual([relu.outputs[0], '0']);
    expect(new Set([product.outputs[0], relu.outputs[0], '0', 'answer', 'a weight']).size).toBe(5);
    const answers: Float32Array[] = [];
    const data = dataOf([[1, -1]], [0]);
    for (const model of [pair(['inner/one', 'inner/two']), short])
      await runSamples(
        writeModel(model),
        data,
        { count: 1, threads: 1 },
        undefined,
        ([{ data: scores }], valid) => answers.push(Float32Array.from(scores.slice(0, 2 * valid))),
      );
    // (1, -1) times the weight is (-2, -2), of which Relu lets nothing through.
    expect(answers.map((row) => [...row])).toEqual([
      [1, -1],
      [1, -1],
    ]);
  });
});

describe('the search of the steps', () => {
  const file = convolutional();
  const model = quantizableModel(file, packablesOf(readModel(file, 'net')), new Map(), true);
  const divergence = async (choice: readonly number[]) =>
    choice.reduce((sum, step, i) => sum + 10 ** -i * step * step, 0);

  it('gives the weights that matter less the wider steps, and goes to the loss that is allowed', async () => {
    const found = await searchSteps(model, { divergence, loss: async (choice) => 3 * choice[0] }, 0.8);
    expect(3 * found!.choice[0]).toBeLessThanOrEqual(0.8);
    expect(3 * found!.choice[0]).toBeGreaterThan(0.8 / 1.03);
    // What a weight does alone, in steps of its spread s, is 10^-i s^2; its step goes with the power 0.4 of numbers over that.
    const share = found!.choice.map((step, i) => {
      const { values } = model.weights[i];
      const spread = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
      return step / spread / (values.length / (10 ** -i * spread ** 2)) ** 0.4;
    });
    for (const value of share) expect(value / share[0]).toBeCloseTo(1, 1);
  });

  it('ends where every weight is zero, however much may be lost', async () => {
    const largest = model.weights.map(({ values }) => Math.max(...values.map(Math.abs)));
    const seen: number[] = [];
    const loss = async (choice: readonly number[]) => {
      seen.push(Math.min(...choice.map((step, i) => step / largest[i])));
      return Math.max(...choice.map((step, i) => step / largest[i])) > 2 ? 10 : 1;
    };
    const found = await searchSteps(model, { divergence, loss }, 100);
    const least = Math.min(...found!.choice.map((step, i) => step / largest[i]));
    expect(least).toBeGreaterThan(2);
    expect(Math.max(...seen)).toBeLessThan(1000);
  });

  it('finds nothing where everything loses too much', async () => {
    expect(await searchSteps(model, { divergence, loss: async () => 1 }, 0.8)).toBeNull();
  });
});

describe('packing a network', () => {
  it('keeps to the loss on the images it was given, as anyone can measure on the unpacked model', async () => {
    const report = await packFile({
      model: 'stand-in',
      data: 'stand-in',
      limit: 600,
      maxLoss: 1,
      method: 'mixing',
      threads: 1,
    });
    expect(report.images).toBe(525);
    expect(report.baselineAccuracy - report.accuracy).toBeLessThanOrEqual(0.01 + 1e-12);
    const dataset = { ...standInDataset({ split: 'test', count: 600 }), count: 525 };
    const inference = await openInference({
      baseline: unpack(report.bytes),
      dataset: { ...dataset, labels: dataset.labels.subarray(0, 525) },
      threads: 1,
    });
    const { accuracy } = await inference.evaluate(unpack(report.bytes));
    await inference.close();
    expect(accuracy).toBeCloseTo(report.accuracy, 12);
    expect(report.modelSize / report.bytes.length).toBeGreaterThan(6);
    expect((8 * report.bytes.length) / report.weights).toBe(report.bitsPerWeight);
  }, 300_000);

  it('refuses weights that are not finite, a loss out of range, too few images and a model without layers', async () => {
    const folder = emptyFolder();
    const write = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const network = (w: Float32Array) =>
      bytesOf({
        inputs: [valueInfo('x', 'float32', ['batch', 2])],
        outputs: [valueInfo('y', 'float32', ['batch', 2])],
        initializers: [tensor('w', 'float32', [2, 2], w)],
        nodes: [node('MatMul', ['x', 'w'], ['y'])],
      });
    const dataset = dataOf([[1, 2]], [0]);
    const pack = (model: string, maxLoss = 1) =>
      packModel({ model, dataset, calibration: dataset, maxLoss, threads: 1 });
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
      await expect(pack(write('bad.onnx', network(Float32Array.of(1, 2, bad, 4))))).rejects.toThrow(
        `weights must be finite, got ${bad} at 2 of tensor "w"`,
      );
    await expect(pack(STAND_IN_MODEL, -1)).rejects.toThrow('must lie in [0, 100] points, got -1');
    await expect(pack(STAND_IN_MODEL, Number.NaN)).rejects.toThrow(InputError);
    const none = bytesOf({
      inputs: [valueInfo('x', 'float32', ['batch', 2])],
      outputs: [valueInfo('y', 'float32', ['batch', 2])],
      nodes: [node('Relu', ['x'], ['y'])],
    });
    await expect(pack(write('none.onnx', none))).rejects.toThrow(/must have layers with constant weights/);
    await expect(
      packFile({ model: 'stand-in', data: 'stand-in', limit: 7, maxLoss: 1, method: 'mixing' }),
    ).rejects.toThrow(/at least 8 images/);
  });

  it('packs a network of float16 as one of float32, and says so', async () => {
    const path = join(emptyFolder(), 'half.onnx');
    const outwards = [valueInfo('y', 'float16', ['batch', 2])];
    const network = {
      inputs: [valueInfo('x', 'float32', ['batch', 2])],
      outputs: outwards,
      initializers: [tensor('w', 'float16', [2, 2], toFloat16(Float32Array.of(1, -0.5, 0.25, 2)))],
      nodes: [node('Cast', ['x'], ['h'], { to: ELEMENT_TYPE.float16 }), node('MatMul', ['h', 'w'], ['y'])],
    };
    writeFileSync(path, bytesOf(network));
    const samples = Array.from({ length: 40 }, (_, i) => [...gaussian(2, i)]);
    const dataset = dataOf(
      samples,
      samples.map(([a, b]) => Number(-0.5 * a + 2 * b > a + 0.25 * b)),
    );
    const { bytes, notes, accuracy } = await packModel({
      model: path,
      dataset,
      calibration: dataset,
      maxLoss: 5,
      threads: 1,
    });
    const model = readModel(unpack(bytes), 'unpacked');
    expect(computesInHalf(model)).toBe(false);
    expect(model.graph.outputs.map(({ type }) => type?.tensor?.elementType)).toEqual([ELEMENT_TYPE.float16]);
    expect(notes).toContain('the model computed in float16, and computes in float32 unpacked');
    expect(accuracy).toBeGreaterThanOrEqual(0.9);
  });

  it('packs the weights of recurrent layers and look-up tables too', async () => {
    const path = join(emptyFolder(), 'words.onnx');
    const [words, width, hidden] = [40, 8, 6];
    const network = {
      inputs: [valueInfo('x', 'float32', ['batch', 5])],
      outputs: [valueInfo('y', 'float32', ['batch', 2])],
      initializers: [
        tensor('table', 'float32', [words, width], gaussian(words * width, 1)),
        tensor('w', 'float32', [1, 3 * hidden, width], gaussian(3 * hidden * width, 2)),
        tensor('r', 'float32', [1, 3 * hidden, hidden], gaussian(3 * hidden * hidden, 3)),
        tensor('b', 'float32', [1, 6 * hidden], gaussian(6 * hidden, 4)), // too small to be worth a record
        tensor('first', 'int64', [1], BigInt64Array.of(0n)),
        tensor('v', 'float32', [hidden, 2], gaussian(2 * hidden, 5)),
      ],
      nodes: [
        node('Cast', ['x'], ['ids'], { to: ELEMENT_TYPE.int64 }),
        node('Gather', ['table', 'ids'], ['e']),
        node('Transpose', ['e'], ['steps'], { perm: [1, 0, 2] }),
        node('GRU', ['steps', 'w', 'r', 'b'], ['', 'last'], { hidden_size: hidden }),
        node('Squeeze', ['last', 'first'], ['h']),
        node('MatMul', ['h', 'v'], ['y']),
      ],
    };
    writeFileSync(path, bytesOf(network));
    const random = randomOf('words');
    const dataset = dataOf(
      Array.from({ length: 60 }, () => Array.from({ length: 5 }, () => random.integer(words))),
      Array.from({ length: 60 }, (_, i) => i % 2),
    );
    const { bytes, tensors, notes, accuracy } = await packModel({
      model: path,
      dataset,
      calibration: dataset,
      maxLoss: 10,
      threads: 1,
    });
    expect(tensors.map(({ dependent }) => dependent).sort()).toEqual([false, false, false, true]); // the product's alone has a trellis
    expect(notes).toEqual([]);
    const inference = await openInference({ baseline: unpack(bytes), dataset, threads: 1 });
    expect((await inference.evaluate(unpack(bytes))).accuracy).toBeCloseTo(accuracy, 12);
    await inference.close();
    expect(bytes.length).toBeLessThan(0.5 * statSync(path).size);
  });

  it('packs a network whose weights are all zero', async () => {
    const folder = emptyFolder();
    const path = join(folder, 'zeros.onnx');
    writeFileSync(
      path,
      bytesOf({
        inputs: [valueInfo('x', 'float32', ['batch', 2])],
        outputs: [valueInfo('y', 'float32', ['batch', 2])],
        initializers: [tensor('w', 'float32', [2, 2], new Float32Array(4))],
        nodes: [node('MatMul', ['x', 'w'], ['y'])],
      }),
    );
    const dataset = dataOf(
      [
        [1, 2],
        [3, 1],
      ],
      [0, 1],
    );
    const { bytes, accuracy, baselineAccuracy } = await packModel({
      model: path,
      dataset,
      calibration: dataset,
      maxLoss: 0,
      threads: 1,
    });
    expect(accuracy).toBe(baselineAccuracy);
    expect(unpack(bytes).length).toBeGreaterThan(0);
  });
});
