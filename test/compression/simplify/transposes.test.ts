import { expect, test } from 'vitest';
import {
  type AttributeValue,
  buildModel,
  float,
  graph,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import type { Model, Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { withoutTransposes } from '../../../problems/compression/simplify/transposes.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('transposes');
const normal = (size: number) => Float32Array.from({ length: size }, () => random.normal());
const integers = (name: string, ...values: number[]) =>
  tensor(name, 'int64', [values.length], BigInt64Array.from(values, BigInt));
const floats = (name: string, ...dims: number[]) =>
  tensor(name, 'float32', dims, normal(dims.reduce((product, dim) => product * dim, 1)));
const INITIALIZERS = [
  floats('w', 4, 4, 3, 3),
  floats('scalar'),
  floats('channels', 4),
  floats('column', 6, 1, 1),
  floats('whole', 1, 6, 5, 4),
  floats('deep', 1, 1, 6, 5, 4),
  floats('other', 1, 6, 5, 2),
  tensor('slope', 'float32', [4], Float32Array.of(0.1, 0.2, 0.3, 0.4)),
  integers('pads', 0, 1, 2, 3, 0, 0, 1, 2),
  integers('parts', 1, 3),
  integers('two', 2, 2),
  integers('spots', 1, -2),
  integers('axis', 2),
];
/** A network of pictures of 4 channels, 6 rows and 5 columns. */
const model = (nodes: readonly Node[], { opset = 13, outputs = ['y'], input = ['n', 4, 6, 5] } = {}) =>
  buildModel({
    opset,
    inputs: [valueInfo('x', 'float32', input)],
    outputs: outputs.map((name) => valueInfo(name, 'float32')),
    initializers: INITIALIZERS,
    nodes,
  });
const last = (source: string, output: string) =>
  node('Transpose', [source], [output], { perm: [0, 2, 3, 1] });
const first = (source: string, output: string) =>
  node('Transpose', [source], [output], { perm: [0, 3, 1, 2] });
const x = { data: normal(2 * 120), dims: [2, 4, 6, 5] };
const run = (built: Model, input = x) => runOnnx(writeModel(built), { x: input });
const operators = ({ graph: { nodes } }: Model) => nodes.map(({ opType }) => opType);
const transposes = (built: Model) => operators(built).filter((operator) => operator === 'Transpose').length;
const same = async (a: Model, b: Model, input = x) => {
  const [before, after] = [await run(a, input), await run(b, input)];
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const name of Object.keys(before)) expect(furthest(before[name], after[name])).toBeLessThan(1e-5);
};
const one = (
  operator: string,
  inputs: readonly string[] = [],
  attributes: Readonly<Record<string, AttributeValue>> = {},
) => node(operator, ['t', ...inputs], ['v'], attributes);

test.each<[string, readonly Node[], number?]>([
  ['one function', [one('LeakyRelu', [], { alpha: float(0.3) })]],
  ['bounds', [one('Clip', ['', 'scalar'])]],
  ['a sum with a number', [one('Add', ['scalar'])]],
  ['a product with a number a channel', [one('Mul', ['channels'])]],
  ['a difference of a number a row', [node('Sub', ['column', 't'], ['v'])]],
  ['a quotient of a whole picture', [one('Div', ['whole'])]],
  ['a slope a channel', [one('PRelu', ['slope'])]],
  ['two values', [node('Sigmoid', ['t'], ['s']), node('Mul', ['s', 't'], ['v'])]],
  ['a choice', [node('Greater', ['t', 'scalar'], ['g']), node('Where', ['g', 't', 'channels'], ['v'])]],
  ['zeros around', [one('Pad', ['pads'])]],
  ['zeros around, of old', [one('Pad', [], { pads: [0, 1, 2, 3, 0, 0, 1, 2] })], 9],
  [
    'a value behind another',
    [node('Concat', ['t', 'u', 't'], ['v'], { axis: -1 })].toSpliced(0, 0, last('x', 'u')),
  ],
  [
    'parts',
    [node('Split', ['t', 'two'], ['a', 'b'], { axis: 3 }), node('Concat', ['b', 'a'], ['v'], { axis: 2 })],
  ],
  ['unequal parts', [node('Split', ['t', 'parts'], ['a', 'b'], { axis: 3 }), node('Sub', ['b', 'a'], ['v'])]],
  ['probabilities of channels', [one('Softmax')]],
  ['their logarithms for rows', [one('LogSoftmax', [], { axis: 1 })]],
  ['a mean over places', [one('ReduceMean', [], { axes: [1, 2] })]],
  ['a sum over named axes', [one('ReduceSum', ['spots'])]],
])('Transposes around %s undo each other', async (_, nodes, opset = 13) => {
  const given = model([last('x', 't'), ...nodes, first('v', 'y')], { opset });
  const left = withoutTransposes(given);
  expect(transposes(left)).toBe(0);
  await same(given, left);
});

test.each<[string, readonly Node[]]>([
  ['a mean over places', [one('ReduceMean', [], { axes: [1, -2], keepdims: 0 })]],
  ['a largest value over all', [one('ReduceMax', [], { axes: [0, 1, 2, 3], keepdims: 0 })]],
  [
    'an axis that was 1',
    [node('ReduceMean', ['t'], ['m'], { axes: [1, 2] }), node('Squeeze', ['m', 'spots'], ['v'])],
  ],
])('a Transpose goes where %s takes the axes away that it moves', async (_, nodes) => {
  const given = model([last('x', 't'), ...nodes, node('Neg', ['v'], ['y'])]);
  const left = withoutTransposes(given);
  expect(transposes(left)).toBe(0);
  await same(given, left);
});

test('of the axes that a mean leaves, those stay permuted that were', async () => {
  const given = model([
    last('x', 't'),
    node('ReduceMean', ['t'], ['m'], { axes: [1], keepdims: 0 }),
    node('Transpose', ['m'], ['v'], { perm: [0, 2, 1] }),
    node('Neg', ['v'], ['y']),
  ]);
  const left = withoutTransposes(given);
  expect(transposes(left)).toBe(0);
  await same(given, left);
});

test('convolutions with the channels last keep one Transpose at the input and one at the end', async () => {
  const block = (source: string, name: string) => [
    node('Pad', [source, 'around'], [`${name}p`]),
    first(`${name}p`, `${name}f`),
    node('Conv', [`${name}f`, 'w'], [`${name}c`]),
    last(`${name}c`, `${name}l`),
    node('Add', [`${name}l`, 'channels'], [`${name}a`]),
    node('Relu', [`${name}a`], [name]),
  ];
  const built = model(
    [
      ...block('x', 'a'),
      ...block('a', 'b'),
      node('Add', ['a', 'b'], ['s']),
      ...block('s', 'd'),
      node('Flatten', ['d'], ['y']),
    ],
    { input: ['n', 6, 5, 4] },
  );
  const initializers = [...INITIALIZERS, integers('around', 0, 1, 1, 0, 0, 1, 1, 0)];
  const given = { ...built, graph: { ...built.graph, initializers } };
  const left = withoutTransposes(given);
  expect(transposes(given)).toBe(6);
  const found = operators(left);
  expect(found[0]).toBe('Transpose');
  expect(found.slice(-2)).toEqual(['Transpose', 'Flatten']);
  expect(transposes(left)).toBe(2);
  await same(given, left, { ...x, dims: [2, 6, 5, 4] });
});

test('equal Transposes of a value become one', async () => {
  const given = model([
    last('x', 't'),
    last('x', 'u'),
    node('MatMul', ['t', 'w4'], ['a']),
    node('MatMul', ['u', 'w4'], ['b']),
    node('Add', ['a', 'b'], ['y']),
  ]);
  const built = { ...given, graph: { ...given.graph, initializers: [floats('w4', 4, 3)] } };
  const left = withoutTransposes(built);
  expect(transposes(left)).toBe(1);
  await same(built, left);
});

test('Transposes one behind the other become one, also without the axes named', async () => {
  const given = model([
    node('Transpose', ['x'], ['t']),
    node('Transpose', ['t'], ['u'], { perm: [3, 1, 2, 0] }),
    node('Transpose', ['u'], ['v'], { perm: [0, 3, 2, 1] }),
    node('Neg', ['v'], ['y']),
  ]);
  const left = withoutTransposes(given);
  expect(transposes(left)).toBe(1);
  await same(given, left);
});

test('outputs keep their names, and so do values that the body of an If reads', async () => {
  const branch = (operator: string) =>
    graph({ inputs: [], outputs: [valueInfo('r', 'float32')], nodes: [node(operator, ['v'], ['r'])] });
  const given = model(
    [
      last('x', 't'),
      node('Relu', ['t'], ['v']),
      first('v', 'w1'),
      node('Exp', ['w1'], ['e']),
      last('e', 'u'),
      first('u', 'z'),
      node('ReduceMax', ['x'], ['m'], { keepdims: 0 }),
      node('Greater', ['m', 'scalar'], ['g']),
      node('If', ['g'], ['y'], { then_branch: branch('Neg'), else_branch: branch('Exp') }),
    ],
    { outputs: ['y', 'z', 'w1'] },
  );
  const left = withoutTransposes(given);
  expect(transposes(left)).toBe(1);
  await same(given, left);
});

test.each<[string, Model]>([
  ['no fewer', model([last('x', 't'), node('Relu', ['t'], ['y'])])],
  [
    'more',
    model([last('x', 't'), node('Relu', ['t'], ['y']), node('Exp', ['t'], ['z'])], { outputs: ['y', 'z'] }),
  ],
  [
    'of another permutation',
    model(
      [
        last('x', 't'),
        node('Transpose', ['x'], ['u'], { perm: [0, 2, 1, 3] }),
        node('Concat', ['t', 'u'], ['c'], { axis: 0 }),
        first('c', 'y'),
      ],
      { input: ['n', 5, 5, 5] },
    ),
  ],
  [
    'around a value that is not permuted',
    model(
      [last('x', 't'), one('Mul', ['one']), first('v', 'y')].toSpliced(
        0,
        0,
        node('ReduceMean', ['x'], ['one']),
      ),
    ),
  ],
  [
    'around a constant with more axes',
    model([last('x', 't'), one('Mul', ['deep']), node('Neg', ['v'], ['y'])]),
  ],
  [
    'around a mean over channels',
    model([last('x', 't'), one('ReduceMean', [], { axes: [-1] }), first('v', 'y')]),
  ],
  ['around a product', model([last('x', 't'), one('MatMul', ['square']), first('v', 'y')])],
  [
    'around what old operators flatten',
    model([last('x', 't'), one('Softmax'), first('v', 'y')], { opset: 12 }),
  ],
  ['around another domain', model([last('x', 't'), { ...one('Relu'), domain: 'mine' }, first('v', 'y')])],
])('Transposes stay that would be %s', (_, given) => {
  expect(withoutTransposes(given)).toBe(given);
});

test('Transposes of one path stay where only those of another become fewer', async () => {
  const given = model(
    [
      last('x', 't'),
      node('Relu', ['t'], ['v']),
      first('v', 'y'),
      node('Exp', ['x'], ['e']),
      last('e', 'u'),
      node('Neg', ['u'], ['z']),
    ],
    { outputs: ['y', 'z'] },
  );
  const left = withoutTransposes(given);
  expect(left.graph.nodes.slice(-2)).toEqual(given.graph.nodes.slice(-2));
  expect(transposes(left)).toBe(1);
  await same(given, left);
});
