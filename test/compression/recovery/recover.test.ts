import { expect, test } from 'vitest';
import { zeroWeights } from '../../../problems/compression/full/zero-weights.js';
import { forEachActivation } from '../../../problems/compression/inference/activations.js';
import {
  type AttributeValue,
  buildModel,
  float,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import type { Model, Tensor } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { applyPlan, prepare } from '../../../problems/compression/plan.js';
import { selectChannels } from '../../../problems/compression/pruning/channel-selection.js';
import { keptIndices, removeChannels } from '../../../problems/compression/pruning/remove-channels.js';
import { traceChannels } from '../../../problems/compression/pruning/trace-channels.js';
import { openLayerDatabase } from '../../../problems/compression/recovery/database.js';
import { recover } from '../../../problems/compression/recovery/recover.js';
import { InputError } from '../../../src/index.js';
import { dataset, meanError, model, normal } from './network.js';

const recovered = async (pruned: Model, kept?: ReadonlyMap<string, readonly number[]>) => {
  const database = await openLayerDatabase(model, dataset, { threads: 1 });
  return (await recover(database, pruned, { kept })).model;
};

test('a network of pruned weights comes much nearer to the original, on samples it has not seen', async () => {
  const prepared = prepare(model);
  const layers = prepared.layers.map(({ name }) => ({ layer: name, weight: 0.5, bias: 0 }));
  const { bytes } = applyPlan(prepared, { layers, quantization: 'none' });
  const pruned = readModel(bytes, 'the pruned model');
  const restored = await recovered(pruned);
  expect(await meanError(restored)).toBeLessThan(0.5 * (await meanError(pruned)));
  // Zeros stay zeros.
  for (const [name, before] of constantsOf(pruned.graph)) {
    const after = toFloat32(constantsOf(restored.graph).get(name)!);
    toFloat32(before).forEach((value, i) => {
      if (value === 0) expect(after[i]).toBe(0);
    });
  }
});

test('so does a network without some of its channels', async () => {
  const traced = traceChannels(model.graph);
  const removed = selectChannels(model.graph, traced, { keep: 0.75, scope: 'local', criterion: 'l1' });
  const pruned = removeChannels(model, traced, removed);
  const kept = keptIndices(traced, removed);
  const restored = await recovered(pruned, kept);
  expect(await meanError(restored)).toBeLessThan(0.7 * (await meanError(pruned)));
  await expect(recovered(pruned)).rejects.toThrow(
    new InputError('recovery needs to know the 9 features that layer stem has kept, got 12'),
  );
});

test('an uncompressed network stays what it is', async () => {
  const restored = await recovered(model);
  expect(await meanError(restored)).toBeLessThan(1e-6);
});

/** Mean and deviation of every channel of a value of a network, on the samples of recovery. */
async function statisticsOf(network: Model, value: string, channels: number) {
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  let count = 0;
  await forEachActivation(network, [value], dataset, { threads: 1 }, ({ dims, data }) => {
    const positions = data.length / dims[0] / channels;
    count += dims[0] * positions;
    data.forEach((element, i) => {
      const channel = Math.floor(i / positions) % channels;
      sums[channel] += element;
      squares[channel] += element ** 2;
    });
  });
  const means = sums.map((sum) => sum / count);
  return { means, deviations: squares.map((sum, c) => Math.sqrt(sum / count - means[c] ** 2)) };
}

test('mean and deviation of every channel become those of the original, layer after layer', async () => {
  const pruned = zeroWeights(model, 0.5, 'layer');
  const database = await openLayerDatabase(model, dataset, { threads: 1 });
  const matched = (await recover(database, pruned, { recovery: 'channel-statistics' })).model;
  for (const [value, channels] of [
    ['c1', 12],
    ['c2', 12],
    ['c3', 16],
  ] as const) {
    const wanted = await statisticsOf(model, value, channels);
    const got = await statisticsOf(matched, value, channels);
    for (let c = 0; c < channels; c++) {
      expect(got.deviations[c] / wanted.deviations[c]).toBeCloseTo(1, 2);
      // The third layer has no bias to shift it by.
      if (value !== 'c3') expect(got.means[c]).toBeCloseTo(wanted.means[c], 2);
    }
  }
  expect((await recover(database, pruned, { recovery: 'none' })).model).toBe(pruned);
});

test('a layer before an Add makes good what the other branch has lost', async () => {
  // y = W x + S x with S damaged: where W is free, it can take over all of it.
  const sum = (s: Float32Array) =>
    buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
      outputs: [valueInfo('y', 'float32', ['n', 5, 11, 11])],
      // The shortcut comes later in the graph than the layer, and recovery does not fit a transposed convolution that pads as its output asks.
      initializers: [normal('w', 5, 3, 1, 1), normal('b', 5), tensor('s', 'float32', [3, 5, 1, 1], s)],
      nodes: [
        node('Conv', ['x', 'w', 'b'], ['a'], {}, { name: 'layer' }),
        node('ConvTranspose', ['x', 's'], ['c'], { auto_pad: 'SAME_UPPER' }, { name: 'shortcut' }),
        node('Add', ['a', 'c'], ['y'], {}, { name: 'sum' }),
      ],
    });
  const whole = toFloat32(normal('shortcut', 3, 5, 1, 1));
  const database = await openLayerDatabase(sum(whole), dataset, { threads: 1 });
  const { model: restored } = await recover(database, sum(whole.map((value) => value / 2)), { ridge: 0 });
  const [before, after] = [sum(whole), restored].map(({ graph }) => toFloat32(constantsOf(graph).get('w')!));
  after.forEach((value, i) => {
    const [f, k] = [Math.floor(i / 3), i % 3];
    expect(value).toBeCloseTo(before[i] + whole[k * 5 + f] / 2, 3);
  });
  expect(restored.graph.nodes.map(({ name }) => name)).toEqual(['layer', 'shortcut', 'sum']);
});

