import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  quantizeWeights,
  withScalesAtLeast,
} from '../../../problems/compression/quantization/int8-weights.js';

describe('int8 weights', () => {
  test('have one scale a column, the largest magnitude at 127', () => {
    const { values, scales } = quantizeWeights(Float32Array.of(127, 0, -63.5, -254), 2, 1);
    expect([...scales]).toEqual([1, 2]);
    expect([...values]).toEqual([127, 0, -64, -127]);
  });

  test('may have one scale in all', () => {
    const { values, scales } = quantizeWeights(Float32Array.of(127, 0, -63.5, -254), 1, 4);
    expect([...scales]).toEqual([2]);
    expect([...values]).toEqual([64, 0, -32, -127]);
  });

  test('of zeros, or too small for a normal scale, are zeros with scale 1', () => {
    const { values, scales } = quantizeWeights(Float32Array.of(0, 1e-44, 5e-37, -0, -1e-44, 0), 3, 1);
    expect([...scales]).toEqual([1, 1, 1]);
    expect([...values]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('lie within half a step of what they stand for, and keep zeros', () => {
    const weight = fc.oneof(fc.constant(0), fc.float({ min: -1000, max: 1000, noNaN: true }));
    fc.assert(
      fc.property(fc.array(weight, { minLength: 6, maxLength: 6 }), (list) => {
        const weights = Float32Array.from(list);
        const { values, scales } = quantizeWeights(weights, 2, 1);
        weights.forEach((w, i) => {
          const scale = scales[i % 2];
          expect(Math.abs(values[i] * scale - w)).toBeLessThanOrEqual(0.50001 * scale);
          if (w === 0) expect(values[i]).toBe(0);
          expect(values[i]).toBeGreaterThan(-128);
        });
      }),
      { seed: 8 },
    );
  });

  test('are rounded again where a scale has to be wider, and zeros take the scale asked for', () => {
    const given = { values: Int8Array.of(127, -60, 3, 100, 0, 0), scales: Float32Array.of(1, 2, 1) };
    const { values, scales } = withScalesAtLeast(given, 2, Float64Array.of(4, 1, 2 ** -20));
    expect([...scales]).toEqual([4, 2, 2 ** -20]);
    expect([...values]).toEqual([32, -15, 3, 100, 0, 0]);
    expect(withScalesAtLeast(given, 2, new Float64Array(3))).toEqual(given);
  });
});
