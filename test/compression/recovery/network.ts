import type { Dataset } from '../../../problems/compression/data/dataset.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { randomOf } from '../../../src/index.js';
import { runOnnx } from '../run-onnx.js';

/** A tensor of normal numbers in the scale of He's initialisation, the same for the same name. */
export const normal = (name: string, ...dims: number[]) => {
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
export const model = buildModel({
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
export const dataset: Dataset = {
  name: 'noise',
  count: COUNT,
  sampleShape: [3, 11, 11],
  labels: new Int32Array(COUNT),
  read: (first, count, out) => out.set(pictures.subarray(first * 363, (first + count) * 363)),
};
/** Pictures that recovery has not seen. */
const unseen = { data: pictures.subarray(COUNT * 363), dims: [COUNT, 3, 11, 11] };

/** The mean squared difference of a network's outputs to those of the model, on pictures that recovery has not seen. */
export async function meanError(compressed: Model): Promise<number> {
  const [a, b] = [model, compressed].map(async (m) => (await runOnnx(writeModel(m), { x: unseen })).y);
  const [wanted, got] = [await a, await b];
  return wanted.reduce((sum, value, i) => sum + (value - got[i]) ** 2, 0) / wanted.length;
}
