import { expect, test } from 'vitest';
import { buildModel, node, valueInfo } from '../../../problems/compression/onnx/build.js';
import { inRunningOrder } from '../../../problems/compression/recovery/running-order.js';
import { normal } from './network.js';

const network = (nodes: Parameters<typeof buildModel>[0]['nodes']) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 8, 8])],
    outputs: [valueInfo('y', 'float32', ['n', 3, 8, 8])],
    initializers: [normal('w', 3, 3, 1, 1), normal('v', 3, 3, 1, 1), normal('b', 3)],
    nodes,
  });

const stepsOf = (model: ReturnType<typeof network>) =>
  inRunningOrder(model).steps.map((step) => step.map(({ layer }) => layer.name));

test('what an Add puts to a layer stands before it', () => {
  const { model, steps } = inRunningOrder(
    network([
      node('Conv', ['x', 'w'], ['a'], {}, { name: 'layer' }),
      node('Relu', ['x'], ['r'], {}, { name: 'other' }),
      node('Add', ['a', 'r'], ['y'], {}, { name: 'sum' }),
    ]),
  );
  expect(model.graph.nodes.map(({ name }) => name)).toEqual(['other', 'layer', 'sum']);
  expect(steps[0][0]).toMatchObject({ target: 'y', shortcut: 'r', biases: [null] });
});

test('layers with one weight come together where neither waits for the other', () => {
  const branches = network([
    node('Conv', ['x', 'w', 'b'], ['a'], {}, { name: 'one' }),
    node('Conv', ['a', 'v'], ['c'], {}, { name: 'behind it' }),
    node('Relu', ['x'], ['r']),
    node('Conv', ['r', 'w'], ['d'], {}, { name: 'other' }),
    node('Add', ['c', 'd'], ['y']),
  ]);
  expect(stepsOf(branches)).toEqual([['one', 'other'], ['behind it']]);
  const [[one, other]] = inRunningOrder(branches).steps;
  expect(one.biases).toEqual(['b', null]);
  expect(other.biases).toEqual(['b', null]);
  expect(inRunningOrder(branches).layers.map(({ layer }) => layer.name)).toEqual(['behind it']);
  const row = network([
    node('Conv', ['x', 'w'], ['a'], {}, { name: 'one' }),
    node('Conv', ['a', 'w'], ['y'], {}, { name: 'other' }),
  ]);
  expect(stepsOf(row)).toEqual([['one'], ['other']]);
});

test('where the sum of two layers with one weight is read, neither waits for what the other gives', () => {
  const [step] = inRunningOrder(
    network([
      node('Relu', ['x'], ['r']),
      node('Conv', ['x', 'w'], ['a'], {}, { name: 'one' }),
      node('Conv', ['r', 'w'], ['c'], {}, { name: 'other' }),
      node('Add', ['a', 'c'], ['y']),
    ]),
  ).steps;
  expect(step.map(({ target, shortcut }) => [target, shortcut])).toEqual([
    ['a', null],
    ['c', null],
  ]);
});

test('a weight that something of another form reads is named', () => {
  const { steps, sharing } = inRunningOrder(
    network([
      node('Conv', ['x', 'w'], ['a'], {}, { name: 'layer' }),
      node('Mul', ['a', 'w'], ['m']),
      node('Conv', ['m', 'v'], ['y'], {}, { name: 'free' }),
    ]),
  );
  expect(steps.map(([{ layer }]) => layer.name)).toEqual(['free']);
  expect(sharing).toEqual(['layer']);
});
