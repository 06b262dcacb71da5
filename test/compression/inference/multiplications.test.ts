import { describe, expect, it } from 'vitest';
import { multiplicationsOf } from '../../../problems/compression/inference/multiplications.js';
import { node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { bytesOf, convolutional, identity } from './networks.js';

const zeros = (name: string, ...dims: number[]) =>
  tensor(name, 'float32', dims, new Float32Array(dims.reduce((a, b) => a * b)));

describe('the multiplications of a network', () => {
  it('are those of its convolutions and products, for one sample', async () => {
    // 16 x 16 positions: 24 x 27 and 40 x 24 x 9; then 10 x 40.
    const expected = 256 * 24 * 27 + 256 * 40 * 216 + 400;
    expect(await multiplicationsOf(convolutional(), [3, 16, 16])).toBe(expected);
  });

  it('follow strides, groups, dilations and transposed convolutions', async () => {
    const bytes = bytesOf({
      inputs: [valueInfo('x', 'float32', ['n', 8, 9, 9])],
      outputs: [valueInfo('y', 'float32')],
      initializers: [zeros('w1', 8, 2, 3, 3), zeros('w2', 8, 3, 2, 2)],
      nodes: [
        node('Conv', ['x', 'w1'], ['c'], { group: 4, strides: [2, 2], dilations: [2, 2] }),
        node('ConvTranspose', ['c', 'w2'], ['y'], { strides: [2, 2] }),
      ],
    });
    // 5 x 5 kernel in effect: 3 x 3 positions of 8 channels, 2 x 9 each; then 8 x 3 x 3 inputs, each to 3 x 4.
    expect(await multiplicationsOf(bytes, [8, 9, 9])).toBe(9 * 8 * 18 + 72 * 12);
  });

  it('count products by what is summed, transposed weights, stacks and two activations too', async () => {
    const bytes = bytesOf({
      inputs: [valueInfo('x', 'float32', [2, 3, 4])],
      outputs: [valueInfo('y', 'float32'), valueInfo('z', 'float32')],
      initializers: [zeros('w1', 4, 5), zeros('w2', 7, 15)],
      nodes: [
        node('MatMul', ['x', 'w1'], ['m']), // [2, 3, 5]
        node('Transpose', ['x'], ['t'], { perm: [0, 2, 1] }),
        node('MatMul', ['t', 'm'], ['z']), // [2, 4, 5] over 3
        node('Flatten', ['m'], ['f'], { axis: 1 }),
        node('Gemm', ['f', 'w2'], ['y'], { transB: 1 }), // [2, 7] over 15
      ],
    });
    expect(await multiplicationsOf(bytes, [3, 4])).toBe(3 * 5 * 4 + 4 * 5 * 3 + 7 * 15);
  });

  it('are none where there are no products', async () => {
    expect(await multiplicationsOf(identity('n', 3), [3])).toBe(0);
  });
});
