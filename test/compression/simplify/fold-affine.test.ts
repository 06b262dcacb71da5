import { describe, expect, test } from 'vitest';
import {
  type AttributeValue,
  buildModel,
  float,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { foldAffine } from '../../../problems/compression/simplify/fold-affine.js';
import { randomOf } from '../../../src/index.js';
import { randomTensors } from '../random-tensors.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('batch norm');
const normal = randomTensors('batch norm constants');
const initializers = [
  normal('w', 6, 2, 3, 3),
  normal('b', 6),
  normal('scale', 6),
  normal('shift', 6),
  normal('mean', 6),
  tensor('variance', 'float32', [6], Float32Array.of(0.1, 1, 2, 0, 5, 100)),
];
const norm = (x: string, y: string) =>
  node('BatchNormalization', [x, 'scale', 'shift', 'mean', 'variance'], [y], { epsilon: float(0.001) });
const model = (nodes: readonly Node[], outputs = ['y']) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 4, 7, 7])],
    outputs: outputs.map((name) => valueInfo(name, 'float32', ['n', 6, null, null])),
    initializers,
    nodes,
  });
const x = { data: Float32Array.from({ length: 2 * 4 * 49 }, () => random.normal()), dims: [2, 4, 7, 7] };
const answers = async (built: ReturnType<typeof model>) => (await runOnnx(writeModel(built), { x })).y;

test.each([
  ['with a bias', ['x', 'w', 'b']],
  ['without one', ['x', 'w']],
])('a grouped convolution %s takes the normalisation behind it in', async (_, inputs) => {
  const plain = model([node('Conv', inputs, ['c'], { group: 2 }), norm('c', 'y')]);
  const folded = foldAffine(plain);
  expect(folded.graph.nodes.map(({ opType }) => opType)).toEqual(['Conv']);
  const left = folded.graph.initializers.map(({ name }) => name);
  for (const gone of ['w', 'scale', 'shift', 'mean', 'variance']) expect(left).not.toContain(gone);
  const before = await answers(plain);
  expect(furthest(before, await answers(folded))).toBeLessThan(1e-5 * Math.max(...before.map(Math.abs)));
});

test('a transposed convolution takes it in along its second axis, and one in groups does not', async () => {
  const transposed = model([]);
  const initializersOf = (features: number) =>
    initializers.map((old) => (old.name === 'w' ? normal('w', 4, features, 3, 3) : old));
  const built = (group: number) => ({
    ...transposed,
    graph: {
      ...transposed.graph,
      initializers: initializersOf(6 / group),
      nodes: [node('ConvTranspose', ['x', 'w', 'b'], ['c'], { group }), norm('c', 'y')],
    },
  });
  const plain = built(1);
  const folded = foldAffine(plain);
  expect(folded.graph.nodes.map(({ opType }) => opType)).toEqual(['ConvTranspose']);
  const before = await answers(plain);
  expect(furthest(before, await answers(folded))).toBeLessThan(1e-5 * Math.max(...before.map(Math.abs)));
  const grouped = built(2);
  expect(foldAffine(grouped)).toBe(grouped);
});

test('a convolution that something else reads keeps its normalisation apart', () => {
  const shared = model([
    node('Conv', ['x', 'w'], ['c'], { group: 2 }),
    norm('c', 'z'),
    node('Add', ['z', 'c'], ['y']),
  ]);
  expect(foldAffine(shared)).toBe(shared);
  const output = model([node('Conv', ['x', 'w'], ['c'], { group: 2 }), norm('c', 'y')], ['y', 'c']);
  expect(foldAffine(output)).toBe(output);
});

test('weights that two convolutions share are folded apart', async () => {
  const plain = model([
    node('Conv', ['x', 'w', 'b'], ['c1'], { group: 2 }),
    norm('c1', 'n1'),
    node('Conv', ['x', 'w', 'b'], ['c2'], { group: 2 }),
    node('Add', ['n1', 'c2'], ['y']),
  ]);
  const folded = foldAffine(plain);
  expect(folded.graph.nodes.length).toBe(3);
  expect(folded.graph.initializers.map(({ name }) => name)).toContain('w');
  expect(furthest(await answers(plain), await answers(folded))).toBeLessThan(1e-3);
});

test.each([
  ['rows for features', { transB: 1 }, [6, 4]],
  ['columns for features', {}, [4, 6]],
])('a linear layer with %s takes the normalisation behind it in', async (_, attributes, dims) => {
  const linear = (more: Readonly<Record<string, AttributeValue>>) =>
    buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', 4])],
      outputs: [valueInfo('y', 'float32', ['n', 6])],
      initializers: [normal('w', ...dims), ...initializers.slice(1)],
      nodes: [node('Gemm', ['x', 'w', 'b'], ['g'], { ...attributes, ...more }), norm('g', 'y')],
    });
  const plain = linear({});
  const folded = foldAffine(plain);
  expect(folded.graph.nodes.map(({ opType }) => opType)).toEqual(['Gemm']);
  const rows = { x: { data: x.data.subarray(0, 40), dims: [10, 4] } };
  const [before, after] = await Promise.all(
    [plain, folded].map(async (built) => (await runOnnx(writeModel(built), rows)).y),
  );
  expect(furthest(before, after)).toBeLessThan(1e-5 * Math.max(...before.map(Math.abs)));
  const scaled = linear({ alpha: float(0.5) });
  expect(foldAffine(scaled)).toBe(scaled);
});

