import { expect, test } from 'vitest';
import { buildModel, node, valueInfo } from '../../../problems/compression/onnx/build.js';
import { layersOf } from '../../../problems/compression/onnx/layers.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import {
  copyOutputs,
  copyPatch,
  geometryOf,
  indexOf,
  positionsOf,
} from '../../../problems/compression/recovery/patches.js';
import { runOnnx } from '../run-onnx.js';
import { normal } from './network.js';

const SAMPLES = 2;

/** The largest difference between a convolution's outputs and its weights times the patches of its input. */
async function differenceOf(
  input: readonly number[],
  weight: readonly number[],
  attributes: Readonly<Record<string, number | number[] | string>>,
  operator = 'Conv',
): Promise<number> {
  const dims = [SAMPLES, ...input];
  const model = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', dims)],
    outputs: [valueInfo('y', 'float32')],
    initializers: [normal('w', ...weight)],
    nodes: [node(operator, ['x', 'w'], ['y'], attributes)],
  });
  const data = toFloat32(normal('x', ...dims));
  const [layer] = layersOf(model).layers;
  const geometry = geometryOf(layer, model.graph.nodes[0], model.graph.initializers[0])!;
  const { groups, features, size, window } = geometry;
  const space = input.slice(1).map((side, axis) => {
    const at = axis + 4 - input.length;
    if (attributes.auto_pad) return Math.ceil(side / window!.strides[at]);
    const pads = attributes.pads as number[];
    const reach = window!.dilations[at] * (window!.kernel[at] - 1) + 1;
    if (window!.transposed) {
      const more = (attributes.output_padding as number[] | undefined)?.[axis] ?? 0;
      const around = pads[axis] + pads[axis + input.length - 1];
      return (side - 1) * window!.strides[at] + reach + more - around;
    }
    return Math.floor((side + pads[axis] + pads[axis + input.length - 1] - reach) / window!.strides[at]) + 1;
  });
  const outputDims = [SAMPLES, features, ...space];
  const { y } = await runOnnx(writeModel(model), { x: { data, dims } });
  const weights = toFloat32(normal('w', ...weight));
  const patch = new Float32Array(groups * size);
  const outputs = new Float32Array(features);
  let difference = 0;
  for (let sample = 0; sample < SAMPLES; sample++)
    for (let position = 0; position < positionsOf(geometry, outputDims); position++) {
      copyPatch(geometry, data, dims, { sample, position }, outputDims, patch);
      copyOutputs(geometry, Float32Array.from(y), outputDims, { sample, position }, outputs);
      for (let f = 0; f < features; f++) {
        const group = Math.floor(f / (features / groups));
        let sum = 0;
        for (let i = 0; i < size; i++) sum += weights[indexOf(geometry, f, i)] * patch[group * size + i];
        difference = Math.max(difference, Math.abs(sum - outputs[f]));
      }
    }
  return difference;
}

test('patches times weights are what a convolution of lines gives', async () => {
  const attributes = { strides: [2], dilations: [3], pads: [4, 1] };
  expect(await differenceOf([3, 17], [5, 3, 3], attributes)).toBeLessThan(1e-4);
});

test('and one of pictures in groups', async () => {
  const attributes = { strides: [2, 1], dilations: [1, 2], pads: [1, 0, 0, 3], group: 2 };
  expect(await differenceOf([4, 7, 9], [6, 2, 3, 2], attributes)).toBeLessThan(1e-4);
});

test('and one of volumes', async () => {
  const attributes = { strides: [1, 2, 1], dilations: [2, 1, 1], pads: [1, 0, 2, 1, 1, 0] };
  expect(await differenceOf([2, 6, 5, 7], [3, 2, 2, 3, 2], attributes)).toBeLessThan(1e-4);
});

test.each(['SAME_UPPER', 'SAME_LOWER'])('and one with the padding %s', async (rule) => {
  const attributes = { strides: [2, 1], auto_pad: rule };
  expect(await differenceOf([3, 8, 9], [4, 3, 3, 2], attributes)).toBeLessThan(1e-4);
});

test('and a transposed one of lines', async () => {
  const attributes = { strides: [3], dilations: [2], pads: [2, 1], output_padding: [2] };
  expect(await differenceOf([3, 7], [3, 5, 4], attributes, 'ConvTranspose')).toBeLessThan(1e-4);
});

test('and a transposed one of pictures in groups', async () => {
  const attributes = { strides: [2, 3], dilations: [1, 2], pads: [1, 0, 0, 3], group: 2 };
  expect(await differenceOf([4, 7, 5], [4, 3, 3, 2], attributes, 'ConvTranspose')).toBeLessThan(1e-4);
});

test('and a transposed one of volumes', async () => {
  const attributes = { strides: [1, 2, 1], dilations: [2, 1, 1], pads: [1, 0, 2, 1, 1, 0] };
  expect(await differenceOf([2, 4, 5, 6], [2, 3, 2, 3, 2], attributes, 'ConvTranspose')).toBeLessThan(1e-4);
});
