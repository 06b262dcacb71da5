import { expect, test } from 'vitest';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { powersAsRoots } from '../../../problems/compression/simplify/powers.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('powers');
const x = { data: Float32Array.from({ length: 2 * 7 * 9 }, () => 3 * random.normal()), dims: [2, 7, 3, 3] };
const model = (nodes: readonly Node[], { opset = 17, exponent = 0.75, dims = [] as number[] } = {}) =>
  buildModel({
    opset,
    inputs: [valueInfo('x', 'float32', ['n', 7, 3, 3])],
    outputs: [valueInfo('y', 'float32', ['n', 7, 3, 3])],
    initializers: [tensor('e', 'float32', dims, Float32Array.of(exponent))],
    nodes,
  });
const power = [node('Abs', ['x'], ['a']), node('Pow', ['a', 'e'], ['y'])];
const answers = async (built: ReturnType<typeof model>) => (await runOnnx(writeModel(built), { x })).y;

test.each([
  [0.5, ['Abs', 'Sqrt']],
  [0.25, ['Abs', 'Sqrt', 'Sqrt']],
  [0.75, ['Abs', 'Sqrt', 'Sqrt', 'Mul']],
])('a power of %f is computed by square roots', async (exponent, operators) => {
  const given = model(power, { exponent });
  // The ranks of what Abs makes are told by the file.
  const told = {
    ...given,
    graph: { ...given.graph, valueInfo: [valueInfo('a', 'float32', ['n', 7, 3, 3])] },
  };
  const rooted = powersAsRoots(told);
  expect(rooted.graph.nodes.map(({ opType }) => opType)).toEqual(operators);
  const expected = [...x.data].map((value) => Math.abs(value) ** exponent);
  expect(furthest(await answers(rooted), expected)).toBeLessThan(1e-6);
});

test.each([
  ['of another exponent', model(power, { exponent: 0.6 })],
  [
    'of an exponent that adds an axis',
    model(
      power.slice(1).map((old) => ({ ...old, inputs: ['x', 'e'] })),
      { dims: [1, 1, 1, 1, 1] },
    ),
  ],
  ['that is computed', model([node('Pow', ['x', 'x'], ['y'])])],
])('a power %s stays', (_, given) => {
  expect(powersAsRoots(given)).toBe(given);
});

test.each([
  [17, 5, 0.75],
  [11, 5, 0.75],
  [13, 3, 0.6],
])(
  'responses normalised over neighbouring channels (set %i, %i of them, power %f) are written out',
  async (opset, size, beta) => {
    const given = model(
      [node('LRN', ['x'], ['y'], { size, alpha: float(0.3), beta: float(beta), bias: float(1.5) })],
      { opset },
    );
    const written = powersAsRoots(given);
    expect(written.graph.nodes.map(({ opType }) => opType)).not.toContain('LRN');
    expect(furthest(await answers(written), await answers(given))).toBeLessThan(1e-5);
  },
);
