import { describe, expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf, withConstants } from '../../../problems/compression/onnx/constants.js';
import type { Model, Tensor } from '../../../problems/compression/onnx/model.js';
import { rawOf, toFloat32, withRawData } from '../../../problems/compression/onnx/tensor.js';
import { openLayerDatabase } from '../../../problems/compression/recovery/database.js';
import { recover } from '../../../problems/compression/recovery/recover.js';
import { dataset, normal } from './network.js';

/** Six channels, a transposed convolution in two groups that makes the picture twice as large, and one that reads all. */
const larger = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
  outputs: [valueInfo('y', 'float32')],
  initializers: [
    normal('w', 6, 3, 3, 3),
    normal('b', 6),
    normal('up', 6, 4, 3, 2),
    normal('shift', 8),
    normal('t', 8, 5, 1, 1),
  ],
  nodes: [
    node('Conv', ['x', 'w', 'b'], ['c'], {}, { name: 'conv' }),
    node('Relu', ['c'], ['r']),
    node(
      'ConvTranspose',
      ['r', 'up', 'shift'],
      ['u'],
      { group: 2, strides: [2, 1], pads: [1, 0, 1, 1], output_padding: [1, 0] },
      { name: 'up' },
    ),
    node('ConvTranspose', ['u', 't'], ['y'], {}, { name: 'last' }),
  ],
});

const withValues = (model: Model, name: string, change: (value: number, i: number) => number): Model => {
  const before = constantsOf(model.graph).get(name)!;
  const changed = withRawData(before, rawOf(before.dataType, toFloat32(before).map(change)));
  return { ...model, graph: withConstants(model.graph, new Map([[name, changed]])) };
};
const valuesOf = (model: Model, name: string) => [...toFloat32(constantsOf(model.graph).get(name)!)];

test('a transposed convolution in groups finds its weights and its bias again', async () => {
  const database = await openLayerDatabase(larger, dataset, { threads: 1 });
  const spoilt = withValues(
    withValues(larger, 'up', (value, i) => value * (1 + (i % 3))),
    'shift',
    (value) => value + 1,
  );
  const { model, notes } = await recover(database, spoilt, { ridge: 0 });
  expect(notes).toEqual([]);
  for (const name of ['up', 'shift', 't'])
    for (const [i, value] of valuesOf(model, name).entries())
      expect(value).toBeCloseTo(valuesOf(larger, name)[i], 2);
});

test('its zeros stay zeros', async () => {
  const database = await openLayerDatabase(larger, dataset, { threads: 1 });
  const isZero = (i: number) => i % 5 === 0;
  const { model } = await recover(
    database,
    withValues(larger, 'up', (value, i) => (isZero(i) ? 0 : value)),
  );
  expect(valuesOf(model, 'up').map((value) => value === 0)).toEqual(
    Array.from({ length: 144 }, (_, i) => isZero(i)),
  );
});

/** Channels, then a layer of two groups that reads them with a kernel of two by three. */
const reading = (operator: 'Conv' | 'ConvTranspose', weight: Tensor, pads: readonly number[]) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [normal('w', 6, 3, 3, 3), normal('b', 6), weight, normal('shift', 8)],
    nodes: [
      node('Conv', ['x', 'w', 'b'], ['c'], {}, { name: 'conv' }),
      node('Relu', ['c'], ['r']),
      node(operator, ['r', 'reads', 'shift'], ['y'], { group: 2, pads: [...pads] }, { name: 'reads' }),
    ],
  });

describe('a transposed convolution without strides is the convolution with its kernel turned round', () => {
  const rows = toFloat32(normal('reads', 8, 3, 2, 3));
  /** Where element i of the transposed weight (6 x 4 x 2 x 3) stands in that of the convolution (8 x 3 x 2 x 3). */
  const turned = Int32Array.from({ length: 144 }, (_, i) => {
    const [input, feature, element] = [Math.floor(i / 24), Math.floor(i / 6) % 4, i % 6];
    const group = Math.floor(input / 3);
    return ((group * 4 + feature) * 3 + (input % 3)) * 6 + 5 - element;
  });
  const convolution = reading('Conv', normal('reads', 8, 3, 2, 3), [0, 1, 0, 1]);
  const transposed = reading(
    'ConvTranspose',
    tensor(
      'reads',
      'float32',
      [6, 4, 2, 3],
      Float32Array.from(turned, (at) => rows[at]),
    ),
    [1, 1, 1, 1],
  );
  const opened = [convolution, transposed].map((model) => openLayerDatabase(model, dataset, { threads: 1 }));

  test('so its weights cost as much', async () => {
    const [plain, other] = await Promise.all(opened);
    const wanted = (await plain.zeroCosts()).get('reads')!;
    (await other.zeroCosts()).get('reads')!.forEach((cost, i) => {
      expect(cost / wanted[turned[i]]).toBeCloseTo(1, 2);
    });
  });

  test('and the channels that it reads', async () => {
    const [plain, other] = await Promise.all(opened);
    const wanted = await plain.channelCosts();
    const costs = await other.channelCosts();
    expect([...costs.keys()].sort()).toEqual([...wanted.keys()].sort());
    expect(costs.size).toBe(3);
    for (const [name, cost] of costs) expect(cost / wanted.get(name)!).toBeCloseTo(1, 2);
    const sizes = await plain.channelActivations();
    for (const [name, size] of await other.channelActivations())
      expect(size / sizes.get(name)!).toBeCloseTo(1, 1);
  });
});
