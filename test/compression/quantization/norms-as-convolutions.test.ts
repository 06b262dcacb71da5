import { expect, test } from 'vitest';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { normsAsConvolutions } from '../../../problems/compression/quantization/norms-as-convolutions.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('norms as convolutions');
const normal = (size: number) => Float32Array.from({ length: size }, () => random.normal());
const parameters = ['scale', 'shift', 'mean'].map((name) => tensor(name, 'float32', [4], normal(4)));
const variance = tensor('variance', 'float32', [4], Float32Array.of(0.5, 1, 2, 30));
const norm = (x: string, y: string) =>
  node('BatchNormalization', [x, 'scale', 'shift', 'mean', 'variance'], [y], { epsilon: float(0.01) });
const model = (dims: readonly (string | number)[], nodes: readonly Node[]) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', dims)],
    outputs: [valueInfo('y', 'float32')],
    initializers: [...parameters, variance],
    nodes,
  });

test('a normalisation of pictures becomes a convolution of one by one that gives the same', async () => {
  const plain = model(
    ['n', 4, 5, 5],
    [node('MaxPool', ['x'], ['p'], { kernel_shape: [2, 2] }), norm('p', 'b'), node('Relu', ['b'], ['y'])],
  );
  const changed = normsAsConvolutions(plain, () => true);
  expect(changed.graph.nodes.map(({ opType }) => opType)).toEqual(['MaxPool', 'Conv', 'Relu']);
  expect(changed.graph.initializers.map(({ dims }) => dims)).toEqual([[4, 1, 1, 1], [4]]);
  const x = { data: normal(3 * 4 * 25), dims: [3, 4, 5, 5] };
  const [before, after] = await Promise.all(
    [plain, changed].map(async (built) => (await runOnnx(writeModel(built), { x })).y),
  );
  expect(furthest(before, after)).toBeLessThan(1e-5);
});

test.each<[string, readonly (string | number)[], Node[]]>([
  ['of rows', ['n', 4], [norm('x', 'y')]],
  ['of sequences', ['n', 4, 9], [norm('x', 'y')]],
  ['of something whose axes are unknown', ['n', 4, 3, 3], [node('Mystery', ['x'], ['m']), norm('m', 'y')]],
])('a normalisation %s stays', (_, dims, nodes) => {
  const given = model(dims, nodes);
  expect(normsAsConvolutions(given, () => true)).toBe(given);
});

test('a normalisation of what is in float stays', () => {
  const given = model(['n', 4, 5, 5], [norm('x', 'y')]);
  expect(normsAsConvolutions(given, (name) => name !== 'x')).toBe(given);
});
