import { expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { withoutCopies } from '../../../problems/compression/simplify/copies.js';
import { randomOf } from '../../../src/index.js';
import { runOnnx } from '../run-onnx.js';

const random = randomOf('copies');
const numbers = Float32Array.from({ length: 16 * 16 }, () => random.normal());
const shared = () => numbers.slice();

const network = (last: Float32Array<ArrayBuffer>, inputs: readonly string[] = []) =>
  buildModel({
    opset: 17,
    inputs: [
      valueInfo('x', 'float32', ['n', 16]),
      ...inputs.map((name) => valueInfo(name, 'float32', [16, 16])),
    ],
    outputs: [valueInfo('y', 'float32', ['n', 16])],
    initializers: [
      tensor('w1', 'float32', [16, 16], shared()),
      tensor('b1', 'float32', [16], new Float32Array(16).fill(1)),
      tensor('w2', 'float32', [16, 16], shared()),
      tensor('b2', 'float32', [16], new Float32Array(16).fill(1)),
      tensor('w3', 'float32', [16, 16], last),
    ],
    nodes: [
      node('Gemm', ['x', 'w1', 'b1'], ['a']),
      node('Gemm', ['a', 'w2', 'b2'], ['b']),
      node('Gemm', ['b', 'w3'], ['y']),
    ],
  });
const names = (model: ReturnType<typeof network>) => model.graph.initializers.map(({ name }) => name);

test('a weight that was written out more than once is kept once, and vectors stay apart', async () => {
  const model = network(shared());
  const left = withoutCopies(model);
  expect(names(left)).toEqual(['w1', 'b1', 'b2']);
  const x = { data: Float32Array.from({ length: 32 }, () => random.normal()), dims: [2, 16] };
  expect(await runOnnx(writeModel(left), { x })).toEqual(await runOnnx(writeModel(model), { x }));
});

test('weights that differ in one number are two, and one that a caller may override stays', () => {
  const other = shared();
  other[255] += 1;
  expect(names(withoutCopies(network(other)))).toEqual(['w1', 'b1', 'b2', 'w3']);
  expect(names(withoutCopies(network(other, ['w2'])))).toEqual(['w1', 'b1', 'w2', 'b2', 'w3']);
});
