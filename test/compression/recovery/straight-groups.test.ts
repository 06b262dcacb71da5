import { expect, test } from 'vitest';
import { forEachActivation } from '../../../problems/compression/inference/activations.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf, withConstants } from '../../../problems/compression/onnx/constants.js';
import type { Model, Node } from '../../../problems/compression/onnx/model.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { selectChannels } from '../../../problems/compression/pruning/channel-selection.js';
import { keptIndices, removeChannels } from '../../../problems/compression/pruning/remove-channels.js';
import { traceChannels } from '../../../problems/compression/pruning/trace-channels.js';
import { openLayerDatabase } from '../../../problems/compression/recovery/database.js';
import { recover } from '../../../problems/compression/recovery/recover.js';
import { refittableLayers } from '../../../problems/compression/recovery/refittable.js';
import { straightGroups } from '../../../problems/compression/recovery/straight-groups.js';
import { dataset, normal } from './network.js';

/** A block as in MobileNetV2: `shortcut` stands between its sum and what reads that. */
const bottleneck = (shortcut: readonly Node[], outputs: readonly string[] = ['y'], groups = 1) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: outputs.map((name) => valueInfo(name, 'float32', ['n', null, null, null])),
    initializers: [
      normal('stem', 6, 3, 3, 3),
      normal('stem_b', 6),
      normal('wide', 8, 6, 1, 1),
      normal('wide_b', 8),
      normal('narrow', 6, 8 / groups, 1, 1),
      normal('narrow_b', 6),
      normal('last', 7, 6, 3, 3),
      normal('last_b', 7),
    ],
    nodes: [
      node('Conv', ['x', 'stem', 'stem_b'], ['a'], {}, { name: 'stem' }),
      node('Conv', ['a', 'wide', 'wide_b'], ['b'], {}, { name: 'wide' }),
      node('Relu', ['b'], ['c']),
      node('Conv', ['c', 'narrow', 'narrow_b'], ['d'], { group: groups }, { name: 'narrow' }),
      node('Add', ['a', 'd'], ['sum']),
      ...shortcut,
      node('Conv', ['e', 'last', 'last_b'], ['y'], {}, { name: 'last' }),
    ],
  });

const identity = [node('Identity', ['sum'], ['e'])];

const groupsOf = (...given: Parameters<typeof bottleneck>) => {
  const model = bottleneck(...given);
  return straightGroups(model, refittableLayers(model), traceChannels(model.graph));
};

test('the channels of a shortcut without activation functions are straight', () => {
  const found = [{ makers: ['stem', 'narrow'], readers: ['wide', 'last'], channels: 6 }];
  expect(groupsOf(identity)).toEqual(found);
  expect(groupsOf([node('AveragePool', ['sum'], ['e'], { kernel_shape: [2, 2] })])).toEqual(found);
});

test('those that something else reads or makes are not', () => {
  expect(groupsOf([node('Relu', ['sum'], ['e'])])).toEqual([]);
  expect(groupsOf([node('MaxPool', ['sum'], ['e'], { kernel_shape: [2, 2] })])).toEqual([]);
  expect(groupsOf([node('Sigmoid', ['sum'], ['s']), node('Mul', ['sum', 's'], ['e'])])).toEqual([]);
  expect(groupsOf(identity, ['y', 'sum'])).toEqual([]);
  expect(groupsOf(identity, ['y'], 2)).toEqual([]);
});

const model = bottleneck(identity);

test('all directions together are the channels, and what some of them give is mixed no further', async () => {
  const database = await openLayerDatabase(model, dataset, { threads: 1 });
  const [{ amounts, directions, channels: n }] = await database.straightGroups();
  // All of them together are the channels themselves.
  const mixture = (k: number) =>
    Float64Array.from({ length: n * n }, (_, at) => {
      let sum = 0;
      for (let d = 0; d < k; d++) sum += directions[d * n + Math.floor(at / n)] * amounts[d * n + (at % n)];
      return sum;
    });
  mixture(n).forEach((value, at) => {
    expect(value).toBeCloseTo(at % (n + 1) === 0 ? 1 : 0, 8);
  });
  // A mixture of mixtures is the same again.
  const once = mixture(4);
  once.forEach((value, at) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += once[Math.floor(at / n) * n + k] * once[k * n + (at % n)];
    expect(sum).toBeCloseTo(value, 8);
  });
});

/** The mean squared difference of two networks' outputs on the samples. */
async function errorOf(a: Model, b: Model): Promise<number> {
  const outputs = async (network: Model) => {
    const seen: number[] = [];
    await forEachActivation(network, ['y'], dataset, { threads: 1 }, ({ data }) => {
      for (const value of data) seen.push(value);
    });
    return seen;
  };
  const [wanted, got] = [await outputs(a), await outputs(b)];
  return wanted.reduce((sum, value, i) => sum + (value - got[i]) ** 2, 0) / wanted.length;
}

const withWeight = (
  network: Model,
  name: string,
  change: (values: Float32Array, dims: readonly number[]) => Float32Array<ArrayBuffer>,
) => {
  const weight = constantsOf(network.graph).get(name)!;
  const changed = tensor(name, 'float32', weight.dims, change(toFloat32(weight), weight.dims));
  return { ...network, graph: withConstants(network.graph, new Map([[name, changed]])) };
};

/** Channels 0 and 1 are seen alike, so are 2 and 3, and 4 and 5. */
const inPairs = (values: Float32Array, [, channels, ...kernel]: readonly number[]) => {
  const taps = kernel[0] * kernel[1];
  return Float32Array.from(values, (_, at) => values[at - ((Math.floor(at / taps) % channels) % 2) * taps]);
};

test('where the readers see only as many mixtures as channels stay, nothing is lost', async () => {
  const paired = ['wide', 'last'].reduce((network, name) => withWeight(network, name, inPairs), model);
  const traced = traceChannels(paired.graph);
  const selection = { keep: 0.5, scope: 'local', criterion: 'l1', groups: { wide: 1 } } as const;
  const removed = selectChannels(paired.graph, traced, selection);
  const pruned = removeChannels(paired, traced, removed);
  const kept = keptIndices(traced, removed);
  expect(kept.get('stem')).toHaveLength(3);
  const database = await openLayerDatabase(paired, dataset, { threads: 1 });
  const options = { kept, ridge: 1e-7, iterations: 400 };
  const before = await errorOf(paired, pruned);
  const { model: restored } = await recover(database, pruned, options);
  expect(await errorOf(paired, restored)).toBeLessThan(1e-4 * before);
  // With a weight of zero, that may be there for good, the channels stay what they were.
  const sparse = withWeight(
    pruned,
    'wide',
    (values) => values.map((value, i) => (i === 0 ? 0 : value)) as Float32Array<ArrayBuffer>,
  );
  const { model: plain } = await recover(database, sparse, options);
  expect(await errorOf(paired, plain)).toBeGreaterThan(0.01 * before);
});
