import { expect, test } from 'vitest';
import { evaluateConstants } from '../../../problems/compression/inference/constants.js';
import { buildModel, graph, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import type { Model, Node, ValueInfo } from '../../../problems/compression/onnx/model.js';
import { integersOf } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { foldShapes } from '../../../problems/compression/simplify/shapes.js';
import { runOnnx } from '../run-onnx.js';

const numbers = (name: string, ...values: number[]) =>
  tensor(name, 'int64', [values.length], BigInt64Array.from(values, BigInt));
const input = (...dims: (string | number)[]) => valueInfo('x', 'float32', dims);
const model = (nodes: readonly Node[], inputs: readonly ValueInfo[] = [input('n', 6, 4, 4)]) =>
  buildModel({
    opset: 17,
    inputs,
    outputs: [valueInfo('y', 'float32')],
    initializers: [
      numbers('zero', 0),
      numbers('one', 1),
      numbers('two', 2),
      numbers('rest', 2, 3, 16),
      numbers('all', -1),
    ],
    nodes,
  });

/** The half of the channels, as exporters write `chunk`: the bounds are computed from the shape. */
const half = [
  node('Shape', ['x'], ['s']),
  node('Gather', ['s', 'one'], ['c']),
  node('Div', ['c', 'two'], ['h']),
  node('Slice', ['x', 'zero', 'h', 'one'], ['y']),
];
/** `view(batch, 2, 3, 16)`. */
const view = [
  node('Shape', ['x'], ['s']),
  node('Gather', ['s', 'zero'], ['b']),
  node('Concat', ['b', 'rest'], ['t'], { axis: 0 }),
  node('Reshape', ['x', 't'], ['y']),
];
/** The shape of the input as numbers, or twice it, as `c2` or `c` says. */
const branch = (operator: string) =>
  graph({
    inputs: [],
    outputs: [valueInfo('made', 'float32')],
    nodes: [node(operator, ['x', 'x'], ['made'])],
  });
const choosing = [
  node('Shape', ['x'], ['around']),
  node('Reshape', ['x', 'around'], ['again']),
  node('If', ['c2'], ['y'], { then_branch: branch('Add'), else_branch: branch('Mul') }),
];
const operators = ({ graph }: Model) => graph.nodes.map(({ opType }) => opType);
const x = { data: Float32Array.from({ length: 5 * 96 }, (_, i) => Math.sin(i)), dims: [5, 6, 4, 4] };
const answers = async (built: Model) => (await runOnnx(writeModel(built), { x })).y;

test('what is computed from sizes that no batch changes is a constant, and the answers stay', async () => {
  const folded = await foldShapes(model(half), evaluateConstants);
  expect(operators(folded)).toEqual(['Slice']);
  expect(integersOf(constantsOf(folded.graph).get(folded.graph.nodes[0].inputs[2])!)).toEqual([3]);
  expect(await answers(folded)).toEqual(await answers(model(half)));
});

test('a Reshape to sizes of which the batch is one has -1 there, and the answers stay', async () => {
  const folded = await foldShapes(model(view), evaluateConstants);
  expect(operators(folded)).toEqual(['Reshape']);
  const [{ inputs }] = folded.graph.nodes;
  expect(integersOf(constantsOf(folded.graph).get(inputs[1])!)).toEqual([-1, 2, 3, 16]);
  expect(await answers(folded)).toEqual(await answers(model(view)));
});

test('a Reshape that finds one size for itself has it told, and -1 for the batch', async () => {
  const given = model([...view.slice(0, 2), node('Concat', ['b', 'all'], ['t'], { axis: 0 }), view[3]]);
  const folded = await foldShapes(given, evaluateConstants);
  const [{ inputs }] = folded.graph.nodes;
  expect(integersOf(constantsOf(folded.graph).get(inputs[1])!)).toEqual([-1, 96]);
  expect(await answers(folded)).toEqual(await answers(given));
});

test('an If that sizes decide does not keep the shapes around it', async () => {
  const given = model([
    ...half.slice(0, 2),
    node('Equal', ['c', 'two'], ['e']),
    node('Squeeze', ['e'], ['c2']),
    ...choosing,
  ]);
  const folded = await foldShapes(given, evaluateConstants);
  expect(operators(folded)).toEqual(['If']);
  expect(await answers(folded)).toEqual(await answers(given));
});

test.each<[string, Model]>([
  [
    'sizes that the batch decides',
    model([
      node('Shape', ['x'], ['s']),
      node('Gather', ['s', 'zero'], ['b']),
      node('Cast', ['b'], ['y'], { to: 1 }),
    ]),
  ],
  [
    'an If that the data decide',
    model([
      node('ReduceMax', ['x'], ['m'], { keepdims: 0 }),
      node('Cast', ['m'], ['c'], { to: 9 }),
      ...choosing,
    ]),
  ],
  ['another free axis', model(half, [input('n', 6, 'h', 4)])],
  ['two inputs', model(half, [input('n', 6, 4, 4), valueInfo('z', 'float32', ['n'])])],
  [
    'a shape of what the data decide',
    model([
      node('NonZero', ['x'], ['i']),
      node('Shape', ['i'], ['s']),
      node('Cast', ['s'], ['y'], { to: 1 }),
    ]),
  ],
  [
    'a model that runs on one sample alone',
    model([
      node('Reshape', ['x', 'rest'], ['r']),
      node('Shape', ['r'], ['s']),
      node('Cast', ['s'], ['y'], { to: 1 }),
    ]),
  ],
])('%s: left alone', async (_, given) => {
  expect(await foldShapes(given, evaluateConstants)).toBe(given);
});
