import { beforeAll, expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf, withConstants } from '../../../problems/compression/onnx/constants.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { residualBlocks, withoutBlocks } from '../../../problems/compression/pruning/residual-blocks.js';
import { nearer, targetsBehindBlocks } from '../../../problems/compression/recovery/block-targets.js';
import { type LayerDatabase, openLayerDatabase } from '../../../problems/compression/recovery/database.js';
import { recover } from '../../../problems/compression/recovery/recover.js';
import { inRunningOrder } from '../../../problems/compression/recovery/running-order.js';
import { dataset, normal } from './network.js';

/** Two blocks in a row, without anything that bends on their branches, and a Relu before the second. */
const model = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
  outputs: [valueInfo('y', 'float32', ['n', 10])],
  initializers: [
    normal('u', 6, 3, 1, 1),
    normal('c', 6),
    normal('v', 6, 6, 1, 1),
    normal('b', 6),
    normal('w', 6, 6, 1, 1),
    normal('h', 6, 10),
  ],
  nodes: [
    node('Conv', ['x', 'u', 'c'], ['a'], {}, { name: 'stem' }),
    node('Conv', ['a', 'v', 'b'], ['d'], {}, { name: 'first' }),
    node('Add', ['a', 'd'], ['s']),
    node('Relu', ['s'], ['r']),
    node('Conv', ['r', 'w'], ['e'], {}, { name: 'second' }),
    node('Add', ['r', 'e'], ['t']),
    node('Relu', ['t'], ['q']),
    node('GlobalAveragePool', ['q'], ['p']),
    node('Flatten', ['p'], ['f']),
    node('MatMul', ['f', 'h'], ['y'], {}, { name: 'head' }),
  ],
});

let database: LayerDatabase;
beforeAll(async () => {
  database = await openLayerDatabase(model, dataset, { threads: 1 });
});

const without = (...names: string[]) =>
  withoutBlocks(
    model,
    names,
    residualBlocks(model).map(({ name }) => name),
  );

test('the layer before blocks that left is to give what the last of them gave', async () => {
  const sums = async (compressed: Model) => {
    const { steps } = inRunningOrder(compressed);
    return targetsBehindBlocks(database, compressed, steps.flat());
  };
  expect(await sums(model)).toBeUndefined();
  const targets = await database.targets();
  const whole = (name: string) => targets.get(name)!.outputs;
  // Behind the first block the layer on its branch is fitted to the sum, so that the stem is to give the same.
  const first = await sums(without('v'));
  expect([...first!.keys()]).toEqual(['stem']);
  expect(first!.get('stem')!.positions).toEqual(targets.get('stem')!.positions);
  expect(first!.get('stem')!.outputs).not.toEqual(whole('stem'));
  const both = await sums(without('v', 'w'));
  expect([...both!.keys()]).toEqual(['stem']);
  expect(both!.get('stem')!.outputs).not.toEqual(first!.get('stem')!.outputs);
  // Without the second, the first block's sum is to be the second's.
  expect([...(await sums(without('w')))!.keys()]).toEqual(['first']);
});

test('a layer takes over a block that only multiplies', async () => {
  const { model: restored } = await recover(database, without('v'), { ridge: 0 });
  const [before, after] = [model, restored].map(({ graph }) => {
    const constants = constantsOf(graph);
    return (name: string) => toFloat32(constants.get(name)!);
  });
  const [u, v] = [before('u'), before('v')];
  after('u').forEach((value, i) => {
    const [f, k] = [Math.floor(i / 3), i % 3];
    let wanted = u[i];
    for (let j = 0; j < 6; j++) wanted += v[f * 6 + j] * u[j * 3 + k];
    expect(value).toBeCloseTo(wanted, 3);
  });
  expect(await database.divergence(restored)).toBeLessThan(1e-6);
});

test('of two networks the second is taken where its answers are decisively nearer', async () => {
  // The scores less a share: the squared error is the square of that share.
  const off = (share: number) => {
    const head = toFloat32(constantsOf(model.graph).get('h')!).map((value) => (1 - share) * value);
    const changed = new Map([['h', tensor('h', 'float32', [6, 10], head)]]);
    return { model: { ...model, graph: withConstants(model.graph, changed) } };
  };
  const [first, little, much] = [off(0.2), off(0.199), off(0.19)];
  expect(await nearer(database, first, much)).toBe(much);
  expect(await nearer(database, first, little)).toBe(first);
  expect(await nearer(database, much, first)).toBe(much);
});
