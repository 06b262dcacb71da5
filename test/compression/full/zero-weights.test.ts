import { expect, test } from 'vitest';
import { zeroWeights } from '../../../problems/compression/full/zero-weights.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';

const model = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', ['n', 2])],
  outputs: [valueInfo('y', 'float32', ['n', 2])],
  initializers: [
    tensor('a', 'float32', [2, 2], Float32Array.of(1, -2, 3, -4)),
    tensor('b', 'float32', [2, 2], Float32Array.of(0.5, 10, -20, 30)),
    tensor('bias', 'float32', [2], Float32Array.of(0.1, 0.1)),
  ],
  nodes: [node('Gemm', ['x', 'a', 'bias'], ['h']), node('MatMul', ['h', 'b'], ['y'])],
});
const weightsOf = (share: number, scope: 'layer' | 'global') =>
  ['a', 'b', 'bias'].map((name) => [
    ...toFloat32(constantsOf(zeroWeights(model, share, scope).graph).get(name)!),
  ]);

test('the smallest of every layer become zero, or the smallest of all', () => {
  expect(weightsOf(0.5, 'layer')).toEqual([
    [0, 0, 3, -4],
    [0, 0, -20, 30],
    [Math.fround(0.1), Math.fround(0.1)],
  ]);
  expect(weightsOf(0.5, 'global')).toEqual([
    [0, 0, 0, -4],
    [0, 10, -20, 30],
    [Math.fround(0.1), Math.fround(0.1)],
  ]);
});
