import { expect, test } from 'vitest';
import type { Dataset } from '../../../problems/compression/data/dataset.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { applyPlan, prepare } from '../../../problems/compression/plan.js';
import { selectChannels } from '../../../problems/compression/pruning/channel-selection.js';
import { keptIndices, removeChannels } from '../../../problems/compression/pruning/remove-channels.js';
import { traceChannels } from '../../../problems/compression/pruning/trace-channels.js';
import { recoverByLeastSquares } from '../../../problems/compression/recovery/least-squares.js';
import { InputError, randomOf } from '../../../src/index.js';
import { runOnnx } from '../run-onnx.js';

const normal = (name: string, ...dims: number[]) => {
  const random = randomOf(name);
  const size = dims.reduce((a, b) => a * b);
  const deviation = Math.sqrt(2 / (size / dims[0]));
  return tensor(
    name,
    'float32',
    dims,
    Float32Array.from({ length: size }, () => deviation * random.normal()),
  );
};

/** A strided, a dilated and a depthwise convolution, and two products, one with its weights as columns. */
const model = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
  outputs: [valueInfo('y', 'float32', ['n', 5])],
  initializers: [
    normal('w1', 12, 3, 3, 3),
    normal('b1', 12),
    normal('w2', 12, 1, 3, 3),
    normal('b2', 12),
    normal('w3', 16, 12, 3, 3),
    normal('w4', 20, 16 * 4),
    normal('b4', 20),
    normal('w5', 20, 5),
  ],
  nodes: [
    node('Conv', ['x', 'w1', 'b1'], ['c1'], { pads: [1, 1, 0, 0], strides: [2, 2] }, { name: 'stem' }),
    node('Relu', ['c1'], ['r1']),
    node('Conv', ['r1', 'w2', 'b2'], ['c2'], { pads: [1, 1, 1, 1], group: 12 }, { name: 'depthwise' }),
    node('Relu', ['c2'], ['r2']),
    node('Conv', ['r2', 'w3'], ['c3'], { dilations: [2, 2], pads: [1, 1, 1, 1] }, { name: 'dilated' }),
    node('Relu', ['c3'], ['r3']),
    node('MaxPool', ['r3'], ['p'], { kernel_shape: [2, 2] }),
    node('Flatten', ['p'], ['f']),
    node('Gemm', ['f', 'w4', 'b4'], ['g4'], { transB: 1 }, { name: 'first' }),
    node('Relu', ['g4'], ['r4']),
    node('MatMul', ['r4', 'w5'], ['y'], {}, { name: 'head' }),
  ],
});

const COUNT = 96;
const random = randomOf('pictures');
const pictures = Float32Array.from({ length: 2 * COUNT * 363 }, () => random.normal());
const dataset: Dataset = {
  name: 'noise',
  count: COUNT,
  sampleShape: [3, 11, 11],
  labels: new Int32Array(COUNT),
  read: (first, count, out) => out.set(pictures.subarray(first * 363, (first + count) * 363)),
};
/** Pictures that recovery has not seen. */
const unseen = { data: pictures.subarray(COUNT * 363), dims: [COUNT, 3, 11, 11] };

async function meanError(compressed: Model): Promise<number> {
  const [a, b] = [model, compressed].map(async (m) => (await runOnnx(writeModel(m), { x: unseen })).y);
  const [wanted, got] = [await a, await b];
  return wanted.reduce((sum, value, i) => sum + (value - got[i]) ** 2, 0) / wanted.length;
}

test('a network of pruned weights comes much nearer to the original, on samples it has not seen', async () => {
  const prepared = prepare(model);
  const layers = prepared.layers.map(({ name }) => ({ layer: name, weight: 0.5, bias: 0 }));
  const { bytes } = applyPlan(prepared, { layers, quantization: 'none' });
  const pruned = readModel(bytes, 'the pruned model');
  const recovered = await recoverByLeastSquares(model, pruned, { dataset, threads: 1 });
  expect(await meanError(recovered)).toBeLessThan(0.5 * (await meanError(pruned)));
  // Zeros stay zeros.
  for (const [name, before] of constantsOf(pruned.graph)) {
    const after = toFloat32(constantsOf(recovered.graph).get(name)!);
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
  const recovered = await recoverByLeastSquares(model, pruned, { dataset, threads: 1, kept });
  expect(await meanError(recovered)).toBeLessThan(0.7 * (await meanError(pruned)));
  await expect(recoverByLeastSquares(model, pruned, { dataset, threads: 1 })).rejects.toThrow(
    new InputError('recovery needs to know the 9 features that layer stem has kept, got 12'),
  );
});

test('an uncompressed network stays what it is', async () => {
  const recovered = await recoverByLeastSquares(model, model, { dataset, threads: 1 });
  expect(await meanError(recovered)).toBeLessThan(1e-6);
});
