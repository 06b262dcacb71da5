import { tensor } from '../../problems/compression/onnx/build.js';
import type { Tensor } from '../../problems/compression/onnx/model.js';
import { randomOf } from '../../src/index.js';

/** Makes float32 tensors of standard normal numbers, one after the other from the stream named. */
export function randomTensors(stream: string): (name: string, ...dims: number[]) => Tensor {
  const random = randomOf(stream);
  return (name, ...dims) =>
    tensor(
      name,
      'float32',
      dims,
      Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => random.normal()),
    );
}
