import { expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { simplified } from '../../../problems/compression/simplify/simplified.js';

const listing = (...names: readonly string[]) =>
  buildModel({
    opset: 13,
    inputs: [valueInfo('x', 'float32', ['n', 2]), ...names.map((name) => valueInfo(name, 'float32', [2, 2]))],
    outputs: [valueInfo('y', 'float32', ['n', 2])],
    initializers: ['v', 'w'].map((name, i) => tensor(name, 'float32', [2, 2], Float32Array.of(1, 2, 3, i))),
    nodes: [node('Gemm', ['x', 'v'], ['h']), node('Gemm', ['h', 'w'], ['y'])],
  });

test.each([
  ['all are', ['v', 'w'], ['x']],
  ['one is', ['v'], ['x', 'v']],
])('constants among the inputs leave them where %s', async (_, listed, left) => {
  const { graph } = await simplified(listing(...listed));
  expect(graph.inputs.map(({ name }) => name)).toEqual(left);
  expect(graph.initializers.map(({ name }) => name)).toEqual(['v', 'w']);
});
