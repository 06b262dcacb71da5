import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countNonZero,
  type FloatWidth,
  prunedCount,
  pruneSmallest,
} from '../../../problems/compression/pruning/l1-unstructured.js';

const rawOf = (array: Float32Array | Float64Array | Uint16Array) => new Uint8Array(array.buffer);

/** Sorts by magnitude, then by position, and zeroes the first ones. */
function bruteForce(values: readonly number[], count: number): number[] {
  const key = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value));
  const order = values.map((_, i) => i);
  order.sort(
    (a, b) =>
      Number(Number.isNaN(values[a])) - Number(Number.isNaN(values[b])) ||
      (key(values[a]) < key(values[b]) ? -1 : key(values[a]) > key(values[b]) ? 1 : a - b),
  );
  const pruned = [...values];
  for (const i of order.slice(0, count)) pruned[i] = 0;
  return pruned;
}

/** Few different values, so that ties are the rule, among them the awkward ones. */
const values = (float: fc.Arbitrary<number>) =>
  fc.array(
    fc.oneof(
      fc.constantFrom(0, -0, 1, -1, 0.5, -0.5, 2 ** -140, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      fc.constant(Number.NaN),
      float,
    ),
    { maxLength: 80 },
  );

describe('pruning the smallest magnitudes', () => {
  test('zeroes them as sorting would, in float32', () => {
    fc.assert(
      fc.property(values(fc.float()), fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const count = Math.round(share * list.length);
        const array = Float32Array.from(list);
        const expected = bruteForce([...array], count);
        pruneSmallest(rawOf(array), 4, count);
        expect([...array]).toEqual(expected);
      }),
      { numRuns: 500, seed: 4 },
    );
  });

  test('zeroes them as sorting would, in float64, also where only the last bits differ', () => {
    const near = fc.nat(6).map((i) => 1 + i * 2 ** -52);
    fc.assert(
      fc.property(
        values(fc.oneof(fc.double(), near)),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, share) => {
          const count = Math.round(share * list.length);
          const array = Float64Array.from(list);
          const expected = bruteForce([...array], count);
          pruneSmallest(rawOf(array), 8, count);
          expect([...array]).toEqual(expected);
        },
      ),
      { numRuns: 500, seed: 5 },
    );
  });

  test('orders float16 and bfloat16 by their bits without the sign', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 60 }), fc.nat(60), (list, most) => {
        const count = Math.min(most, list.length);
        const array = Uint16Array.from(list);
        const order = list.map((_, i) => i).sort((a, b) => (list[a] & 0x7fff) - (list[b] & 0x7fff) || a - b);
        pruneSmallest(rawOf(array), 2, count);
        const gone = new Set(order.slice(0, count));
        expect([...array]).toEqual(list.map((bits, i) => (gone.has(i) ? 0 : bits)));
      }),
      { numRuns: 500, seed: 6 },
    );
  });

  test('takes the first of equal magnitudes, whatever their sign', () => {
    const array = Float32Array.of(-1, 3, 1, -1, 1, 0.5);
    pruneSmallest(rawOf(array), 4, 3);
    expect([...array]).toEqual([0, 3, 0, -1, 1, 0]);
  });

  test('works at any alignment and touches nothing beside the tensor', () => {
    const around = new Uint8Array(21).fill(7);
    around.set(rawOf(Float32Array.of(4, -1, 2)), 3);
    pruneSmallest(around.subarray(3, 15), 4, 2);
    expect([...new Float32Array(around.slice(3, 15).buffer)]).toEqual([4, 0, 0]);
    expect([...around.subarray(0, 3), ...around.subarray(15)]).toEqual(new Array(9).fill(7));
    const pooled = Buffer.from(rawOf(Float32Array.of(4, -1, 2)));
    pruneSmallest(pooled, 4, 1);
    expect([...new Float32Array(new Uint8Array(pooled).buffer)]).toEqual([4, 0, 2]);
  });

  test('keeps NaN longest, then infinity, and writes +0', () => {
    const array = Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY, -1);
    pruneSmallest(rawOf(array), 4, 2);
    expect([...array]).toEqual([Number.NaN, 0, 0]);
    pruneSmallest(rawOf(array), 4, 3);
    expect(array.every((value) => Object.is(value, 0))).toBe(true);
  });

  test('does nothing to nothing, and to a tensor of which none is pruned', () => {
    pruneSmallest(new Uint8Array(0), 4, 0);
    const array = Float32Array.of(-0, 1);
    pruneSmallest(rawOf(array), 4, 0);
    expect([...array]).toEqual([-0, 1]);
  });
});

describe('counting', () => {
  test('takes -0 for zero and NaN for something, in every width', () => {
    const list = [0, -0, 1, Number.NaN, 2 ** -149];
    expect(countNonZero(rawOf(Float32Array.from(list)), 4)).toBe(3);
    expect(countNonZero(rawOf(Float64Array.from(list)), 8)).toBe(3);
    expect(countNonZero(rawOf(Uint16Array.of(0, 0x8000, 0x3c00, 0x7e00, 1)), 2 as FloatWidth)).toBe(3);
    expect(countNonZero(new Uint8Array(0), 4)).toBe(0);
  });

  test('rounds the number of pruned elements as Python does', () => {
    // [intensity, size, round(intensity * size) of CPython 3.11]
    const cases = [
      [0.5, 5, 2],
      [0.5, 7, 4],
      [0.5, 1, 0],
      [0.3, 5, 2],
      [0.1, 5, 0],
      [0.7, 5, 4],
      [0.3, 1613, 484],
      [0.145, 100, 14],
      [0.285, 100, 28],
      [0, 9, 0],
      [1, 9, 9],
    ] as const;
    for (const [intensity, size, count] of cases)
      expect(prunedCount(intensity, size), `${intensity} of ${size}`).toBe(count);
    expect(() => prunedCount(1.4, 3)).toThrow('pruning intensity must lie in [0, 1], got 1.4');
    expect(() => prunedCount(Number.NaN, 3)).toThrow('got NaN');
  });
});
