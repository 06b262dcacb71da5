import { expect, test } from 'vitest';
import { buildModel, graph, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { withoutBranches } from '../../../problems/compression/simplify/branches.js';
import { runOnnx } from '../run-onnx.js';

const branch = (nodes: readonly Node[], output = 'r') =>
  graph({
    inputs: [],
    outputs: [valueInfo(output, 'float32')],
    initializers: [tensor('k', 'float32', [], Float32Array.of(3))],
    nodes,
  });
const model = (nodes: readonly Node[], yes = 1) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n']), valueInfo('asked', 'bool', [])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [tensor('yes', 'bool', [], Uint8Array.of(yes))],
    nodes,
  });
const plus = branch([node('Add', ['x', 'k'], ['r'])]);
const times = branch([node('Relu', ['x'], ['h']), node('Mul', ['h', 'k'], ['r'])]);
const x = { data: Float32Array.of(-2, 1, 5), dims: [3] };
const answers = async (built: ReturnType<typeof model>) =>
  (await runOnnx(writeModel(built), { x, asked: { data: true, dims: [] } })).y;

test.each([
  [1, ['Add', 'Identity'], [1, 4, 8]],
  [0, ['Relu', 'Mul', 'Identity'], [0, 3, 15]],
])('an If that is decided (%i) is the branch that it takes', async (yes, operators, expected) => {
  const straight = withoutBranches(
    model([node('If', ['yes'], ['y'], { then_branch: plus, else_branch: times })], yes),
  );
  expect(straight.graph.nodes.map(({ opType }) => opType)).toEqual(operators);
  expect(await answers(straight)).toEqual(expected);
});

test('branches with the same names inside do not get in the way of each other, nor of the graph', async () => {
  const given = model([
    node('If', ['yes'], ['h'], { then_branch: times, else_branch: plus }),
    node('If', ['yes'], ['z'], { then_branch: branch([node('Sub', ['h', 'k'], ['r'])]), else_branch: plus }),
    node('Add', ['z', 'h'], ['y']),
  ]);
  expect(await answers(withoutBranches(given))).toEqual([-3, 3, 27]);
});

test('one that an input decides stays', () => {
  const given = model([node('If', ['asked'], ['y'], { then_branch: plus, else_branch: times })]);
  expect(withoutBranches(given)).toBe(given);
});

test('one inside another is taken out when the outer one is gone', async () => {
  const inner = branch([node('If', ['yes'], ['r'], { then_branch: plus, else_branch: times })]);
  const given = model([node('If', ['yes'], ['y'], { then_branch: plus, else_branch: inner })]);
  expect(await answers(withoutBranches(given))).toEqual([1, 4, 8]);
  const deeper = model([node('If', ['yes'], ['y'], { then_branch: inner, else_branch: plus })]);
  const once = withoutBranches(deeper);
  expect(once.graph.nodes[0].opType).toBe('If');
  expect(await answers(withoutBranches(once))).toEqual([1, 4, 8]);
});
