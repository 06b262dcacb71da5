import { expect, test } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { checkForInt8, overflowNote } from '../../../problems/compression/quantization/suitable.js';
import { InputError } from '../../../src/index.js';

const model = (weight: Float32Array, ...nodes: ReturnType<typeof node>[]) =>
  buildModel({
    opset: 13,
    inputs: [valueInfo('x', 'float32', ['n', 4])],
    outputs: [valueInfo('y', 'float32', ['n', 2])],
    initializers: [tensor('w', 'float32', [4, 2], weight)],
    nodes: [node('MatMul', ['x', 'w'], ['y']), ...nodes],
  });

test('a model in floating point may be quantized', () => {
  expect(() => checkForInt8(model(new Float32Array(8)))).not.toThrow();
});

test.each(['QLinearConv', 'DequantizeLinear', 'MatMulInteger', 'QGemm', 'MatMulNBits'])(
  'a model with %s is quantized already',
  (operator) => {
    expect(() => checkForInt8(model(new Float32Array(8), node(operator, ['y'], ['z'])))).toThrow(
      new InputError(
        `a model must be in floating point to be quantized to int8, got one that is quantized already (${operator} z)`,
      ),
    );
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a weight of %s is refused by name', (value) => {
  expect(() => checkForInt8(model(new Float32Array(8).fill(value, 3, 4)))).toThrow(
    new InputError(`weights must be finite, got ${value} at 3 of tensor "w"`),
  );
});

test('the note on overflow is for x86 processors that say they have no VNNI', () => {
  const flags = (...names: string[]) => `processor : 0\nflags\t\t: fpu sse4_2 ${names.join(' ')}\nbugs :\n`;
  expect(overflowNote(flags('avx2'))).toMatch(/no VNNI/);
  for (const flag of ['avx512_vnni', 'avx_vnni', 'amx_int8'])
    expect(overflowNote(flags('avx2', flag))).toBe(undefined);
  expect(overflowNote('Features : asimd fp')).toBe(undefined);
  expect(overflowNote('')).toBe(undefined);
});
