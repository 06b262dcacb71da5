import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildModel, emptyTensor, tensor } from '../../../problems/compression/onnx/build.js';
import { fromFloat16, roundToEven, toFloat16 } from '../../../problems/compression/onnx/float16.js';
import { ELEMENT_TYPE } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { dataOf, sizeOf, toFloat32, withRawData } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';

const varints = (...values: bigint[]) =>
  Uint8Array.from(
    values.flatMap((value) => {
      const bytes: number[] = [];
      let rest = BigInt.asUintN(64, value);
      for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
      return [...bytes, Number(rest)];
    }),
  );

describe('the data of a tensor', () => {
  test('are the same from the typed fields as from raw data, negative numbers and float16 bits included', () => {
    const cases = [
      [ELEMENT_TYPE.int32, 'int32Data', Int32Array.of(-1, 2 ** 31 - 1, -(2 ** 31), 0)],
      [ELEMENT_TYPE.int8, 'int32Data', Int8Array.of(-1, 127, -128, 0)],
      [ELEMENT_TYPE.uint8, 'int32Data', Uint8Array.of(255, 127, 128, 0)],
      [ELEMENT_TYPE.float16, 'int32Data', Uint16Array.of(0x3c00, 0xbc00, 0xffff, 0)],
      [ELEMENT_TYPE.bfloat16, 'int32Data', Uint16Array.of(0x3f80, 0xbf80, 0xffff, 0)],
      [ELEMENT_TYPE.int64, 'int64Data', BigInt64Array.of(-1n, 2n ** 63n - 1n, -(2n ** 63n), 300n)],
      [ELEMENT_TYPE.uint64, 'uint64Data', BigUint64Array.of(2n ** 64n - 1n, 2n ** 32n, 1n, 0n)],
      [ELEMENT_TYPE.uint32, 'uint64Data', Uint32Array.of(2 ** 32 - 1, 2 ** 31, 1, 0)],
    ] as const;
    for (const [type, name, values] of cases) {
      const encoded = varints(...Array.from(values as Int32Array, BigInt));
      const typed = { ...emptyTensor('t', type, [2, 2]), [name]: encoded };
      const raw = new Uint8Array(values.buffer);
      expect([...dataOf(typed)], `type ${type}`).toEqual([...raw]);
      const normal = withRawData(typed);
      expect(normal.rawData).toEqual(raw);
      expect(normal[name]).toHaveLength(0);
    }
  });

  test('must fit the shape', () => {
    const t = tensor('w', 'float32', [2, 3], new Float32Array(6));
    expect(() => dataOf({ ...t, dims: [2, 4] })).toThrow(
      'tensor "w" of shape [2, 4] must hold 32 bytes, got 24',
    );
    expect(sizeOf({ ...t, dims: [] })).toBe(1);
    expect(() => dataOf({ ...t, dataLocation: 1 })).toThrow('file of its own');
    expect(() => dataOf({ ...t, dataType: ELEMENT_TYPE.string })).toThrow('numeric element type');
  });

  test('become float32 from every floating-point type, at any alignment', () => {
    for (let pad = 0; pad < 5; pad++) {
      const model = buildModel({
        opset: 17,
        producerName: 'p'.repeat(pad + 1),
        inputs: [],
        outputs: [],
        nodes: [],
        initializers: [
          tensor('a', 'float32', [2], Float32Array.of(1.5, -2)),
          tensor('b', 'float16', [2], Uint16Array.of(0x3e00, 0xc000)),
          tensor('c', 'bfloat16', [2], Uint16Array.of(0x3fc0, 0xc000)),
          tensor('d', 'float64', [2], Float64Array.of(1.5, -2)),
        ],
      });
      for (const t of readModel(writeModel(model), 'm').graph.initializers)
        expect([...toFloat32(t)], t.name).toEqual([1.5, -2]);
    }
  });
});

describe('float16', () => {
  test('goes to numbers and back for all 65,536 bit patterns', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const back = toFloat16(fromFloat16(bits));
    const isNaN16 = (h: number) => (h & 0x7fff) > 0x7c00;
    for (const h of bits) if (isNaN16(h) ? !isNaN16(back[h]) : back[h] !== h) expect(back[h]).toBe(h);
  });

  test('has the values of the standard', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x7c00, 0x3555);
    expect([...fromFloat16(bits)]).toEqual([
      1,
      -2,
      65504,
      2 ** -14,
      2 ** -24,
      Number.POSITIVE_INFINITY,
      0.333251953125,
    ]);
  });

  test('rounds to the nearest, ties to even, and to infinity from 65520 on', () => {
    expect([
      ...toFloat16([1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519.9, 65520, 2 ** -25, 2 ** -25 * 1.01]),
    ]).toEqual([0x3c00, 0x3c02, 0x7bff, 0x7c00, 0, 1]);
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65519, max: 65519 }), (value) => {
        const [h] = toFloat16([value]);
        const [nearest, up, down] = fromFloat16(Uint16Array.of(h, h + 1, (h & 0x7fff) === 0 ? h : h - 1));
        expect(Math.abs(nearest - value)).toBeLessThanOrEqual(Math.abs(up - value));
        expect(Math.abs(nearest - value)).toBeLessThanOrEqual(Math.abs(down - value));
      }),
      { seed: 3 },
    );
  });

  test('rounding to even is that of Python', () => {
    expect([0.5, 1.5, 2.5, 3.5, 2.4999999999999996, -0.5, -1.5].map(roundToEven)).toEqual([
      0, 2, 2, 4, 2, 0, -2,
    ]);
  });
});
