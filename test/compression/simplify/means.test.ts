import { expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { meansAsPoolings } from '../../../problems/compression/simplify/means.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const network = (mean: Node, opset = 17, dims: (number | string)[] = ['n', 3, 4, 5]) =>
  buildModel({
    opset,
    inputs: [valueInfo('x', 'float32', dims)],
    outputs: [valueInfo('y', 'float32')],
    initializers: [tensor('axes', 'int64', [2], BigInt64Array.of(-1n, 2n))],
    nodes: [node('Relu', ['x'], ['r']), mean],
  });
const random = randomOf('means');
const x = { data: Float32Array.from({ length: 120 }, () => random.normal()), dims: [2, 3, 4, 5] };
const answers = async (model: ReturnType<typeof network>) => (await runOnnx(writeModel(model), { x })).y;

test.each([
  ['with axes that stay', network(node('ReduceMean', ['r'], ['y'], { axes: [2, 3] })), ['GlobalAveragePool']],
  [
    'with axes that go',
    network(node('ReduceMean', ['r'], ['y'], { axes: [-1, -2], keepdims: 0 })),
    ['GlobalAveragePool', 'Flatten'],
  ],
  ['with axes as an input', network(node('ReduceMean', ['r', 'axes'], ['y']), 18), ['GlobalAveragePool']],
])('a mean over a picture is a pooling: %s', async (_, model, operators) => {
  const pooled = meansAsPoolings(model);
  expect(pooled.graph.nodes.map(({ opType }) => opType)).toEqual(['Relu', ...operators]);
  expect(furthest(await answers(model), await answers(pooled))).toBeLessThan(1e-6);
});

test('a mean over other axes stays, and one of what is no picture', () => {
  for (const model of [
    network(node('ReduceMean', ['r'], ['y'], { axes: [1, 2] })),
    network(node('ReduceMean', ['r'], ['y'], { axes: [2] })),
    network(node('ReduceMean', ['r'], ['y'])),
    network(node('ReduceMean', ['r'], ['y'], { axes: [2, 3] }), 17, ['n', 3, 4, 5, 6]),
  ])
    expect(meansAsPoolings(model)).toBe(model);
});
