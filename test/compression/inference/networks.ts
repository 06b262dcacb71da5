import type { Dataset } from '../../../problems/compression/data/dataset.js';
import {
  buildModel,
  type ModelParts,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { randomOf } from '../../../src/index.js';

export const bytesOf = (parts: Omit<ModelParts, 'opset'>): Uint8Array =>
  writeModel(buildModel({ opset: 17, ...parts }));

/** A network whose scores are its input: a sample is the list of its own scores. */
export const identity = (batch: number | string, classes: number | string): Uint8Array =>
  bytesOf({
    inputs: [valueInfo('x', 'float32', [batch, classes])],
    outputs: [valueInfo('y', 'float32', [batch, classes])],
    nodes: [node('Identity', ['x'], ['y'])],
  });

/** Conv 3x3 (3 to 24 channels), Relu, Conv 3x3 (24 to 40), Relu, mean over the picture, Gemm to 10, with random weights. */
export function convolutional(seed = 1): Uint8Array {
  const random = randomOf('test network', seed);
  const weights = (name: string, ...dims: number[]) => {
    const size = dims.reduce((a, b) => a * b);
    return tensor(
      name,
      'float32',
      dims,
      Float32Array.from({ length: size }, () => 0.2 * random.normal()),
    );
  };
  return bytesOf({
    inputs: [valueInfo('x', 'float32', ['batch', 3, 16, 16])],
    outputs: [valueInfo('y', 'float32', ['batch', 10])],
    initializers: [
      weights('w1', 24, 3, 3, 3),
      weights('w2', 40, 24, 3, 3),
      weights('w3', 10, 40),
      weights('b3', 10),
    ],
    nodes: [
      node('Conv', ['x', 'w1'], ['c1'], { pads: [1, 1, 1, 1] }),
      node('Relu', ['c1'], ['r1']),
      node('Conv', ['r1', 'w2'], ['c2'], { pads: [1, 1, 1, 1] }),
      node('Relu', ['c2'], ['r2']),
      node('GlobalAveragePool', ['r2'], ['p']),
      node('Flatten', ['p'], ['f']),
      node('Gemm', ['f', 'w3', 'b3'], ['y'], { transB: 1 }),
    ],
  });
}

/** A data set of the rows given, each of shape `[row length]` unless told. */
export function dataOf(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  sampleShape: readonly number[] = [rows[0].length],
): Dataset {
  return {
    name: 'rows',
    count: rows.length,
    sampleShape,
    labels: Int32Array.from(labels),
    read: (first, count, out) => out.set(rows.slice(first, first + count).flat()),
  };
}