/** A product by itself, of 363 numbers. */
const product = (attributes: Record<string, AttributeValue>, dims: readonly [number, number]) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: [valueInfo('y', 'float32', ['n', 4])],
    initializers: [normal('w', ...dims), normal('b', 4)],
    nodes: [
      node('Flatten', ['x'], ['f']),
      node('Gemm', ['f', 'w', 'b'], ['y'], attributes, { name: 'product' }),
    ],
  });

test('fewer places than inputs: the layer stays near its compressed weights, and a note says so', async () => {
  const original = product({ transB: 1 }, [4, 363]);
  const database = await openLayerDatabase(original, dataset, { threads: 1 });
  const pruned = zeroWeights(original, 0.3, 'layer');
  const { model: restored, notes } = await recover(database, pruned);
  expect(notes).toEqual([
    'too few calibration images to refit product freely (96 places to fit 364 numbers an output at): it stays near the compressed weights',
  ]);
  const [before, after] = [pruned, restored].map(({ graph }) => toFloat32(constantsOf(graph).get('w')!));
  const size = Math.hypot(...before);
  expect(Math.hypot(...after.map((value, i) => value - before[i]))).toBeLessThan(size);
});

test('a product with factors, and one in float16, are left as they are, and a note says so', async () => {
  const half = (name: string, ...dims: number[]) => tensor(name, 'float16', dims, new Uint16Array(dims[0]));
  const inHalf = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float16', ['n', 4])],
    outputs: [valueInfo('y', 'float16', ['n', 4])],
    initializers: [half('w', 4, 1)],
    nodes: [node('MatMul', ['x', 'w'], ['y'], {}, { name: 'product' })],
  });
  for (const original of [product({ alpha: float(0.5) }, [363, 4]), inHalf]) {
    const database = await openLayerDatabase(original, dataset, { threads: 1, count: 4 });
    const { model: restored, notes } = await recover(database, original);
    expect(restored).toBe(original);
    expect(notes).toEqual([
      'recovery leaves the network as it is: none of its layers can be refitted (convolutions and plain products can, with float32 weights that only such layers read)',
    ]);
  }
});

test('a vector that is added to every place of a picture, and a picture to which it is added, are fitted by themselves', async () => {
  const original = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: [valueInfo('y', 'float32', ['n', 6, 11, 11])],
    initializers: [normal('w', 6, 3, 3, 3), normal('v', 6, 3, 1, 1)],
    nodes: [
      node('GlobalAveragePool', ['x'], ['mean']),
      node('Conv', ['mean', 'v'], ['vector'], {}, { name: 'vector' }),
      node('Conv', ['x', 'w'], ['picture'], { pads: [1, 1, 1, 1] }, { name: 'picture' }),
      node('Add', ['picture', 'vector'], ['y']),
    ],
  });
  const database = await openLayerDatabase(original, dataset, { threads: 1 });
  const scaled = { ...original, graph: { ...original.graph, initializers: [] as Tensor[] } };
  for (const weight of original.graph.initializers)
    scaled.graph.initializers.push(
      tensor(
        weight.name,
        'float32',
        [...weight.dims],
        toFloat32(weight).map((value) => 0.7 * value),
      ),
    );
  const { model: restored } = await recover(database, scaled, { ridge: 0 });
  for (const weight of original.graph.initializers) {
    const wanted = toFloat32(weight);
    toFloat32(constantsOf(restored.graph).get(weight.name)!).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i], 3);
    });
  }
});

