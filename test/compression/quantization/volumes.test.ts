import { expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { staticPlanOf } from '../../../problems/compression/quantization/static-plan.js';

test('convolutions of volumes of few channels stay in float, depthwise and wide ones do not', () => {
  const weight = (name: string, ...dims: number[]) =>
    tensor(name, 'float32', dims, new Float32Array(dims.reduce((a, b) => a * b)).fill(0.1));
  const model = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 2, 6, 6, 6])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [weight('a', 8, 2, 3, 3, 3), weight('b', 8, 1, 3, 3, 3), weight('c', 4, 8, 1, 1, 1)],
    nodes: [
      node('Conv', ['x', 'a'], ['u'], {}, { name: 'thin' }),
      node('Conv', ['u', 'b'], ['v'], { group: 8 }, { name: 'depthwise' }),
      node('Conv', ['v', 'c'], ['y'], {}, { name: 'wide' }),
    ],
  });
  const { layers, notes } = staticPlanOf(model, new Set());
  expect([...layers.values()].map(({ name }) => name)).toEqual(['depthwise', 'wide']);
  expect(notes).toEqual(['Conv thin stays in float: integers take longer on volumes of so few channels']);
});
