import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ELEMENT_TYPE } from '../../../problems/compression/onnx/model.js';
import { flushDenormals } from '../../../problems/compression/simplify/denormals.js';

const bytes = (array: Float32Array | Float64Array) => new Uint8Array(array.buffer);

test('denormal float32 numbers become zeros of their sign, all others stay', () => {
  const values = Float32Array.of(1, 1e-40, -1e-40, 0, -0, 2 ** -126, -(2 ** -126), 2 ** -149, Number.NaN);
  expect(flushDenormals(bytes(values), ELEMENT_TYPE.float32)).toBe(3);
  expect([...values]).toEqual([1, 0, -0, 0, -0, 2 ** -126, -(2 ** -126), 0, Number.NaN]);
});

test('any float64 numbers: what is smaller than 2^-1022 goes, and is counted', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noDefaultInfinity: false })), (list) => {
      const values = Float64Array.from(list);
      const tiny = (value: number) => value !== 0 && Math.abs(value) < 2 ** -1022;
      expect(flushDenormals(bytes(values), ELEMENT_TYPE.float64)).toBe(list.filter(tiny).length);
      expect([...values]).toEqual(list.map((value) => (tiny(value) ? Math.sign(value) * 0 : value)));
    }),
    { seed: 3, examples: [[[5e-324, -5e-324, 2 ** -1023, 2 ** -1022]]] },
  );
});

test('other types are left alone', () => {
  const data = Uint8Array.of(1, 0, 1, 0);
  expect(flushDenormals(data, ELEMENT_TYPE.float16)).toBe(0);
  expect([...data]).toEqual([1, 0, 1, 0]);
});