/** Two branches of the picture, each scaled, and the same weight with biases of their own behind it. */
const siamese = (first: number, second: number) => {
  const factor = (name: string, by: number) => tensor(name, 'float32', [], Float32Array.of(by));
  return buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: [valueInfo('y', 'float32', ['n', 8, 11, 11])],
    initializers: [
      factor('s', first),
      factor('t', second),
      normal('w', 4, 3, 1, 1),
      normal('b', 4),
      normal('c', 4),
    ],
    nodes: [
      node('Mul', ['x', 's'], ['p']),
      node('Conv', ['p', 'w', 'b'], ['a'], {}, { name: 'one' }),
      node('Relu', ['a'], ['between']),
      node('Mul', ['x', 't'], ['q']),
      node('Conv', ['q', 'w', 'c'], ['d'], {}, { name: 'other' }),
      node('Concat', ['a', 'd'], ['y'], { axis: 1 }),
    ],
  });
};

/** Of the channels of the first 64 pictures, all of whose places are looked at. */
const means = (() => {
  const pixels = new Float32Array(64 * 363);
  dataset.read(0, 64, pixels);
  const sums = new Float64Array(3);
  pixels.forEach((value, i) => {
    sums[Math.floor(i / 121) % 3] += value / (64 * 121);
  });
  return sums;
})();

test('layers with one weight are fitted together, their biases apart', async () => {
  // Where x became u x before the one and v x before the other, |w x - W u x|^2 + |w x - W v x|^2 is least at W = w (u + v) / (u^2 + v^2).
  const [u, v] = [0.5, 0.8];
  const database = await openLayerDatabase(siamese(1, 1), dataset, { threads: 1, count: 64 });
  const { model: restored, notes } = await recover(database, siamese(u, v), { ridge: 0 });
  expect(notes).toEqual([]);
  const [before, after] = [siamese(u, v), restored].map(({ graph }) => {
    const constants = constantsOf(graph);
    return (name: string) => toFloat32(constants.get(name)!);
  });
  const factor = (u + v) / (u ** 2 + v ** 2);
  after('w').forEach((value, i) => {
    expect(value).toBeCloseTo(factor * before('w')[i], 3);
  });
  for (const [name, scale] of [
    ['b', u],
    ['c', v],
  ] as const)
    after(name).forEach((value, f) => {
      const shift = means.reduce((sum, mean, c) => sum + mean * before('w')[f * 3 + c], 0);
      expect(value).toBeCloseTo(before(name)[f] + (1 - factor * scale) * shift, 3);
    });
});

test('their deviations are matched as one, their means apart', async () => {
  // Variances u^2 and v^2 of what they should be, in as many places: the scale is 1 / sqrt((u^2 + v^2) / 2).
  const [u, v] = [0.5, 0.8];
  const database = await openLayerDatabase(siamese(1, 1), dataset, { threads: 1, count: 64 });
  const options = { recovery: 'channel-statistics' } as const;
  const { model: restored } = await recover(database, siamese(u, v), options);
  const [before, after] = [siamese(u, v), restored].map(({ graph }) =>
    toFloat32(constantsOf(graph).get('w')!),
  );
  const scale = 1 / Math.sqrt((u ** 2 + v ** 2) / 2);
  after.forEach((value, i) => {
    expect(value).toBeCloseTo(scale * before[i], 3);
  });
});

