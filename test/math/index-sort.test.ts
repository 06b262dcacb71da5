import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortIndices } from '../../src/math/index-sort.js';

function sorted(values: readonly number[]): number[] {
  const order = new Int32Array(values.length);
  const spare = new Int32Array(values.length);
  return [...sortIndices(values, values.length, order, spare)];
}

describe('the sort of indices', () => {
  test('orders by value, equal values by index', () => {
    expect(sorted([3, 1, 2, 1])).toEqual([1, 3, 2, 0]);
    expect(sorted([])).toEqual([]);
    expect(sorted([0, -0, Number.NEGATIVE_INFINITY])).toEqual([2, 0, 1]);
  });

  test('agrees with a stable sort of any length, ties included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 100 }), (values) => {
        const expected = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
        expect(sorted(values)).toEqual(expected);
      }),
    );
  });

  test('reads only the count of values that it is told', () => {
    const order = sortIndices([5, 4, 3, -9], 3, new Int32Array(4), new Int32Array(4));
    expect([...order.subarray(0, 3)]).toEqual([2, 1, 0]);
  });
});
