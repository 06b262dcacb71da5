import { expect, test } from 'vitest';
import {
  type AttributeValue,
  buildModel,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { intOf, intsOf } from '../../../problems/compression/onnx/edit.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { padsWithin } from '../../../problems/compression/simplify/pads.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('pads');
const normal = (size: number) => Float32Array.from({ length: size }, () => random.normal());
const model = (nodes: readonly Node[], { sides = [0, 0, 0, 1, 0, 0, 2, 1], value = 0 } = {}) =>
  buildModel({
    opset: 13,
    inputs: [valueInfo('x', 'float32', ['n', 3, 6, 5])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [
      tensor('sides', 'int64', [8], BigInt64Array.from(sides, BigInt)),
      tensor('value', 'float32', [], Float32Array.of(value)),
      tensor('w', 'float32', [2, 3, 3, 3], normal(54)),
    ],
    nodes,
  });
const pad = (source: string) => node('Pad', [source, 'sides', 'value'], ['p']);
const relu = node('Relu', ['x'], ['r']);
const conv = (attributes: Readonly<Record<string, AttributeValue>> = {}) =>
  node('Conv', ['p', 'w'], ['y'], attributes);
const pool = (operator: string, attributes: Readonly<Record<string, AttributeValue>> = {}) =>
  node(operator, ['p'], ['y'], { kernel_shape: [3, 3], ...attributes });
const x = { data: normal(2 * 3 * 30), dims: [2, 3, 6, 5] };
const answers = async (built: ReturnType<typeof model>) => (await runOnnx(writeModel(built), { x })).y;

test.each([
  ['a convolution', [pad('x'), conv({ pads: [1, 0, 0, 1], strides: [2, 1] })], [1, 1, 2, 2]],
  ['an average', [pad('x'), pool('AveragePool')], [0, 1, 2, 1]],
  [
    'an average that counts its own',
    [pad('x'), pool('AveragePool', { pads: [1, 1, 0, 0], count_include_pad: 1 })],
    [1, 2, 2, 1],
  ],
  ['a maximum of what is not negative', [relu, pad('r'), pool('MaxPool')], [0, 1, 2, 1]],
])('%s takes the zeros before it in', async (_, nodes, pads) => {
  const given = model(nodes);
  const within = padsWithin(given);
  const last = within.graph.nodes[within.graph.nodes.length - 1];
  expect(within.graph.nodes.length).toBe(nodes.length - 1);
  expect(intsOf(last, 'pads')).toEqual(pads);
  if (last.opType === 'AveragePool') expect(intOf(last, 'count_include_pad', 0)).toBe(1);
  expect(furthest(await answers(within), await answers(given))).toBeLessThan(1e-5);
});

test.each<[string, ReturnType<typeof model>]>([
  ['of ones', model([pad('x'), conv()], { value: 1 })],
  ['of channels', model([pad('x'), pool('AveragePool')], { sides: [0, 1, 0, 0, 0, 0, 0, 0] })],
  ['that cuts', model([pad('x'), conv()], { sides: [0, 0, -1, 0, 0, 0, 0, 0] })],
  [
    'that reflects',
    model([{ ...pad('x'), ...node('Pad', ['x', 'sides'], ['p'], { mode: 'reflect' }) }, conv()]),
  ],
  ['before a maximum of any numbers', model([pad('x'), pool('MaxPool')])],
  [
    'before an average that does not count its own',
    model([pad('x'), pool('AveragePool', { pads: [1, 1, 1, 1] })]),
  ],
  ['as wide as the window', model([pad('x'), pool('AveragePool', { kernel_shape: [2, 2] })])],
  ['before a layer that pads by a rule', model([pad('x'), conv({ auto_pad: 'SAME_UPPER' })])],
  ['before one that rounds up', model([pad('x'), pool('AveragePool', { ceil_mode: 1 })])],
  [
    'that something else reads',
    model([pad('x'), node('Conv', ['p', 'w'], ['c']), node('Shape', ['p'], ['y'])]),
  ],
])('a Pad %s stays', (_, given) => {
  expect(padsWithin(given)).toBe(given);
});