/** The same convolution twice, one after the other. */
const twice = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
  outputs: [valueInfo('y', 'float32', ['n', 6, 11, 11])],
  initializers: [
    normal('u', 12, 3, 3, 3),
    normal('w', 12, 12, 3, 3),
    normal('b', 12),
    normal('v', 6, 12, 1, 1),
  ],
  nodes: [
    node('Conv', ['x', 'u'], ['a'], { pads: [1, 1, 1, 1] }, { name: 'stem' }),
    node('Relu', ['a'], ['r']),
    node('Conv', ['r', 'w', 'b'], ['c'], { pads: [1, 1, 1, 1] }, { name: 'once' }),
    node('Relu', ['c'], ['s']),
    node('Conv', ['s', 'w', 'b'], ['d'], { pads: [1, 1, 1, 1] }, { name: 'again' }),
    node('Relu', ['d'], ['t']),
    node('Conv', ['t', 'v'], ['y'], {}, { name: 'head' }),
  ],
});

/** The squared difference of what two networks give, as a share of the square of the first. */
async function differenceOf(first: Model, second: Model): Promise<number> {
  const outputs: Float32Array[][] = [[], []];
  for (const [i, network] of [first, second].entries())
    await forEachActivation(network, ['y'], dataset, { threads: 1 }, ({ data }) => {
      outputs[i].push(Float32Array.from(data));
    });
  const [wanted, got] = outputs.map((batches) => batches.flatMap((batch) => [...batch]));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value ** 2, 0);
  return sum(wanted.map((value, i) => value - got[i])) / sum(wanted);
}

test('a weight that a network comes back to is fitted to all of its places', async () => {
  const database = await openLayerDatabase(twice, dataset, { threads: 1 });
  const pruned = zeroWeights(twice, 0.5, 'layer');
  const { model: restored, notes } = await recover(database, pruned);
  expect(notes).toEqual([]);
  const error = await differenceOf(twice, restored);
  expect(error).toBeLessThan(0.4 * (await differenceOf(twice, pruned)));
  const constants = constantsOf(restored.graph);
  const asPruned = constantsOf(pruned.graph).get('w')!;
  expect(toFloat32(constants.get('w')!)).not.toEqual(toFloat32(asPruned));
  expect((await recover(database, twice)).model.graph.nodes).toEqual(twice.graph.nodes);
  expect(await differenceOf(twice, (await recover(database, twice)).model)).toBeLessThan(1e-6);
});

test('layers that share a bias with another weight are left as they are, and a note says so', async () => {
  const shared = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: [valueInfo('y', 'float32', ['n', 3, 11, 11])],
    initializers: [normal('w', 3, 3, 1, 1), normal('v', 3, 3, 1, 1), normal('u', 3, 3, 1, 1), normal('b', 3)],
    nodes: [
      node('Conv', ['x', 'w', 'b'], ['a'], {}, { name: 'once' }),
      node('Conv', ['a', 'v'], ['c'], {}, { name: 'between' }),
      node('Conv', ['c', 'u', 'b'], ['y'], {}, { name: 'again' }),
    ],
  });
  const database = await openLayerDatabase(shared, dataset, { threads: 1, count: 32 });
  const pruned = zeroWeights(shared, 0.3, 'layer');
  const { model: restored, notes } = await recover(database, pruned);
  expect(notes).toEqual([
    'once, again stay as before recovery: each shares its weight or its bias with something else',
  ]);
  const [before, after] = [pruned, restored].map(({ graph }) => constantsOf(graph));
  for (const name of ['w', 'u', 'b'])
    expect(toFloat32(after.get(name)!)).toEqual(toFloat32(before.get(name)!));
  expect(toFloat32(after.get('v')!)).not.toEqual(toFloat32(before.get('v')!));
});

test('one sample is refused', async () => {
  const database = await openLayerDatabase(model, dataset, { threads: 1, count: 1 });
  await expect(recover(database, model)).rejects.toThrow(
    new InputError('recovery needs at least 2 calibration samples, got 1'),
  );
});

test('a layer of a form that nothing is fitted for stays, and a note says so', async () => {
  const original = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [normal('w', 4, 3, 1, 1), normal('up', 4, 2, 2, 2)],
    nodes: [
      node('Conv', ['x', 'w'], ['c'], {}, { name: 'conv' }),
      node('ConvTranspose', ['c', 'up'], ['y'], { auto_pad: 'SAME_UPPER' }, { name: 'up' }),
    ],
  });
  const database = await openLayerDatabase(original, dataset, { threads: 1, count: 8 });
  const { notes } = await recover(database, zeroWeights(original, 0.3, 'layer'));
  expect(notes).toContain(
    'ConvTranspose up stays as before recovery: only convolutions (transposed ones where their pads are given), products without factors and weights of float32 on their right are refitted',
  );
});
