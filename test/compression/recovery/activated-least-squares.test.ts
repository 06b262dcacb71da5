import { expect, test } from 'vitest';
import { openProducts } from '../../../problems/compression/inference/products.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { activatedLeastSquares } from '../../../problems/compression/recovery/activated-least-squares.js';
import type { ActivationFunction } from '../../../problems/compression/recovery/activation-function.js';
import { openLayerDatabase } from '../../../problems/compression/recovery/database.js';
import { type LayerData, repeatablePatches } from '../../../problems/compression/recovery/layer-data.js';
import { maskedLeastSquares } from '../../../problems/compression/recovery/masked-least-squares.js';
import { momentsOf } from '../../../problems/compression/recovery/moments.js';
import { recover } from '../../../problems/compression/recovery/recover.js';
import { randomOf } from '../../../src/index.js';
import { dataset, normal } from './network.js';

/** A product of `groups` groups that reads `inputs` (places x groups x size) and should give `outputs` once `added` is added. */
function dataOf(
  size: number,
  features: number,
  inputs: readonly number[],
  outputs: readonly number[],
  added?: readonly number[],
): LayerData {
  const count = inputs.length / size;
  const batch = (values: readonly number[]) => [
    { value: 0, first: 0, dims: [count, values.length / count], data: Float32Array.from(values) },
  ];
  const geometry = { groups: 1, features, size, rows: true };
  return {
    geometry,
    target: {
      geometry,
      dims: [count, features],
      alone: true,
      positions: new Int32Array(count),
      perSample: 1,
      outputs: Float32Array.from(outputs),
    },
    kept: Array.from({ length: features }, (_, f) => f),
    inputs: batch(inputs),
    biases: 1,
    ownBias: 0,
    activation: null,
    ...(added && { shortcut: batch(added) }),
  };
}

async function fitted(data: LayerData, withBias: boolean, activation: ActivationFunction = relu, rounds = 5) {
  const products = await openProducts(1);
  const moments = await momentsOf(data, products);
  const { size, features } = moments[0];
  const start = new Float32Array(size * features).fill(0.1);
  const mask = new Uint8Array(start.length).fill(1);
  if (!withBias) {
    start.fill(0, start.length - features);
    mask.fill(0, mask.length - features);
  }
  const plain = await maskedLeastSquares(moments[0], start, mask, { ridge: 0, iterations: 40 }, products);
  const options = { ridge: 0, rounds, iterations: 3, near: [start], free: [mask] };
  const [seen] = await activatedLeastSquares(
    [plain],
    repeatablePatches({ ...data, activation }),
    moments,
    options,
    products,
  );
  await products.release();
  return { plain, seen };
}

const relu = { of: (z: number) => Math.max(0, z), slope: 1 };

test('what Relu hides does not pull at the weights', async () => {
  // Two places, x = 1 and -1, that should give 2 and -5: least squares takes 3.5, but every negative output is as good as -5.
  const { plain, seen } = await fitted(dataOf(1, 1, [1, -1], [2, -5]), false);
  expect(plain[0]).toBeCloseTo(3.5, 5);
  // A round leaves the weight at (2 + 1 w) / 2 of the one before: after five 2 + 1.5 / 32.
  expect(seen[0]).toBeCloseTo(2 + 1.5 / 32, 5);
});

test('a place that should give nothing and gives something counts', async () => {
  // x = 1 should give 2, x = 2 nothing: the best of (w - 2)^2 + (2 w)^2 is 0.4, Relu or not.
  const { plain, seen } = await fitted(dataOf(1, 1, [1, 2], [2, 0]), false);
  expect(plain[0]).toBeCloseTo(0.4, 5);
  expect(seen[0]).toBeCloseTo(0.4, 5);
});

test('it is the sum with the shortcut that Relu sees', async () => {
  // With 3 added, the outputs 2 and -5 are 5 and -2 in the sum: below w = 3 the second place shows 3 - w, so that
  // the best of (w - 2)^2 + (3 - w)^2 is 2.5.
  const sums = dataOf(1, 1, [1, -1], [5, -2], [3, 3]);
  const { plain, seen } = await fitted(sums, false);
  expect(plain[0]).toBeCloseTo(3.5, 5);
  expect(seen[0]).toBeCloseTo(2.5, 1);
  // With 10 added to the second, its sum is 5: nothing is hidden.
  const open = await fitted(dataOf(1, 1, [1, -1], [2, 5], [0, 10]), false);
  expect(open.seen[0]).toBeCloseTo(3.5, 5);
});

