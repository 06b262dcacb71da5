import { expect, test } from 'vitest';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { asHardSigmoids } from '../../../problems/compression/simplify/hard-sigmoids.js';
import { runOnnx } from '../run-onnx.js';

const scalar = (name: string, value: number) => tensor(name, 'float32', [], Float32Array.of(value));

const build = (nodes: readonly Node[], opset = 17, factor = 6) =>
  buildModel({
    opset,
    inputs: [valueInfo('x', 'float32', ['n', 7])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [scalar('three', 3), scalar('zero', 0), scalar('six', 6), scalar('factor', factor)],
    nodes,
  });

const x = { data: Float32Array.of(-9, -3, -1, 0, 0.5, 3, 9), dims: [1, 7] };
const operators = ({ graph }: ReturnType<typeof build>) => graph.nodes.map(({ opType }) => opType);
const cut = [node('Add', ['three', 'x'], ['a']), node('Clip', ['a', 'zero', 'six'], ['c'])];

test.each<[string, Node[], number, number, string[]]>([
  ['relu6(x + 3) / 6', [...cut, node('Div', ['c', 'factor'], ['y'])], 17, 6, ['HardSigmoid']],
  ['relu6(x + 3) times a sixth', [...cut, node('Mul', ['factor', 'c'], ['y'])], 17, 1 / 6, ['HardSigmoid']],
  [
    'x relu6(x + 3) / 6',
    [...cut, node('Mul', ['x', 'c'], ['p']), node('Div', ['p', 'factor'], ['y'])],
    17,
    6,
    ['HardSigmoid', 'Mul'],
  ],
  [
    'bounds that are attributes',
    [
      cut[0],
      node('Clip', ['a'], ['c'], { min: float(0), max: float(6) }),
      node('Div', ['c', 'factor'], ['y']),
    ],
    10,
    6,
    ['HardSigmoid'],
  ],
])('%s is a HardSigmoid', async (_, nodes, opset, factor, wanted) => {
  const model = build(nodes, opset, factor);
  const changed = asHardSigmoids(model);
  expect(operators(changed)).toEqual(wanted);
  const [before, after] = [
    await runOnnx(writeModel(model), { x }),
    await runOnnx(writeModel(changed), { x }),
  ];
  after['y'].forEach((value, i) => {
    expect(value).toBeCloseTo(before['y'][i], 5);
  });
});

test.each<[string, Node[], number]>([
  ['values from 0 to 2', [...cut, node('Div', ['c', 'factor'], ['y'])], 3],
  ['a quotient by it', [...cut, node('Div', ['factor', 'c'], ['y'])], 6],
  [
    'a part that is read elsewhere',
    [...cut, node('Div', ['c', 'factor'], ['d']), node('Add', ['a', 'd'], ['y'])],
    6,
  ],
  [
    'a bound below 0',
    [cut[0], node('Clip', ['a', 'three', 'six'], ['c']), node('Div', ['c', 'factor'], ['y'])],
    6,
  ],
])('%s is none', (_, nodes, factor) => {
  const model = build(nodes, 17, factor);
  expect(asHardSigmoids(model)).toBe(model);
});
