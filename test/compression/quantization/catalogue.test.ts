import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STAND_IN_MODEL, standInDataset } from '../../../problems/compression/index.js';
import { type Inference, openInference } from '../../../problems/compression/inference/evaluator.js';
import { optimizedOperators } from '../../../problems/compression/inference/optimized-graph.js';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { standardVersion } from '../../../problems/compression/onnx/constants.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { quantizationForms, quantize } from '../../../problems/compression/quantization/catalogue.js';
import {
  checkQuantization,
  quantizationKinds,
} from '../../../problems/compression/quantization/quantization.js';
import { InputError } from '../../../src/index.js';
import { convolutional, dataOf } from '../inference/networks.js';
import { randomTensors } from '../random-tensors.js';

const dataset = standInDataset({ split: 'test', count: 300 });
const calibration = standInDataset({ split: 'train', count: 64 });
const standIn = readFileSync(STAND_IN_MODEL);
const pictures = dataOf(
  Array.from({ length: 40 }, (_, i) => Array.from({ length: 768 }, (_, j) => Math.sin(i * 7.3 + j * j))),
  Array.from({ length: 40 }, (_, i) => i % 10),
  [3, 16, 16],
);

test('every kind but none has a form that the conformance tests walk, and a plan may name each form', () => {
  const forms = new Set(quantizationForms.map(({ quantization }) => quantization.kind));
  expect([...forms].sort()).toEqual(quantizationKinds.filter((kind) => kind !== 'none').sort());
  for (const { quantization } of quantizationForms)
    expect(checkQuantization(quantization)).toBe(quantization);
});

describe.each(quantizationForms)('quantization to $name', ({ quantization }) => {
  let inference: Inference;
  beforeAll(async () => {
    inference = await openInference({ baseline: standIn, dataset, threads: 1 });
  });
  afterAll(() => inference.close());

  test('makes a smaller file of the stand-in network, which answers nearly as before', async () => {
    const model = readModel(standIn, 'stand-in');
    const { model: quantized, notes } = await quantize(model, quantization, { calibration, threads: 1 });
    const file = writeModel(quantized);
    const { predictions } = await inference.evaluate(file);
    const baseline = await inference.baselinePredictions();
    const same = predictions.filter((label, i) => label === baseline[i]).length;
    expect(file.length).toBeLessThan(0.75 * standIn.length);
    expect(same).toBeGreaterThanOrEqual(294);
    expect(notes.filter((note) => !note.includes('VNNI'))).toEqual([]);
    expect(Buffer.compare(writeModel(model), standIn)).toBe(0);
  });

  test('is the same, byte for byte, a second time and from the file that it was written to', async () => {
    const once = await quantize(readModel(standIn, 'a'), quantization, { calibration, threads: 1 });
    const again = await quantize(readModel(standIn, 'b'), quantization, { calibration, threads: 2 });
    const bytes = writeModel(once.model);
    expect(Buffer.compare(writeModel(again.model), bytes)).toBe(0);
    expect(Buffer.compare(writeModel(readModel(bytes, 'c')), bytes)).toBe(0);
  });

  test('leaves nothing of it to be done in every run: computed once, or fused into integer kernels', async () => {
    const { model } = await quantize(readModel(convolutional(), 'small'), quantization, {
      calibration: pictures,
      threads: 1,
    });
    const operators = await optimizedOperators(writeModel(model));
    const before = await optimizedOperators(convolutional());
    if (quantization.kind === 'static-int8')
      expect(operators).toMatchObject({ QLinearConv: 2, QGemm: 1, QLinearGlobalAveragePool: 1 });
    else if (quantization.kind === 'dynamic-int8')
      expect(Object.keys(operators)).toContain('DynamicQuantizeMatMul');
    else expect(operators).toEqual(before);
  });
});