test.each([
  ['Relu', relu],
  ['the sigmoid', { of: (z: number) => 1 / (1 + Math.exp(-z)), slope: 1 / 4 }],
  ['a bounded Relu', { of: (z: number) => Math.min(1, Math.max(0, z)), slope: 1 }],
])('the matching loss of %s becomes smaller in every round, on random layers', async (_, activation) => {
  const random = randomOf(1, 'layers');
  const draw = (count: number) => Array.from({ length: count }, () => random.normal());
  for (let run = 0; run < 5; run++) {
    const [size, features, places] = [6, 3, 60];
    const data = dataOf(size, features, draw(size * places), draw(features * places));
    const error = (weights: Float32Array) => {
      let sum = 0;
      for (let p = 0; p < places; p++)
        for (let f = 0; f < features; f++) {
          let z = weights[size * features + f];
          for (let i = 0; i < size; i++) z += data.inputs[0].data[p * size + i] * weights[i * features + f];
          sum += matchingLoss(activation.of, z, data.target.outputs[p * features + f]);
        }
      return sum;
    };
    const { plain } = await fitted(data, true, activation);
    let before = error(plain);
    for (let rounds = 1; rounds <= 4; rounds++) {
      const now = error((await fitted(data, true, activation, rounds)).seen);
      expect(now).toBeLessThan(before);
      before = now;
    }
  }
});

/** The integral of f(t) - f(y) from y to z, by the midpoints of 400 steps. */
function matchingLoss(of: (t: number) => number, z: number, y: number): number {
  const step = (z - y) / 400;
  let sum = 0;
  for (let i = 0; i < 400; i++) sum += of(y + (i + 0.5) * step) - of(y);
  return sum * step;
}

test('where the function falls from what is wanted to what is there, nothing pulls', async () => {
  // x = 1 should give 2 and gives 3 by the shortcut of 3: of the two, a peak at 2 and its foot at 3.
  const peak = { of: (z: number) => -Math.abs(z - 2), slope: 1 };
  const { plain, seen } = await fitted(dataOf(1, 1, [1, -1], [2.5, -4]), false, peak);
  expect(plain[0]).toBeCloseTo(3.25, 5);
  // The first falls from 2.5 to 3.25; the second rises to -3.25 from -4, and pulls with all its weight.
  expect(seen[0]).toBeCloseTo(4 - 0.75 / 32, 5);
});

const layerBefore = (operator: 'Relu' | 'Sin', outputs: readonly string[] = ['y']) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: outputs.map((name) => valueInfo(name, 'float32', ['n', 5, 11, 11])),
    initializers: [normal('w', 5, 3, 3, 3), tensor('b', 'float32', [5], new Float32Array(5))],
    nodes: [
      node('Conv', ['x', 'w', 'b'], ['a'], { pads: [1, 1, 1, 1] }, { name: 'layer' }),
      node(operator, ['a'], ['y'], {}, { name: 'after' }),
    ],
  });

test('recovery fits a layer before Relu to what Relu shows', async () => {
  const original = layerBefore('Relu');
  const weights = toFloat32(constantsOf(original.graph).get('w')!);
  const damaged = {
    ...original,
    graph: {
      ...original.graph,
      initializers: original.graph.initializers.map((entry) =>
        entry.name === 'w'
          ? tensor(
              'w',
              'float32',
              [5, 3, 3, 3],
              weights.map((value, i) => (i % 3 === 0 ? 0 : value)),
            )
          : entry,
      ),
    },
  };
  const database = await openLayerDatabase(original, dataset, { threads: 1 });
  const values = async (network: typeof original) => {
    const seen: number[] = [];
    const { forEachActivation } = await import('../../../problems/compression/inference/activations.js');
    await forEachActivation(network, ['y'], dataset, { threads: 1 }, ({ data }) => {
      for (const value of data) seen.push(value);
    });
    return seen;
  };
  const wanted = await values(original);
  const errorOf = async (network: typeof original) =>
    (await values(network)).reduce((sum, value, i) => sum + (value - wanted[i]) ** 2, 0);
  const { model: restored } = await recover(database, damaged);
  // The same layer, fitted before another function, is the plain least squares.
  const other = layerBefore('Sin');
  const plain = await recover(await openLayerDatabase(other, dataset, { threads: 1 }), {
    ...damaged,
    graph: { ...damaged.graph, nodes: other.graph.nodes },
  });
  const asRelu = { ...plain.model, graph: { ...plain.model.graph, nodes: original.graph.nodes } };
  expect(await errorOf(restored)).toBeLessThan(0.95 * (await errorOf(asRelu)));
});
