import { expect, test } from 'vitest';
import { additionsTo, rebuilt } from '../../../problems/compression/onnx/additions.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';

const { graph } = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', [1])],
  outputs: [valueInfo('y', 'float32')],
  initializers: [tensor('w', 'float32', [1], Float32Array.of(1))],
  nodes: [node('Mul', ['x', 'w'], ['y'])],
});

test('names are new, to the graph and to one another', () => {
  const { fresh } = additionsTo(graph);
  expect(['x', 'w', 'y', 'z', 'z'].map(fresh)).toEqual(['x_2', 'w_2', 'y_2', 'z', 'z_2']);
});

test('constants join those of the graph under the names that they were given', () => {
  const additions = additionsTo(graph);
  const name = additions.constant('w', 'float32', [2], Float32Array.of(3, 4));
  const other = additions.add(graph.initializers[0]);
  const { initializers, nodes } = rebuilt(graph, [], additions);
  expect(nodes).toEqual([]);
  expect(initializers.map((constant) => [constant.name, [...toFloat32(constant)]])).toEqual([
    ['w', [1]],
    [name, [3, 4]],
    [other, [1]],
  ]);
  expect([name, other]).toEqual(['w_2', 'w_3']);
});
