import { expect, test } from 'vitest';
import { evaluateConstants } from '../../../problems/compression/inference/constants.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { foldConstants } from '../../../problems/compression/simplify/constants.js';
import { asFlatten } from '../../../problems/compression/simplify/flatten.js';
import { runOnnx } from '../run-onnx.js';

const int64 = (name: string, ...values: number[]) =>
  tensor(name, 'int64', [values.length], BigInt64Array.from(values, BigInt));
const build = (nodes: readonly Node[]) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 2, 3])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [
      tensor('a', 'float32', [3], Float32Array.of(1, 2, 3)),
      tensor('i', 'int64', [], BigInt64Array.of(0n)),
      int64('two', 2),
      int64('rest', -1),
      int64('axes', 0),
      int64('large', 10_000, 3),
      tensor('unread', 'float32', [1], Float32Array.of(7)),
    ],
    nodes,
  });
const x = { data: Float32Array.from({ length: 12 }, (_, i) => i), dims: [2, 2, 3] };
const operators = (model: ReturnType<typeof build>) => model.graph.nodes.map(({ opType }) => opType);

test('what constants decide is computed once, and what nothing reads leaves', async () => {
  const model = build([
    node('Mul', ['a', 'a'], ['square']),
    node('Cast', ['two'], ['real'], { to: 1 }),
    node('Mul', ['square', 'real'], ['twice']),
    node('Add', ['x', 'twice'], ['y']),
    node('Relu', ['y'], ['idle']),
  ]);
  const folded = await foldConstants(model, evaluateConstants);
  expect(operators(folded)).toEqual(['Add']);
  expect(folded.graph.initializers.map(({ name }) => name)).toEqual(['twice']);
  expect((await runOnnx(writeModel(folded), { x })).y).toEqual((await runOnnx(writeModel(model), { x })).y);
});

test('a Reshape to [batch, -1] becomes a Flatten', async () => {
  const model = build([
    node('Shape', ['x'], ['shape']),
    node('Gather', ['shape', 'i'], ['batch'], { axis: 0 }),
    node('Unsqueeze', ['batch', 'axes'], ['row']),
    node('Concat', ['row', 'rest'], ['flat'], { axis: 0 }),
    node('Reshape', ['x', 'flat'], ['y']),
  ]);
  const folded = await foldConstants(asFlatten(model), evaluateConstants);
  expect(operators(folded)).toEqual(['Flatten']);
  expect((await runOnnx(writeModel(folded), { x })).y).toEqual([...x.data]);
});

test('random numbers and constants that would grow by a lot stay', async () => {
  const model = build([
    node('ConstantOfShape', ['large'], ['zeros']),
    node('Gather', ['zeros', 'i'], ['row']),
    node('RandomNormal', [], ['noise'], { shape: [3] }),
    node('Mul', ['noise', 'row'], ['none']),
    node('Add', ['x', 'none'], ['y']),
  ]);
  const folded = await foldConstants(model, evaluateConstants);
  expect(operators(folded)).toContain('RandomNormal');
  const size = writeModel(folded).length;
  expect(size).toBeLessThan(writeModel(model).length + 100);
});

test('a large constant is computed by way of others too, as a normalised weight is', async () => {
  const model = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 50])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [
      tensor(
        'v',
        'float32',
        [50, 50],
        Float32Array.from({ length: 2500 }, (_, i) => (i % 7) - 2),
      ),
      tensor('g', 'float32', [50, 1], new Float32Array(50).fill(3)),
    ],
    nodes: [
      node('ReduceL2', ['v'], ['length'], { axes: [1] }),
      node('Div', ['v', 'length'], ['direction']),
      node('Mul', ['direction', 'g'], ['w']),
      node('MatMul', ['x', 'w'], ['y']),
    ],
  });
  expect(operators(await foldConstants(model, evaluateConstants))).toEqual(['MatMul']);
});
