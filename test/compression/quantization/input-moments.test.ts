import { expect, test } from 'vitest';
import type { Dataset } from '../../../problems/compression/data/dataset.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { inputMoments } from '../../../problems/compression/quantization/input-moments.js';
import { refittableLayers } from '../../../problems/compression/recovery/refittable.js';
import { randomOf } from '../../../src/index.js';

const random = randomOf('moments');
const COUNT = 5;
const numbers = Float32Array.from({ length: COUNT * 2 * 7 * 6 }, () => random.normal());

const datasetOf = (sampleShape: readonly number[]): Dataset => {
  const size = sampleShape.reduce((a, b) => a * b);
  const count = Math.floor(numbers.length / size);
  return {
    name: 'noise',
    count,
    sampleShape,
    labels: new Int32Array(count),
    read: (first, samples, out) => out.set(numbers.subarray(first * size, (first + samples) * size)),
  };
};

const constant = (name: string, ...dims: number[]) =>
  tensor(name, 'float32', dims, new Float32Array(dims.reduce((a, b) => a * b)).fill(0.1));

const momentsOf = (
  weight: ReturnType<typeof constant>,
  layer: ReturnType<typeof node>,
  shape: readonly number[],
) => {
  const model = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', ...shape])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [weight],
    nodes: [layer],
  });
  return inputMoments(model, refittableLayers(model), datasetOf(shape), { threads: 1 });
};

test('the moments of a convolution are the means of products of what its weights meet, zeros beyond the picture among them', async () => {
  const layer = node(
    'Conv',
    ['x', 'w'],
    ['y'],
    { pads: [1, 0, 0, 2], strides: [2, 1], group: 2 },
    { name: 'c' },
  );
  const groups = (await momentsOf(constant('w', 4, 1, 3, 2), layer, [2, 7, 6])).get('c')!;
  expect(groups.length).toBe(2);
  for (const [channel, blocks] of groups.entries()) {
    expect(blocks.length).toBe(1);
    const wanted = new Float64Array(36);
    let places = 0;
    // Rows from -1 on, two at a time: (7 + 1 - 3) / 2 + 1 = 3; columns: 6 + 2 - 2 + 1 = 7.
    for (let sample = 0; sample < COUNT; sample++)
      for (let top = -1; top < 5; top += 2)
        for (let left = 0; left < 7; left++) {
          const patch = Array.from({ length: 6 }, (_, k) => {
            const [y, x] = [top + Math.floor(k / 2), left + (k % 2)];
            return y < 0 || x > 5 ? 0 : numbers[((sample * 2 + channel) * 7 + y) * 6 + x];
          });
          for (let i = 0; i < 36; i++) wanted[i] += patch[Math.floor(i / 6)] * patch[i % 6];
          places++;
        }
    expect(blocks[0]).toMatchObject({ first: 0, size: 6, places });
    blocks[0].covariance.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] / places, 5);
    });
  }
});

test('pads that follow from a rule count as if they were given', async () => {
  const of = async (padding: Parameters<typeof node>[3]) => {
    const layer = node('Conv', ['x', 'w'], ['y'], { ...padding, strides: [2, 1] }, { name: 'c' });
    return (await momentsOf(constant('w', 4, 2, 3, 2), layer, [2, 7, 6])).get('c');
  };
  // 4 rows from 7, two at a time, take 9; 6 columns from 6 take 7.
  expect(await of({ auto_pad: 'SAME_UPPER' })).toEqual(await of({ pads: [1, 0, 1, 1] }));
  expect(await of({ auto_pad: 'SAME_LOWER' })).toEqual(await of({ pads: [1, 1, 1, 0] }));
});

test('those of a wide product are taken in blocks of at most 256 inputs', async () => {
  const layer = node('MatMul', ['x', 'w'], ['y'], {}, { name: 'm' });
  const [blocks] = (await momentsOf(constant('w', 84, 3), layer, [84])).get('m')!;
  expect(blocks.map(({ first, size }) => [first, size])).toEqual([[0, 84]]);
  const wide = (await momentsOf(constant('w', 420, 3), layer, [420])).get('m')!;
  expect(wide[0].map(({ first, size }) => [first, size])).toEqual([
    [0, 210],
    [210, 210],
  ]);
  const [, second] = wide[0];
  const sample = numbers.subarray(210, 420);
  expect(second.places).toBe(1);
  for (const [i, j] of [
    [0, 0],
    [3, 17],
    [209, 100],
  ])
    expect(second.covariance[i * 210 + j]).toBeCloseTo(sample[i] * sample[j], 5);
});
