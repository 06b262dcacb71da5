import { expect, test } from 'vitest';
import { applyFullPlan } from '../../../problems/compression/full/apply-full-plan.js';
import { optimizedOperators } from '../../../problems/compression/inference/optimized-graph.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { toFloat16 } from '../../../problems/compression/onnx/float16.js';
import { ELEMENT_TYPE, type Node } from '../../../problems/compression/onnx/model.js';
import { computesInHalf, inSinglePrecision } from '../../../problems/compression/onnx/single-precision.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('half');
const normals = (size: number) => Float32Array.from({ length: size }, () => 0.3 * random.normal());
const half = (name: string, ...dims: number[]) =>
  tensor(name, 'float16', dims, toFloat16(normals(dims.reduce((a, b) => a * b))));
const weights = [half('w', 16, 3, 3, 3), half('b', 16), half('v', 16, 64), half('c', 64), half('u', 64, 4)];
const body = (x: string, y: string): Node[] => [
  node('Conv', [x, 'w', 'b'], ['conv']),
  node('Relu', ['conv'], ['r']),
  node('GlobalAveragePool', ['r'], ['p']),
  node('Flatten', ['p'], ['f']),
  node('Gemm', ['f', 'v', 'c'], ['g']),
  node('Relu', ['g'], ['h']),
  node('MatMul', ['h', 'u'], [y]),
];
const { float16, float32 } = ELEMENT_TYPE;
/** Float32 at its ports. */
const inside = () =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 6, 6])],
    outputs: [valueInfo('y', 'float32', ['n', 4])],
    initializers: weights,
    nodes: [
      node('Cast', ['x'], ['xh'], { to: float16 }),
      ...body('xh', 'yh'),
      node('Cast', ['yh'], ['y'], { to: float32 }),
    ],
  });
const pixels = normals(8 * 108);
const x = { data: pixels, dims: [8, 3, 6, 6] };

test('a network of float16 computes the same in float32, and no number is float16 inside', async () => {
  const wide = inSinglePrecision(inside());
  expect(wide.graph.initializers.every(({ dataType }) => dataType === float32)).toBe(true);
  expect(computesInHalf(wide)).toBe(false);
  const before = (await runOnnx(writeModel(inside()), { x })).y;
  const after = (await runOnnx(writeModel(wide), { x })).y;
  expect(furthest(before, after)).toBeLessThan(0.01 * Math.max(...before.map(Math.abs)));
});

test('inputs and outputs keep their type', () => {
  const ports = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float16', ['n', 3, 6, 6])],
    outputs: [valueInfo('y', 'float16', ['n', 4])],
    initializers: weights,
    nodes: body('x', 'y'),
  });
  const { graph } = inSinglePrecision(ports);
  expect([graph.inputs, graph.outputs]).toEqual([ports.graph.inputs, ports.graph.outputs]);
  const casts = graph.nodes.filter(({ opType }) => opType === 'Cast');
  expect(casts.map(({ inputs, attributes }) => [inputs[0], Number(attributes[0].i)])).toEqual([
    ['x', float32],
    [graph.nodes.at(-2)!.outputs[0], float16],
  ]);
});

test('weights that are only stored in float16 stay, and so does a network without any', () => {
  const stored = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 16])],
    outputs: [valueInfo('y', 'float32', ['n', 64])],
    initializers: [half('v', 16, 64)],
    nodes: [node('Cast', ['v'], ['w'], { to: float32 }), node('MatMul', ['x', 'w'], ['y'])],
  });
  expect(inSinglePrecision(stored)).toBe(stored);
});

test('its layers are pruned, refitted and computed on integers as those of any other; in float they are stored as they were', async () => {
  const calibration = {
    name: 'noise',
    count: 8,
    sampleShape: [3, 6, 6],
    labels: new Int32Array(8),
    read: (first: number, count: number, out: Float32Array) =>
      out.set(pixels.subarray(first * 108, (first + count) * 108)),
  };
  const plan = {
    channels: { keep: 0.5 },
    recovery: 'least-squares',
    quantization: { kind: 'static-int8' },
  } as const;
  const { model } = await applyFullPlan(inside(), plan, { calibration, threads: 1 });
  expect(await optimizedOperators(writeModel(model))).toMatchObject({ QLinearConv: 1, QGemm: 1 });
  const plain = await applyFullPlan(inside(), {}, { calibration, threads: 1 });
  expect(plain.notes).toContain('the model computed in float16, and computes in float32 now');
  const types = plain.model.graph.initializers.map(({ name, dataType }) => [
    name.replace(/_.*/, ''),
    dataType,
  ]);
  expect(types).toContainEqual(['w', float16]);
  expect(types).toContainEqual(['v', float16]);
});
