import { expect, test } from 'vitest';
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
import { foldBatchNorms } from '../../../problems/compression/simplify/batch-norm.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('batch norm');
const normal = (name: string, ...dims: number[]) =>
  tensor(
    name,
    'float32',
    dims,
    Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => random.normal()),
  );
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
  const folded = foldBatchNorms(plain);
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
  const folded = foldBatchNorms(plain);
  expect(folded.graph.nodes.map(({ opType }) => opType)).toEqual(['ConvTranspose']);
  const before = await answers(plain);
  expect(furthest(before, await answers(folded))).toBeLessThan(1e-5 * Math.max(...before.map(Math.abs)));
  const grouped = built(2);
  expect(foldBatchNorms(grouped)).toBe(grouped);
});

test('a convolution that something else reads keeps its normalisation apart', () => {
  const shared = model([
    node('Conv', ['x', 'w'], ['c'], { group: 2 }),
    norm('c', 'z'),
    node('Add', ['z', 'c'], ['y']),
  ]);
  expect(foldBatchNorms(shared)).toBe(shared);
  const output = model([node('Conv', ['x', 'w'], ['c'], { group: 2 }), norm('c', 'y')], ['y', 'c']);
  expect(foldBatchNorms(output)).toBe(output);
});

test('weights that two convolutions share are folded apart', async () => {
  const plain = model([
    node('Conv', ['x', 'w', 'b'], ['c1'], { group: 2 }),
    norm('c1', 'n1'),
    node('Conv', ['x', 'w', 'b'], ['c2'], { group: 2 }),
    node('Add', ['n1', 'c2'], ['y']),
  ]);
  const folded = foldBatchNorms(plain);
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
  const folded = foldBatchNorms(plain);
  expect(folded.graph.nodes.map(({ opType }) => opType)).toEqual(['Gemm']);
  const rows = { x: { data: x.data.subarray(0, 40), dims: [10, 4] } };
  const [before, after] = await Promise.all(
    [plain, folded].map(async (built) => (await runOnnx(writeModel(built), rows)).y),
  );
  expect(furthest(before, after)).toBeLessThan(1e-5 * Math.max(...before.map(Math.abs)));
  const scaled = linear({ alpha: float(0.5) });
  expect(foldBatchNorms(scaled)).toBe(scaled);
});
