import { describe, expect, test } from 'vitest';
import { optimizedOperators } from '../../../problems/compression/inference/optimized-graph.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Model, Tensor } from '../../../problems/compression/onnx/model.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { storeAsFloat16 } from '../../../problems/compression/quantization/float16-storage.js';
import { quantizeWeightsAlone } from '../../../problems/compression/quantization/weight-int8.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('weight storage');
const noise = (size: number) => Float32Array.from({ length: size }, () => random.normal());
const weight = (name: string, ...dims: number[]) =>
  tensor(name, 'float32', dims, noise(dims.reduce((a, b) => a * b)));

/** Every way in which a weight is read: convolutions, transposed and grouped, products from both sides, one shared, one in a Constant. */
const network = (...others: Tensor[]): Model =>
  buildModel({
    opset: 13,
    inputs: [valueInfo('x', 'float32', ['batch', 16, 8, 8])],
    outputs: [valueInfo('y', 'float32'), valueInfo('z', 'float32')],
    initializers: [
      weight('w1', 32, 4, 3, 3),
      weight('w2', 32, 16, 3, 3),
      weight('w3', 20, 1024),
      weight('w4', 20, 20),
      weight('left', 12, 20),
      weight('bias', 20),
      ...others,
    ],
    nodes: [
      node('Conv', ['x', 'w1'], ['c1'], { group: 4, pads: [1, 1, 1, 1] }, { name: 'grouped' }),
      node('ConvTranspose', ['c1', 'w2'], ['c2'], { pads: [1, 1, 1, 1] }, { name: 'upwards' }),
      node('Flatten', ['c2'], ['f']),
      node('Gemm', ['f', 'w3', 'bias'], ['g'], { transB: 1 }, { name: 'head' }),
      node('MatMul', ['g', 'w4'], ['m'], {}, { name: 'once' }),
      node('MatMul', ['m', 'w4'], ['m2'], {}, { name: 'twice' }),
      node('Constant', [], ['held'], { value: weight('', 20, 20) }),
      node('MatMul', ['m2', 'held'], ['y'], {}, { name: 'constant' }),
      node('Transpose', ['y'], ['t'], { perm: [1, 0] }),
      node('MatMul', ['left', 't'], ['z'], {}, { name: 'left of it' }),
    ],
  });

const x = { data: noise(3 * 16 * 64), dims: [3, 16, 8, 8] };
const apart = async (a: Model, b: Model) => {
  const [before, after] = [await runOnnx(writeModel(a), { x }), await runOnnx(writeModel(b), { x })];
  const relative = (name: string) =>
    furthest(before[name], after[name]) / Math.max(...before[name].map(Math.abs));
  return Math.max(relative('y'), relative('z'));
};

describe('weights stored as int8', () => {
  test.each([
    ['product', true],
    ['product', false],
    ['dequantize', true],
    ['dequantize', false],
  ] as const)('give nearly the same answers in the form %s, per channel %s', async (form, perChannel) => {
    const model = network();
    const { model: stored, notes } = quantizeWeightsAlone(model, { perChannel, form });
    expect(notes).toEqual([]);
    expect(await apart(model, stored)).toBeLessThan(perChannel ? 0.03 : 0.05);
    expect(await apart(model, stored)).toBeGreaterThan(0);
    const types = new Map(stored.graph.initializers.map(({ name, dataType }) => [name, dataType]));
    expect([...types].filter(([, type]) => type === 3).length).toBe(6);
    expect(types.get('bias')).toBe(1);
    expect(stored.graph.nodes.some(({ opType }) => opType === 'Constant')).toBe(false);
  });

  test('both forms stand for the same numbers, before the runtime fuses any of them', async () => {
    const model = network();
    const [a, b] = await Promise.all(
      (['product', 'dequantize'] as const).map((form) =>
        runOnnx(
          writeModel(quantizeWeightsAlone(model, { perChannel: true, form }).model),
          { x },
          { graphOptimizationLevel: 'disabled' },
        ),
      ),
    );
    expect(furthest(a.y, b.y)).toBe(0);
    expect(furthest(a.z, b.z)).toBe(0);
  });

  test('as products they are computed once; DequantizeLinear is left to every run', async () => {
    const model = network();
    const count = async (form: 'product' | 'dequantize') =>
      optimizedOperators(writeModel(quantizeWeightsAlone(model, { perChannel: true, form }).model));
    const product = await count('product');
    expect(product).not.toHaveProperty('Cast');
    expect(product).not.toHaveProperty('Mul');
    expect((await count('dequantize')).DequantizeLinear).toBe(6);
  });

  test('stay float where they are excluded, not finite, or too small to gain', () => {
    const model = network(tensor('tiny', 'float32', [20, 1], noise(20)), weight('bad', 20, 30));
    const bad = model.graph.initializers.find(({ name }) => name === 'bad')!;
    new DataView(bad.rawData!.buffer).setFloat32(40, Number.NaN, true);
    const nodes = [
      ...model.graph.nodes,
      node('MatMul', ['y', 'tiny'], ['u'], {}, { name: 'small' }),
      node('MatMul', ['y', 'bad'], ['v'], {}, { name: 'broken' }),
    ];
    const { model: stored, notes } = quantizeWeightsAlone(
      { ...model, graph: { ...model.graph, nodes } },
      { perChannel: true, exclude: new Set(['twice', 'head']) },
    );
    const left = stored.graph.initializers.filter(({ dataType }) => dataType === 1).map(({ name }) => name);
    expect(left).toEqual(expect.arrayContaining(['w3', 'w4', 'tiny', 'bad', 'bias']));
    expect(left).not.toContain('w1');
    expect(notes).toEqual(['the weight of MatMul broken stays as it is: it has a NaN or an infinity']);
  });
});

describe('weights stored as float16', () => {
  test('give the same answers but for rounding, from half the bytes, computed once', async () => {
    const model = network();
    const { model: stored, notes } = storeAsFloat16(model);
    expect(notes).toEqual([]);
    expect(await apart(model, stored)).toBeLessThan(2e-3);
    expect(writeModel(stored).length).toBeLessThan(0.53 * writeModel(model).length);
    expect(await optimizedOperators(writeModel(stored))).not.toHaveProperty('Cast');
  });

  test('stay float32 where float16 has no such number', () => {
    const huge = tensor('huge', 'float32', [20, 20], noise(400).fill(70_000, 3, 4));
    const model = network(huge);
    const nodes = [...model.graph.nodes, node('MatMul', ['y', 'huge'], ['u'], {}, { name: 'large' })];
    const { model: stored, notes } = storeAsFloat16({ ...model, graph: { ...model.graph, nodes } });
    expect(notes).toEqual([
      'the weight of MatMul large stays as it is: it has a number that float16 has not',
    ]);
    expect(stored.graph.initializers.find(({ name }) => name === 'huge')).toBe(huge);
  });
});

test('weights that are quantized already are stored as they are', () => {
  const values = Int8Array.from({ length: 20 * 1024 }, (_, i) => (i % 255) - 127);
  const scales = new Float32Array(20).fill(0.5);
  const { model } = quantizeWeightsAlone(network(), {
    perChannel: true,
    weights: new Map([['w3', { values, scales }]]),
  });
  const stored = (name: string) => model.graph.initializers.find((constant) => constant.name === name)!;
  expect(new Int8Array(stored('w3_int8').rawData!)).toEqual(values);
  expect(toFloat32(stored('w3_scale'))).toEqual(scales);
});
