import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../problems/compression/coding/container/read.js';
import { packModel } from '../../../problems/compression/coding/pack.js';
import { packedAt, packedSizeOf } from '../../../problems/compression/coding/packed-size.js';
import { node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { toFloat16 } from '../../../problems/compression/onnx/float16.js';
import { layersOf } from '../../../problems/compression/onnx/layers.js';
import type { Tensor } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { InputError, randomOf } from '../../../src/index.js';
import { emptyFolder } from '../../cli/command-line.js';
import { bytesOf, convolutional, dataOf } from '../inference/networks.js';

/** `y = x w`, of 8 inputs and as many outputs; a cast of the weight to float32 in between. */
const product = (weight: Tensor) =>
  bytesOf({
    inputs: [valueInfo('x', 'float32', ['batch', 8])],
    outputs: [valueInfo('y', 'float32', ['batch', 8])],
    initializers: [weight],
    nodes: [node('Cast', ['w'], ['v'], { to: 1 }), node('MatMul', ['x', 'v'], ['y'])],
  });
const random = randomOf('packed size');
const values = Float32Array.from({ length: 64 }, () => random.normal());

describe('the packed size', () => {
  const file = convolutional();

  it('is the length of a container that holds the weights within half a step of their range', () => {
    const packed = packedAt(file, { levels: 32 });
    expect(packedSizeOf(file, { levels: 32 })).toBe(packed.length);
    const weightsOf = (bytes: Uint8Array) =>
      layersOf(readModel(bytes, 'net')).tensors.map(({ tensor: t }) => toFloat32(t));
    const back = weightsOf(unpack(packed));
    for (const [i, wanted] of weightsOf(file).entries()) {
      const step = (2 * Math.max(...wanted.map(Math.abs))) / 32;
      expect(Math.max(...wanted.map((w, at) => Math.abs(w - back[i][at])))).toBeLessThanOrEqual(
        (step / 2) * 1.0001,
      );
    }
  });

  it('grows with the levels and falls with the zeros', () => {
    expect(packedSizeOf(file, { levels: 64 })).toBeGreaterThan(packedSizeOf(file, { levels: 16 }));
    const zeros = product(tensor('w', 'float32', [8, 8], new Float32Array(64)));
    const full = product(tensor('w', 'float32', [8, 8], values));
    expect(packedSizeOf(zeros)).toBeLessThan(packedSizeOf(full) - 20);
    expect(packedSizeOf(full, { method: 'table' })).toBeGreaterThan(packedSizeOf(full));
  });

  it.each([
    ['float16', tensor('w', 'float16', [8, 8], toFloat16(values))],
    ['float64', tensor('w', 'float64', [8, 8], Float64Array.from(values))],
  ] as const)('takes %s weights, and they keep their type', (_, weight) => {
    const packed = packedAt(product(weight));
    const [found] = layersOf(readModel(unpack(packed), 'net')).tensors;
    expect(found.tensor.dataType).toBe(weight.dataType);
    const range = Math.max(...values.map(Math.abs));
    toFloat32(found.tensor).forEach((w, i) => {
      expect(Math.abs(w - values[i])).toBeLessThanOrEqual(range / 64 + 2e-3);
    });
  });

  it('leaves integers as they are, bit for bit', () => {
    const levels = Int8Array.from({ length: 64 }, (_, i) => i - 32);
    const back = readModel(unpack(packedAt(product(tensor('w', 'int8', [8, 8], levels)))), 'net');
    const [weight] = back.graph.initializers;
    expect([...new Int8Array(weight.rawData!.slice().buffer)]).toEqual([...levels]);
  });

  it('codes int8 weights as they are, in about their entropy', () => {
    const levels = Int8Array.from({ length: 4096 }, () => Math.round(2 * random.normal()));
    levels[0] = -128;
    levels[1] = 127;
    const int8 = (elements: Int8Array) =>
      bytesOf({
        inputs: [valueInfo('x', 'float32', ['batch', 64])],
        outputs: [valueInfo('y', 'float32', ['batch', 64])],
        initializers: [
          tensor('w', 'int8', [64, 64], elements),
          tensor('s', 'float32', [], Float32Array.of(0.5)),
        ],
        nodes: [node('DequantizeLinear', ['w', 's'], ['v']), node('MatMul', ['x', 'v'], ['y'])],
      });
    for (const method of ['mixing', 'table'] as const) {
      const packed = packedAt(int8(levels), { method });
      const back = readModel(unpack(packed), 'net').graph.initializers.find(({ name }) => name === 'w')!;
      expect([...new Int8Array(back.rawData!.slice().buffer)]).toEqual([...levels]);
      // A Gaussian of deviation 2 has log2(2 sqrt(2 pi e)) = 3.05 bits.
      const empty = packedSizeOf(int8(new Int8Array(4096)), { method });
      expect(packed.length - empty).toBeLessThan((1.1 * 4096 * 3.05) / 8);
    }
  });

  it('takes a weight of one element', () => {
    const one = bytesOf({
      inputs: [valueInfo('x', 'float32', ['batch', 1])],
      outputs: [valueInfo('y', 'float32', ['batch', 1])],
      initializers: [tensor('w', 'float32', [1, 1], Float32Array.of(-0.75))],
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
    });
    const [found] = layersOf(readModel(unpack(packedAt(one)), 'net')).tensors;
    expect([...toFloat32(found.tensor)]).toEqual([-0.75]);
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])('refuses a weight that is %s', (bad) => {
    const weight = values.slice();
    weight[5] = bad;
    expect(() => packedSizeOf(product(tensor('w', 'float32', [8, 8], weight)))).toThrow(
      `weights must be finite, got ${bad} at 5 of tensor "w"`,
    );
    expect(() => packedSizeOf(file, { levels: 3 })).toThrow(InputError);
    expect(() => packedSizeOf(file, { sigma: 1.5 })).toThrow(InputError);
  });
});

describe('packing', () => {
  const rows = Array.from({ length: 16 }, (_, i) =>
    Array.from({ length: 8 }, (_, j) => (i === j ? 3 : random.normal())),
  );
  const dataset = dataOf(
    rows,
    rows.map((_, i) => i % 8),
  );
  const pack = (model: string) =>
    packModel({ model, dataset, calibration: dataset, maxLoss: 100, threads: 1 });

  it('refuses a file of more than 2 GB before it reads it', async () => {
    const path = join(emptyFolder(), 'large.onnx');
    const handle = openSync(path, 'w');
    ftruncateSync(handle, 2 ** 31 + 10); // a hole: it takes no room
    closeSync(handle);
    await expect(pack(path)).rejects.toThrow(/must hold at most \d+ bytes, got 2147483658/);
  });
});
