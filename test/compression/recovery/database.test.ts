import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCifar10 } from '../../../problems/compression/data/cifar10.js';
import type { Dataset } from '../../../problems/compression/data/dataset.js';
import { applyFullPlan } from '../../../problems/compression/full/apply-full-plan.js';
import type { FullPlan } from '../../../problems/compression/full/full-plan.js';
import { zeroWeights } from '../../../problems/compression/full/zero-weights.js';
import { openInference } from '../../../problems/compression/inference/evaluator.js';
import { buildModel, node, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf, withConstants } from '../../../problems/compression/onnx/constants.js';
import { loadModel } from '../../../problems/compression/onnx/load.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { toFloat32, transposed, withRawData } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { channelGroups } from '../../../problems/compression/pruning/channel-selection.js';
import { traceChannels } from '../../../problems/compression/pruning/trace-channels.js';
import { openLayerDatabase } from '../../../problems/compression/recovery/database.js';
import { simplified } from '../../../problems/compression/simplify/simplified.js';
import { dataset, meanError, model, normal } from './network.js';

const options = { calibration: dataset, threads: 1 };
const zerosOf = ({ graph }: Model, name: string) =>
  toFloat32(constantsOf(graph).get(name)!).filter((value) => value === 0).length;

test('weights chosen by second order and refitted lose less than those chosen by magnitude', async () => {
  const errorOf = async (criterion: 'magnitude' | 'second-order') => {
    const plan: FullPlan = { zeros: { share: 0.6, scope: 'layer', criterion }, recovery: 'least-squares' };
    return meanError((await applyFullPlan(model, plan, options)).model);
  };
  expect(await errorOf('second-order')).toBeLessThan(0.9 * (await errorOf('magnitude')));
});

test.each([
  ['all of 600 samples are used', 8, 600],
  ['fewer are where the network takes much for each', 128, 512],
] as const)('%s', async (_, side, used) => {
  const network = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 1, side, side])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [normal('first', 64, 1, 1, 1), normal('second', 64, 64, 3, 3)],
    nodes: [node('Conv', ['x', 'first'], ['c']), node('Conv', ['c', 'second'], ['y'])],
  });
  const samples: Dataset = {
    name: 'nothing',
    count: 600,
    sampleShape: [1, side, side],
    labels: new Int32Array(600),
    read: () => undefined,
  };
  expect((await openLayerDatabase(network, samples, { threads: 1 })).dataset.count).toBe(used);
});

test('the share is kept: of every layer, or of all', async () => {
  const database = await openLayerDatabase(model, dataset, { threads: 1 });
  const costs = await database.zeroCosts();
  const sizes = { w1: 324, w2: 108, w3: 1728, w4: 1280, w5: 100 };
  const names = Object.keys(sizes) as (keyof typeof sizes)[];
  const layer = zeroWeights(model, 0.4, 'layer', costs);
  for (const name of names) expect(zerosOf(layer, name)).toBe(Math.round(0.4 * sizes[name]));
  const global = zeroWeights(model, 0.4, 'global', costs);
  const zeros = names.map((name) => zerosOf(global, name));
  expect(zeros.reduce((a, b) => a + b)).toBe(Math.round(0.4 * 3540));
  expect(zeros).not.toEqual(names.map((name) => zerosOf(layer, name)));
});

test('a database spares the work and changes nothing; channels and zeros go together', async () => {
  const database = await openLayerDatabase(await simplified(model), dataset, { threads: 1 });
  const plans: FullPlan[] = [
    { channels: { keep: 0.7, criterion: 'least-squares', scope: 'global' }, recovery: 'least-squares' },
    {
      channels: { keep: 0.7, criterion: 'mean-activation' },
      zeros: { share: 0.5, criterion: 'second-order' },
      recovery: 'least-squares+channel-statistics',
    },
  ];
  for (const plan of plans) {
    const alone = await applyFullPlan(model, plan, options);
    const shared = await applyFullPlan(model, plan, { ...options, database });
    expect(writeModel(shared.model)).toEqual(writeModel(alone.model));
  }
});

test('a plan that removes nothing leaves the outputs what they are', async () => {
  const plan: FullPlan = {
    channels: { keep: 1, criterion: 'least-squares' },
    zeros: { share: 0, criterion: 'second-order' },
    recovery: 'least-squares+channel-statistics',
  };
  expect(await meanError((await applyFullPlan(model, plan, options)).model)).toBeLessThan(1e-6);
});

test('costs stand where their weights stand, whichever way these lie', async () => {
  const turned = (name: string) => transposed(constantsOf(model.graph).get(name)!, [1, 0]);
  // The Gemm with its weights as columns instead of rows.
  const columns: Model = {
    ...model,
    graph: {
      ...withConstants(model.graph, new Map([['w4', turned('w4')]])),
      nodes: model.graph.nodes.map((node) => (node.name === 'first' ? { ...node, attributes: [] } : node)),
    },
  };
  const [a, b] = await Promise.all(
    [model, columns].map(
      async (m) => (await (await openLayerDatabase(m, dataset, { threads: 1 })).zeroCosts()).get('w4')!,
    ),
  );
  const weight = constantsOf(columns.graph).get('w4')!;
  const back = transposed(withRawData(weight, new Uint8Array(b.slice().buffer)), [1, 0]);
  expect(toFloat32(back)).toEqual(a);
  expect(Math.min(...a)).toBeGreaterThan(0);
});

test('every channel that can go has a cost and, unless it is dead, an activation', async () => {
  const database = await openLayerDatabase(model, dataset, { threads: 1 });
  const [costs, activations] = [await database.channelCosts(), await database.channelActivations()];
  const groups = channelGroups(traceChannels(model.graph));
  expect(groups.length).toBeGreaterThan(1);
  for (const { classes } of groups)
    for (const name of classes) {
      expect(costs.get(name)).toBeGreaterThan(0);
      expect(activations.get(name)).toBeGreaterThanOrEqual(0);
    }
});

const shared = fileURLToPath(new URL('../../../../shared', import.meta.url));
describe.skipIf(!existsSync(`${shared}/models/resnet20-cifar10.onnx`))('ResNet-20 (in ../shared)', () => {
  test('keeps most of its accuracy with 75 % of its channels, on 32 images without labels', async () => {
    const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
    const read = (file: string, limit: number) =>
      readCifar10([`${shared}/data/cifar10/${file}`], { ...normalisation, limit });
    const resnet = loadModel(`${shared}/models/resnet20-cifar10.onnx`);
    const [images, calibration] = [await read('test_batch.bin', 200), await read('data_batch_1.bin', 32)];
    const inference = await openInference({ baseline: writeModel(resnet), dataset: images, threads: 1 });
    const { model: small } = await applyFullPlan(
      resnet,
      {
        channels: { keep: 0.75, criterion: 'mean-activation' },
        recovery: 'least-squares+channel-statistics',
      },
      { calibration, threads: 1 },
    );
    const { accuracy } = await inference.evaluate(writeModel(small));
    await inference.close();
    expect(accuracy).toBeGreaterThan(0.7);
  }, 120_000);
});
