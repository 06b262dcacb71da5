import { expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { mishBySigmoid } from '../../../problems/compression/simplify/mish.js';
import { runOnnx } from '../run-onnx.js';

const model = (
  nodes: readonly Node[],
  { opset = 17, outputs = ['y'], type = 'float32' as 'float32' | 'float64' } = {},
) =>
  buildModel({
    opset,
    inputs: [valueInfo('x', type, ['n'])],
    outputs: outputs.map((name) => valueInfo(name, type)),
    initializers: [tensor('two', 'float32', [], Float32Array.of(2))],
    nodes,
  });
const parts = [node('Softplus', ['x'], ['s']), node('Tanh', ['s'], ['t'])];
const last = node('Mul', ['t', 'x'], ['y']);
const data = Float32Array.from({ length: 2001 }, (_, i) => (i - 1000) / 10);
const exact = (x: number) => x * Math.tanh(x > 30 ? x : Math.log1p(Math.exp(x)));

test.each([
  ['in three nodes', model([...parts, last])],
  ['in one', model([node('Mish', ['x'], ['y'])], { opset: 18 })],
])('a Mish %s is computed by a sigmoid, from -100 to 100', async (_, given) => {
  const written = mishBySigmoid(given);
  const operators = written.graph.nodes.map(({ opType }) => opType);
  expect(operators).toEqual(['Neg', 'Sigmoid', 'Mul', 'Sub', 'Add', 'Div', 'Mul']);
  const { y } = await runOnnx(writeModel(written), { x: { data, dims: [data.length] } });
  for (const [i, value] of y.entries()) {
    const expected = exact(data[i]);
    expect(Math.abs(value - expected)).toBeLessThan(4e-6 + 1e-6 * Math.abs(expected));
  }
});

test.each([
  ['whose parts something else reads', model([...parts, last], { outputs: ['y', 't'] })],
  ['of something else', model([...parts, node('Mul', ['t', 'two'], ['y'])])],
  ['of float64', model([...parts, last], { type: 'float64' })],
])('one %s stays', (_, given) => {
  expect(mishBySigmoid(given)).toBe(given);
});