describe('a model of an older operator set', () => {
  const older = buildModel({
    opset: 9,
    irVersion: 4,
    inputs: [valueInfo('x', 'float32', ['n', 768])],
    outputs: [valueInfo('y', 'float32', ['n', 10])],
    initializers: [
      tensor(
        'w',
        'float32',
        [768, 10],
        Float32Array.from({ length: 7680 }, (_, i) => Math.sin(i)),
      ),
    ],
    nodes: [
      node('Clip', ['x'], ['c'], { min: float(0) }),
      node('MatMul', ['c', 'w'], ['m']),
      node('Softmax', ['m'], ['y']),
    ],
  });
  const rows = { ...pictures, sampleShape: [768] };

  test.each(quantizationForms)('is converted for $name where that needs it', async ({ quantization }) => {
    const { model, notes } = await quantize(older, quantization, { calibration: rows, threads: 1 });
    const integers = quantization.kind === 'dynamic-int8' || quantization.kind === 'static-int8';
    const said = 'the model was converted from operator set 9 to 13';
    expect(notes.filter((note) => note === said).length).toBe(integers ? 1 : 0);
    expect(standardVersion(model)).toBe(integers ? 13 : 9);
    const inference = await openInference({ baseline: writeModel(older), dataset: rows, threads: 1 });
    const { predictions } = await inference.evaluate(writeModel(model));
    const baseline = await inference.baselinePredictions();
    await inference.close();
    expect(predictions.filter((label, i) => label === baseline[i]).length).toBeGreaterThanOrEqual(37);
  });
});

test('static int8 says when its ranges come from few samples, and refuses none', async () => {
  const of = async (count: number) => {
    const few = { ...pictures, count };
    return quantize(
      readModel(convolutional(), 'small'),
      { kind: 'static-int8' },
      { calibration: few, threads: 1 },
    );
  };
  expect((await of(1)).notes).toContain('ranges were taken from 1 sample alone, 4 are safer');
  expect((await of(3)).notes).toContain('ranges were taken from 3 samples alone, 4 are safer');
  expect((await of(4)).notes.join()).not.toMatch(/samples alone/);
  await expect(of(0)).rejects.toThrow(
    new InputError('static quantization needs at least one sample to calibrate with, got 0'),
  );
});

test('what is quantized already is refused for int8, and may be stored in float16', async () => {
  const options = { calibration: pictures, threads: 1 };
  const integers = (await quantize(readModel(convolutional(), 'small'), { kind: 'static-int8' }, options))
    .model;
  for (const kind of ['dynamic-int8', 'static-int8', 'weight-int8'] as const)
    await expect(quantize(integers, { kind }, options)).rejects.toThrow(
      /quantized already \(QuantizeLinear /,
    );
  expect((await quantize(integers, { kind: 'float16' }, options)).model).toBe(integers);
});

test('static int8 stores in int8 what it computes in float, but for layers that are excluded', async () => {
  const weights = randomTensors('stored in int8');
  const model = buildModel({
    opset: 13,
    inputs: [valueInfo('x', 'float32', ['n', 3, 16, 16])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [weights('w', 3, 8, 2, 2), weights('v', 4, 8, 3, 3)],
    nodes: [
      node('ConvTranspose', ['x', 'w'], ['up'], { strides: [2, 2] }, { name: 'up' }),
      node('Conv', ['up', 'v'], ['y'], {}, { name: 'conv' }),
    ],
  });
  const typesUnder = async (exclude: readonly string[]) => {
    const options = { calibration: pictures, threads: 1 };
    const quantized = await quantize(model, { kind: 'static-int8', exclude }, options);
    return quantized.model.graph.initializers
      .filter(({ dims }) => dims.length === 4 && dims.some((dim) => dim > 1))
      .map(({ dataType, dims: [first] }) => [first, dataType === 3 ? 'int8' : 'float32'])
      .filter(([first]) => first === 3 || first === 4);
  };
  expect((await typesUnder([])).sort()).toEqual([
    [3, 'int8'],
    [4, 'int8'],
  ]);
  expect((await typesUnder(['up'])).sort()).toEqual([
    [3, 'float32'],
    [4, 'int8'],
  ]);
});
