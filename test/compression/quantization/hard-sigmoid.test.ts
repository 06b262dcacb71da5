import { describe, expect, test } from 'vitest';
import { buildModel, float, node, valueInfo } from '../../../problems/compression/onnx/build.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import {
  hardSwishesAsProducts,
  requantizationOf,
} from '../../../problems/compression/quantization/hard-sigmoid.js';
import { runOnnx } from '../run-onnx.js';

const hardSigmoid = (alpha: number, beta: number, domain = '') =>
  node('HardSigmoid', ['x'], ['y'], { alpha: float(alpha), beta: float(beta) }, { domain });

describe('a HardSigmoid', () => {
  test.each([
    [1 / 6, 0.5],
    [0.2, 0.5],
    [0.5, 0],
    [2, 1],
  ])('is read from integers that end where it does (alpha %f, beta %f)', (alpha, beta) => {
    const { written, read } = requantizationOf(hardSigmoid(alpha, beta))!;
    for (let i = -1000; i <= 1000; i++) {
      const x = i / 100 / alpha;
      const level = Math.max(0, Math.min(255, Math.round(x / written.scale) + written.zeroPoint));
      const value = (level - read.zeroPoint) * read.scale;
      expect(Math.abs(value - Math.max(0, Math.min(1, alpha * x + beta)))).toBeLessThan(1.01 / 254);
    }
  });

  test('of ONNX has the slope 1 / 5 unless told', () => {
    const { written } = requantizationOf(node('HardSigmoid', ['x'], ['y']))!;
    expect(written).toEqual({ scale: Math.fround(5 / 254), zeroPoint: 127 });
  });

  test('that falls, that no integer reaches, or of a domain of its own, is none', () => {
    expect(requantizationOf(hardSigmoid(-1, 0.5))).toBeUndefined();
    expect(requantizationOf(hardSigmoid(0, 0.5))).toBeUndefined();
    expect(requantizationOf(hardSigmoid(0.2, -0.1))).toBeUndefined();
    expect(requantizationOf(hardSigmoid(0.2, 1.1))).toBeUndefined();
    expect(requantizationOf(hardSigmoid(0.2, 0.5, 'mine'))).toBeUndefined();
    expect(requantizationOf(node('Sigmoid', ['x'], ['y']))).toBeUndefined();
  });
});

test('a HardSwish between integers is the product with a HardSigmoid that it stands for, others stay', async () => {
  const model = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 9])],
    outputs: [valueInfo('y', 'float32')],
    nodes: [node('HardSwish', ['x'], ['h']), node('HardSwish', ['h'], ['y'])],
  });
  const changed = hardSwishesAsProducts(model, (name) => name === 'h');
  expect(changed.graph.nodes.map(({ opType }) => opType)).toEqual(['HardSigmoid', 'Mul', 'HardSwish']);
  expect(hardSwishesAsProducts(model, () => false)).toBe(model);
  const x = { data: Float32Array.of(-9, -3, -2, -0.5, 0, 0.7, 2, 3, 9), dims: [1, 9] };
  const [before, after] = [
    await runOnnx(writeModel(model), { x }),
    await runOnnx(writeModel(changed), { x }),
  ];
  after['y'].forEach((value, i) => {
    expect(value).toBeCloseTo(before['y'][i], 5);
  });
});
