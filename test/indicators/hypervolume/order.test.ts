import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena } from '../../../src/indicators/hypervolume/arena.js';
import { ascendingOrder, sortBuffers } from '../../../src/indicators/hypervolume/order.js';

describe('ascendingOrder', () => {
  it('is the stable order of the keys, whatever their number', () => {
    const key = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200 }), (values) => {
        // 0 and -0 are equal keys.
        const keys = Float64Array.from(values);
        const order = new Int32Array(keys.length);
        ascendingOrder(keys, keys.length, order, sortBuffers(createArena(0), keys.length));
        const expected = values
          .map((_, i) => i)
          .sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
        expect([...order]).toEqual(expected);
        expect(keys).toEqual(Float64Array.from(values));
      }),
    );
  });
});
