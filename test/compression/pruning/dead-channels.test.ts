import { expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { removeDeadChannels } from '../../../problems/compression/pruning/dead-channels.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const random = randomOf('dead');
const normal = (size: number) => Float32Array.from({ length: size }, () => random.normal());

/** Conv of 4 channels, an operator, Conv of 3, pooling, product of 2: `change` may zero some of the weights before. */
function network(operator: string, change: (weights: Record<string, Float32Array>) => void): Model {
  const weights = {
    w1: normal(4 * 2 * 9),
    b1: normal(4),
    w2: normal(3 * 4 * 9),
    b2: normal(3),
    w3: normal(3 * 2),
  };
  change(weights);
  return buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 2, 6, 6])],
    outputs: [valueInfo('y', 'float32', ['n', 2])],
    initializers: [
      tensor('w1', 'float32', [4, 2, 3, 3], weights.w1),
      tensor('b1', 'float32', [4], weights.b1),
      tensor('w2', 'float32', [3, 4, 3, 3], weights.w2),
      tensor('b2', 'float32', [3], weights.b2),
      tensor('w3', 'float32', [3, 2], weights.w3),
    ],
    nodes: [
      node('Conv', ['x', 'w1', 'b1'], ['c1'], { pads: [1, 1, 1, 1] }),
      node(operator, ['c1'], ['r1']),
      node('Conv', ['r1', 'w2', 'b2'], ['c2']),
      node('GlobalAveragePool', ['c2'], ['p']),
      node('Flatten', ['p'], ['f']),
      node('MatMul', ['f', 'w3'], ['y']),
    ],
  });
}

const x = { data: normal(5 * 2 * 36), dims: [5, 2, 6, 6] };
const outputs = async (model: Model) => (await runOnnx(writeModel(model), { x })).y;
const sidesOf = (model: Model) =>
  ['w1', 'b1', 'w2', 'b2', 'w3'].map((name) => constantsOf(model.graph).get(name)!.dims.join('x'));
const unread = ({ w2 }: Record<string, Float32Array>) => {
  for (let f = 0; f < 3; f++) w2.fill(0, (f * 4 + 1) * 9, (f * 4 + 2) * 9);
};
const unmade = ({ w1, b1 }: Record<string, Float32Array>) => {
  w1.fill(0, 3 * 18, 4 * 18);
  b1[3] = 0;
};

test('a channel that nobody reads leaves, whatever it is, and one that is zero leaves; the outputs stay', async () => {
  const model = network('Relu', (weights) => {
    unread(weights);
    unmade(weights);
  });
  const smaller = removeDeadChannels(model);
  expect(sidesOf(smaller)).toEqual(['2x2x3x3', '2', '3x2x3x3', '3', '3x2']);
  expect(furthest(await outputs(smaller), await outputs(model))).toBeLessThan(1e-5);
});

test('a channel that is zero before an operator that makes something of nothing stays; an unread one leaves', async () => {
  const zero = network('Sigmoid', unmade);
  expect(removeDeadChannels(zero)).toBe(zero);
  const model = network('Sigmoid', unread);
  const smaller = removeDeadChannels(model);
  expect(sidesOf(smaller)[0]).toBe('3x2x3x3');
  expect(furthest(await outputs(smaller), await outputs(model))).toBeLessThan(1e-5);
});

test('a channel with a bias stays, and so does the network where nothing is dead', () => {
  const biased = network('Relu', ({ w1 }) => w1.fill(0, 3 * 18, 4 * 18));
  expect(removeDeadChannels(biased)).toBe(biased);
  const alive = network('Relu', () => {});
  expect(removeDeadChannels(alive)).toBe(alive);
});

test('where all channels are dead, one stays', async () => {
  const model = network('Relu', ({ w2 }) => w2.fill(0));
  const smaller = removeDeadChannels(model);
  expect(sidesOf(smaller)[0]).toBe('1x2x3x3');
  expect(furthest(await outputs(smaller), await outputs(model))).toBeLessThan(1e-6);
});
