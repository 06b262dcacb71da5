import { expect, test } from 'vitest';
import {
  type AttributeValue,
  buildModel,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { sizeOf } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { poolingsAsConvolutions } from '../../../problems/compression/quantization/poolings-as-convolutions.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('poolings as convolutions');
const x = { data: Float32Array.from({ length: 2 * 4 * 49 }, () => random.normal()), dims: [2, 4, 7, 7] };
const model = (attributes: Readonly<Record<string, AttributeValue>>, channels: number | string = 4) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', channels, 7, 7])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [tensor('w', 'float32', [4, 4, 1, 1], new Float32Array(16).fill(0.5))],
    nodes: [
      node('Relu', ['x'], ['r']),
      node('AveragePool', ['r'], ['p'], attributes),
      node('AveragePool', ['r'], ['q'], attributes),
      node('Add', ['p', 'q'], ['y']),
    ],
  });
const answers = async (built: ReturnType<typeof model>) => (await runOnnx(writeModel(built), { x })).y;

test.each([
  ['of windows side by side', { kernel_shape: [2, 3], strides: [2, 3] }],
  [
    'of windows with zeros around that count',
    { kernel_shape: [3, 3], pads: [1, 1, 0, 1], count_include_pad: 1 },
  ],
])('means %s become convolutions that give the same, with one weight for both', async (_, attributes) => {
  const given = model(attributes);
  const changed = poolingsAsConvolutions(given, () => true);
  expect(changed.graph.nodes.map(({ opType }) => opType)).toEqual(['Relu', 'Conv', 'Conv', 'Add']);
  const kernel = attributes.kernel_shape;
  expect(changed.graph.initializers.map(sizeOf)).toEqual([16, 4 * kernel[0] * kernel[1]]);
  expect(furthest(await answers(changed), await answers(given))).toBeLessThan(1e-6);
});

test.each<[string, ReturnType<typeof model>]>([
  ['whose padding does not count', model({ kernel_shape: [3, 3], pads: [1, 1, 1, 1] })],
  ['that round sizes up', model({ kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 })],
  ['of large windows', model({ kernel_shape: [7, 7] })],
  ['of an unknown number of channels', model({ kernel_shape: [2, 2] }, 'c')],
])('means %s stay', (_, given) => {
  expect(poolingsAsConvolutions(given, () => true)).toBe(given);
});

test('means of what is in float stay', () => {
  const given = model({ kernel_shape: [2, 2] });
  expect(poolingsAsConvolutions(given, (name) => name === 'x')).toBe(given);
});
