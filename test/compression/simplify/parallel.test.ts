import { expect, test } from 'vitest';
import {
  type AttributeValue,
  buildModel,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { parallelSummed } from '../../../problems/compression/simplify/parallel.js';
import { randomOf } from '../../../src/index.js';
import { randomTensors } from '../random-tensors.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('parallel');
const normal = randomTensors('parallel constants');
const initializers = [
  normal('three', 4, 4, 3, 3),
  normal('other', 4, 4, 3, 3),
  normal('one', 4, 4, 1, 1),
  normal('wide', 4, 4, 1, 3),
  normal('grouped', 4, 2, 3, 3),
  normal('b', 4),
  normal('k', 4),
  tensor('v', 'float32', [4], Float32Array.of(0.2, 1, 3, 9)),
];
const model = (nodes: readonly Node[], outputs = ['y']) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 4, 8, 7])],
    outputs: outputs.map((name) => valueInfo(name, 'float32')),
    initializers,
    nodes,
  });
const conv = (inputs: string[], output: string, attributes: Readonly<Record<string, AttributeValue>> = {}) =>
  node('Conv', inputs, [output], attributes);
const add = (a: string, b: string, sum: string) => node('Add', [a, b], [sum]);
const norm = (output: string) => node('BatchNormalization', ['x', 'k', 'b', 'k', 'v'], [output]);
const padded = { pads: [1, 1, 1, 1] };
const x = { data: Float32Array.from({ length: 2 * 4 * 56 }, () => random.normal()), dims: [2, 4, 8, 7] };
const answers = async (built: ReturnType<typeof model>) => (await runOnnx(writeModel(built), { x })).y;

test.each<[string, Node[]]>([
  [
    'of three and of one',
    [conv(['x', 'three', 'b'], 'a', padded), conv(['x', 'one'], 'c'), add('a', 'c', 'y')],
  ],
  [
    'of one and of three, in steps',
    [
      conv(['x', 'one'], 'a', { strides: [2, 2] }),
      conv(['x', 'three'], 'c', { ...padded, strides: [2, 2] }),
      add('a', 'c', 'y'),
    ],
  ],
  ['of the same size', [conv(['x', 'three'], 'a'), conv(['x', 'other', 'b'], 'c'), add('c', 'a', 'y')]],
  [
    'with holes, and of one',
    [
      conv(['x', 'three'], 'a', { pads: [2, 2, 2, 2], dilations: [2, 2] }),
      conv(['x', 'one'], 'c'),
      add('a', 'c', 'y'),
    ],
  ],
  [
    'padded on one side, and of a row',
    [
      conv(['x', 'three'], 'a', { pads: [2, 1, 0, 1] }),
      conv(['x', 'wide'], 'c', { pads: [0, 1, 0, 1] }),
      add('a', 'c', 'y'),
    ],
  ],
  [
    'in groups, and a normalisation',
    [norm('a'), conv(['x', 'grouped', 'b'], 'c', { ...padded, group: 2 }), add('a', 'c', 'y')],
  ],
  [
    'of three, of one, and a normalisation',
    [
      conv(['x', 'three', 'b'], 'a', padded),
      conv(['x', 'one'], 'c'),
      norm('d'),
      add('a', 'c', 's'),
      add('s', 'd', 'y'),
    ],
  ],
])('windows %s are one convolution', async (_, nodes) => {
  const given = model(nodes);
  const one = parallelSummed(given);
  expect(one.graph.nodes.map(({ opType }) => opType)).toEqual(['Conv']);
  expect(constantsOf(one.graph).size).toBe(initializersUnread(nodes) + 2);
  const before = await answers(given);
  expect(furthest(before, await answers(one))).toBeLessThan(1e-5 * Math.max(...before.map(Math.abs)));
});

/** Constants that no node of the network read before stay as they are. */
const initializersUnread = (nodes: readonly Node[]) =>
  initializers.filter(({ name }) => !nodes.some(({ inputs }) => inputs.includes(name))).length;

test.each<[string, ReturnType<typeof model>]>([
  [
    'that something else reads',
    model([conv(['x', 'three'], 'a', padded), conv(['x', 'one'], 'y'), add('a', 'y', 'z')], ['y', 'z']),
  ],
  [
    'of different inputs',
    model([
      conv(['x', 'three'], 'a', padded),
      conv(['a', 'one'], 'c'),
      conv(['x', 'one'], 'd'),
      add('c', 'd', 'y'),
    ]),
  ],
  [
    'of different groups',
    model([conv(['x', 'three'], 'a'), conv(['x', 'grouped'], 'c', { group: 2 }), add('a', 'c', 'y')]),
  ],
  [
    'that lie apart',
    model([
      conv(['x', 'three'], 'a', { pads: [0, 1, 0, 1] }),
      conv(['x', 'wide'], 'c', { pads: [0, 0, 0, 2] }),
      add('a', 'c', 'y'),
    ]),
  ],
  [
    'of different steps',
    model([
      conv(['x', 'three'], 'a', { ...padded, strides: [8, 7] }),
      conv(['x', 'one'], 'c'),
      add('a', 'c', 'y'),
    ]),
  ],
])('convolutions %s stay apart', (_, given) => {
  expect(parallelSummed(given)).toBe(given);
});
