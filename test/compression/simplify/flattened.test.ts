import { expect, test } from 'vitest';
import { evaluateConstants } from '../../../problems/compression/inference/constants.js';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { flattenedInOrder } from '../../../problems/compression/simplify/flattened.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('flattened');
const floats = (name: string, ...dims: number[]) =>
  tensor(
    name,
    'float32',
    dims,
    Float32Array.from({ length: dims.reduce((product, dim) => product * dim, 1) }, () => random.normal()),
  );
const shape = (name: string, ...sizes: number[]) =>
  tensor(name, 'int64', [sizes.length], BigInt64Array.from(sizes, BigInt));
/** Pictures of 2 channels that a convolution gives 3 channels, 4 rows and 5 columns. */
const model = (nodes: readonly Node[], rows: number | string = 4) =>
  buildModel({
    opset: 13,
    inputs: [valueInfo('x', 'float32', ['n', 2, rows, 5])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [
      floats('k', 3, 2, 1, 1),
      floats('w', 60, 7),
      floats('v', 7, 60),
      floats('pixel', 3, 7),
      floats('bias', 7),
      shape('rows', -1, 60),
      shape('rest', 0, -1),
      shape('pixels', -1, 3),
    ],
    nodes: [node('Conv', ['x', 'k'], ['c']), ...nodes],
  });
const last = node('Transpose', ['c'], ['t'], { perm: [0, 2, 3, 1] });
const reshape = (name: string) => node('Reshape', ['t', name], ['f']);
const flatten = node('Flatten', ['t'], ['f']);
const product = node('MatMul', ['f', 'w'], ['y']);
const x = { data: Float32Array.from({ length: 80 }, () => random.normal()), dims: [2, 2, 4, 5] };

test.each<[string, readonly Node[]]>([
  ['a Flatten before a MatMul', [flatten, product]],
  ['a Reshape to rows of that length', [reshape('rows'), product]],
  ['a Reshape to the rest', [reshape('rest'), product]],
  ['a Gemm', [flatten, node('Gemm', ['f', 'w', 'bias'], ['y'], { alpha: float(0.5) })]],
  ['a Gemm of a turned weight', [flatten, node('Gemm', ['f', 'v', 'bias'], ['y'], { transB: 1 })]],
])('the weight takes the order of the channels in: %s', async (_, nodes) => {
  const given = model([last, ...nodes]);
  const ordered = await flattenedInOrder(given, evaluateConstants);
  expect(ordered.graph.nodes.map(({ opType }) => opType)).toEqual(['Conv', 'Flatten', nodes[1].opType]);
  const [before, after] = [given, ordered].map((each) => runOnnx(writeModel(each), { x }));
  expect(furthest((await before).y, (await after).y)).toBeLessThan(1e-5);
});

test.each<[string, ReturnType<typeof model>]>([
  ['of every pixel', model([last, reshape('pixels'), node('MatMul', ['f', 'pixel'], ['y'])])],
  ['of a size that is not known', model([last, reshape('rows'), product], 'rows')],
  [
    'with rows and columns exchanged',
    model([{ ...last, ...node('Transpose', ['c'], ['t'], { perm: [0, 3, 2, 1] }) }, flatten, product]),
  ],
  [
    'that something else reads',
    model([last, flatten, node('MatMul', ['f', 'w'], ['p']), node('Concat', ['f', 'p'], ['y'], { axis: 1 })]),
  ],
  ['by no weight', model([last, flatten, node('Gemm', ['f', 'f'], ['y'], { transB: 1 })])],
])('rows stay as they are: %s', async (_, given) => {
  expect(await flattenedInOrder(given, evaluateConstants)).toBe(given);
});