describe('sums and products with constants', () => {
  const constants = [
    tensor('half', 'float32', [], Float32Array.of(0.5)),
    tensor('each', 'float32', [4, 1, 1], Float32Array.of(1, -2, 3, 0.5)),
    normal('k', 4),
    normal('m', 4, 5),
    normal('five', 5),
    normal('c', 6, 4, 3, 3),
    normal('g', 6, 2, 3, 3),
    tensor('positive', 'float32', [4], Float32Array.of(0.1, 1, 2, 5)),
  ];
  const pictures = (nodes: readonly Node[], channels = 4) =>
    buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', channels, 7, 7])],
      outputs: [valueInfo('y', 'float32')],
      initializers: [...initializers, ...constants],
      nodes,
    });
  const norm4 = (from: string, to: string) =>
    node('BatchNormalization', [from, 'k', 'k', 'k', 'positive'], [to]);
  const shift = [node('Sub', ['x', 'half'], ['s']), node('Div', ['s', 'each'], ['t'])];
  const scale = node('Div', ['x', 'each'], ['t']);
  const operators = (built: ReturnType<typeof model>) => built.graph.nodes.map(({ opType }) => opType);
  const nearly = async (given: ReturnType<typeof model>, folded: ReturnType<typeof model>) => {
    const before = await answers(given);
    expect(furthest(before, await answers(folded))).toBeLessThan(1e-5 * Math.max(1, ...before.map(Math.abs)));
  };

  test.each<[string, Node[], string[]]>([
    ['a convolution behind them', [...shift, node('Conv', ['t', 'c', 'b'], ['y'])], ['Conv']],
    ['one in groups', [...shift, node('Conv', ['t', 'g'], ['y'], { group: 2 })], ['Conv']],
    [
      'one that pads, without offsets',
      [scale, node('Conv', ['t', 'c'], ['y'], { pads: [1, 1, 1, 1] })],
      ['Conv'],
    ],
    [
      'a convolution before them, from the left',
      [node('Conv', ['x', 'c'], ['a']), node('Sub', ['half', 'a'], ['y'])],
      ['Conv'],
    ],
    [
      'one node before a convolution that pads',
      [...shift, norm4('t', 'u'), node('Conv', ['u', 'c'], ['y'], { pads: [1, 1, 1, 1] })],
      ['BatchNormalization', 'Conv'],
    ],
    [
      'one sum where nothing is a layer',
      [node('Add', ['x', 'half'], ['s']), node('Sub', ['s', 'each'], ['t']), node('Relu', ['t'], ['y'])],
      ['Add', 'Relu'],
    ],
  ])('become part of %s', async (_, nodes, expected) => {
    const folded = foldAffine(pictures(nodes));
    expect(operators(folded)).toEqual(expected);
    await nearly(pictures(nodes), folded);
  });

  test.each<[string, Node[], string[]]>([
    [
      'a product behind a normalisation',
      [norm4('r', 'u'), node('Gemm', ['u', 'm', 'five'], ['y'])],
      ['Relu', 'Gemm'],
    ],
    [
      'a product of matrices, whose offset stays beside it',
      [
        node('MatMul', ['r', 'm'], ['p']),
        node('Add', ['five', 'p'], ['q']),
        node('Mul', ['q', 'five'], ['y']),
      ],
      ['Relu', 'MatMul', 'Add'],
    ],
  ])('become part of %s', async (_, nodes, expected) => {
    const rows = buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', 4])],
      outputs: [valueInfo('y', 'float32', ['n', 5])],
      initializers: constants,
      nodes: [node('Relu', ['x'], ['r']), ...nodes],
    });
    const folded = foldAffine(rows);
    expect(operators(folded)).toEqual(expected);
    const feed = { x: { data: x.data.subarray(0, 40), dims: [10, 4] } };
    const [before, after] = await Promise.all(
      [rows, folded].map(async (built) => (await runOnnx(writeModel(built), feed)).y),
    );
    expect(furthest(before, after)).toBeLessThan(1e-5);
  });

  test.each<[string, ReturnType<typeof model>]>([
    ['that make channels of one', pictures([scale, node('Conv', ['t', 'c'], ['y'])], 1)],
    [
      'with an offset before a convolution that pads',
      pictures([
        node('Add', ['x', 'half'], ['t']),
        node('Conv', ['t', 'c'], ['y'], { auto_pad: 'SAME_UPPER' }),
      ]),
    ],
    ['that divide', pictures([node('Conv', ['x', 'c'], ['a']), node('Div', ['half', 'a'], ['y'])])],
    [
      'at the end of a GELU, which runtimes know by its form',
      pictures([
        node('Erf', ['x'], ['e']),
        node('Mul', ['x', 'e'], ['m']),
        node('Mul', ['m', 'half'], ['g']),
        node('Conv', ['g', 'c'], ['y']),
      ]),
    ],
    [
      'behind what is no layer',
      pictures([
        node('Conv', ['x', 'c'], ['a']),
        node('Relu', ['a'], ['r']),
        node('Add', ['r', 'half'], ['y']),
      ]),
    ],
  ])('%s stay', (_, given) => {
    expect(foldAffine(given)).toBe(given);
  });
});
