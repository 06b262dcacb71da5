import { expect, test } from 'vitest';
import { inMemory } from '../../../problems/compression/data/in-memory.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { otherWeightsOf } from '../../../problems/compression/onnx/other-weights.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { quantize } from '../../../problems/compression/quantization/catalogue.js';
import type { Quantization } from '../../../problems/compression/quantization/quantization.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('recurrent weights');
const noise = (size: number, scale = 1) => Float32Array.from({ length: size }, () => scale * random.normal());
const weight = (name: string, ...dims: number[]) =>
  tensor(
    name,
    'float32',
    dims,
    noise(
      dims.reduce((a, b) => a * b),
      0.3,
    ),
  );

/** Rows of pictures through an LSTM in both directions and a GRU, scaled by a word that is looked up. */
const network = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', [6, 'n', 24])],
  outputs: [valueInfo('y', 'float32')],
  initializers: [
    weight('w', 2, 128, 24),
    weight('r', 2, 128, 32),
    weight('b', 2, 256),
    weight('gw', 1, 96, 64),
    weight('gr', 1, 96, 32),
    weight('words', 100, 32),
    tensor('shape', 'int64', [3], BigInt64Array.of(0n, 0n, -1n)),
    tensor('one', 'int64', [1], BigInt64Array.of(1n)),
    tensor('word', 'int64', [], BigInt64Array.of(7n)),
    tensor('numbers', 'int64', [9, 2], new BigInt64Array(18)),
  ],
  nodes: [
    node('LSTM', ['x', 'w', 'r', 'b'], ['l'], { hidden_size: 32, direction: 'bidirectional' }),
    node('Transpose', ['l'], ['t'], { perm: [0, 2, 1, 3] }),
    node('Reshape', ['t', 'shape'], ['s']),
    node('GRU', ['s', 'gw', 'gr'], ['g'], { hidden_size: 32 }),
    node('Squeeze', ['g', 'one'], ['q']),
    node('Gather', ['words', 'word'], ['v']),
    node('Gather', ['numbers', 'word'], ['unused']),
    node('Mul', ['q', 'v'], ['y']),
  ],
});
const x = { data: noise(6 * 5 * 24), dims: [6, 5, 24] };
const answers = async (model: Model) => (await runOnnx(writeModel(model), { x })).y;
const samples = await inMemory(
  {
    name: 'noise',
    count: 6,
    sampleShape: [5, 24],
    labels: new Int32Array(6),
    read: (first, count, out) => out.set(x.data.subarray(first * 120, (first + count) * 120)),
  },
  6,
);

test('the weights beside the layers are those of recurrent layers and tables of words', () => {
  const found = otherWeightsOf(network.graph).map(({ name, role, axis }) => [name, role, axis]);
  expect(found).toEqual([
    ['w', 'weight', 1],
    ['r', 'weight', 1],
    ['b', 'bias', 1],
    ['gw', 'weight', 1],
    ['gr', 'weight', 1],
    ['words', 'weight', 0],
  ]);
});

test.each<[Quantization, number]>([
  [{ kind: 'weight-int8' }, 0.29],
  [{ kind: 'weight-int8', perChannel: false }, 0.29],
  [{ kind: 'static-int8' }, 0.29],
  [{ kind: 'dynamic-int8' }, 0.29],
  [{ kind: 'float16' }, 0.52],
])('they are stored smaller by %o, and the answers stay near', async (quantization, share) => {
  const { model } = await quantize(network, quantization, { calibration: samples, threads: 1 });
  expect(writeModel(model).length).toBeLessThan(share * writeModel(network).length + 2000);
  const before = await answers(network);
  const apart = furthest(before, await answers(model)) / Math.max(...before.map(Math.abs));
  expect(apart).toBeLessThan(quantization.kind === 'float16' ? 0.002 : 0.05);
  expect(apart).toBeGreaterThan(0);
});

test('each gate of both directions has a scale, a half of the last level at the most away', async () => {
  const { model } = await quantize(network, { kind: 'weight-int8' }, { calibration: samples, threads: 1 });
  const stored = new Map(model.graph.initializers.map((constant) => [constant.name, constant]));
  const scales = toFloat32(stored.get('w_scale')!);
  expect(stored.get('w_scale')!.dims).toEqual([128, 1]);
  const integers = new Int8Array(stored.get('w_int8')!.rawData!);
  toFloat32(network.graph.initializers[0]).forEach((value, i) => {
    const scale = scales[Math.floor(i / 24) % 128];
    expect(Math.abs(value - integers[i] * scale)).toBeLessThanOrEqual(0.5001 * scale);
  });
});
