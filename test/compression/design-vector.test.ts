import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalValues,
  compressionVariables,
  decodeVector,
} from '../../problems/compression/design-vector.js';
import { decode, InputError } from '../../src/index.js';

const LAYERS = [
  { name: 'c1', kind: 'convolutional' },
  { name: 'c2', kind: 'convolutional' },
  { name: 'c3', kind: 'convolutional' },
  { name: 'l1', kind: 'linear' },
  { name: 'l2', kind: 'linear' },
] as const;

const plan = (x: readonly number[], seed = 1, layers: Parameters<typeof decodeVector>[1] = LAYERS) =>
  decodeVector(x, layers, seed);
const rows = (x: readonly number[], seed = 1) =>
  plan(x, seed).layers.map(({ layer, weight, bias }) => [layer, weight, bias]);

describe('the design vector', () => {
  test('has the seven variables of the table', () => {
    expect(compressionVariables).toEqual({
      x1: { kind: 'integer', lower: 0, upper: 2 },
      x2: { kind: 'integer', lower: 0, upper: 2 },
      x3: { kind: 'real', lower: 0, upper: 1 },
      x4: { kind: 'real', lower: 0, upper: 1 },
      x5: { kind: 'choice', values: [0, 1, 2] },
      x6: { kind: 'choice', values: [0, 1, 2] },
      x7: { kind: 'choice', values: [0, 1] },
    });
  });

  test('gives each kind its intensity and its parts: bias only, weights only, both', () => {
    expect(rows([2, 2, 0.25, 0.75, 0, 1, 0])).toEqual([
      ['c1', 0.75, 0],
      ['c2', 0.75, 0],
      ['c3', 0.75, 0],
      ['l1', 0, 0.25],
      ['l2', 0, 0.25],
    ]);
    expect(rows([2, 0, 0.25, 0.75, 2, 2, 0]).slice(2)).toEqual([
      ['c3', 0, 0],
      ['l1', 0.25, 0.25],
      ['l2', 0.25, 0.25],
    ]);
    expect(rows([0, 2, 0.25, 0.75, 2, 0, 0]).slice(2)).toEqual([
      ['c3', 0, 0.75],
      ['l1', 0, 0],
      ['l2', 0, 0],
    ]);
    expect(plan([0, 0, 0, 0, 0, 0, 0]).quantization).toBe('none');
    expect(plan([0, 0, 0, 0, 0, 0, 1]).quantization).toBe('dynamic-int8');
  });

  test('is a plan that JSON keeps', () => {
    const p = plan([1, 1, 0.123, 0.7, 2, 2, 1]);
    expect(JSON.parse(JSON.stringify(p))).toEqual(p);
  });

  const standing = (x: readonly number[], layers: Parameters<typeof decodeVector>[1] = LAYERS, able = true) =>
    Object.values(canonicalValues(decode(compressionVariables, x), layers, able));

  test('has one form for what no layer is pruned by', () => {
    expect(standing([0, 0, 0.3, 0.4, 1, 2, 1])).toEqual([0, 0, 0, 0, 0, 0, 1]);
    expect(standing([2, 0, 0.3, 0.4, 1, 2, 0])).toEqual([2, 0, 0.3, 0, 1, 0, 0]);
    expect(standing([1, 2, 0, 0.4, 1, 2, 0])).toEqual([0, 2, 0, 0.4, 0, 2, 0]);
    expect(standing([2, 2, 0.3, 0.4, 1, 2, 0], LAYERS.slice(0, 3))).toEqual([0, 2, 0, 0.4, 0, 2, 0]);
    expect(standing([2, 0, 0.3, 0.4, 1, 2, 1], LAYERS, false)).toEqual([2, 0, 0.3, 0, 1, 0, 0]);
    // The subset of the convolutional layers is drawn by all seven.
    expect(standing([0, 1, 0.3, 0.4, 1, 2, 0])).toEqual([0, 1, 0.3, 0.4, 1, 2, 0]);
  });

  test('means the same in that form', () => {
    const entry = fc.integer({ min: 0, max: 2 });
    const share = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        fc.tuple(entry, entry, share, share, entry, entry, fc.integer({ min: 0, max: 1 })),
        fc.integer({ min: 0, max: 5 }),
        (x, from) => {
          const layers = LAYERS.slice(from);
          const stands = standing(x, layers) as number[];
          expect(plan(stands, 1, layers)).toEqual(plan(x, 1, layers));
          expect(standing(stands, layers)).toEqual(stands);
        },
      ),
    );
  });

  const selected = (x: readonly number[], seed: number) =>
    plan(x, seed)
      .layers.filter(({ weight }) => weight > 0)
      .map(({ layer }) => layer);

  test('draws a subset that depends on vector and seed alone and is never empty', () => {
    const intensity = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(intensity, intensity, fc.nat(), (x3, x4, seed) => {
        const x = [1, 1, x3, x4, 2, 2, 0];
        const names = selected(x, seed);
        expect(names).toEqual(selected(Array.from(Float64Array.from(x)), seed));
        expect(names.some((name) => name.startsWith('c'))).toBe(true);
        expect(names.some((name) => name.startsWith('l'))).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test('draws every subset of the layers but the empty one, each layer about as often as not', () => {
    const counts = new Map<string, number>();
    const runs = 4000;
    for (let seed = 0; seed < runs; seed++) {
      const key = selected([0, 1, 0, 0.5, 2, 2, 0], seed).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    // One layer: 1/8 by itself and a third of the 1/8 of empty draws. Five standard deviations are about 100.
    for (const one of ['c1', 'c2', 'c3'])
      expect(Math.abs((counts.get(one) ?? 0) - runs / 6), one).toBeLessThan(120);
    for (const more of ['c1,c2', 'c1,c3', 'c2,c3', 'c1,c2,c3'])
      expect(Math.abs((counts.get(more) ?? 0) - runs / 8), more).toBeLessThan(120);
    expect(counts.size).toBe(7);
  });

  test('draws another subset for another vector', () => {
    const draws = Array.from({ length: 40 }, (_, i) => selected([0, 1, 0, 0.1 + i / 100, 2, 2, 0], 1).join());
    expect(new Set(draws).size).toBeGreaterThan(3);
  });

  test('takes the only layer of a kind, and is at peace where there is none', () => {
    for (let seed = 0; seed < 20; seed++) {
      const one = plan([1, 1, 0.5, 0.5, 2, 2, 0], seed, [{ name: 'l', kind: 'linear' }]);
      expect(one.layers).toEqual([{ layer: 'l', weight: 0.5, bias: 0.5 }]);
    }
    expect(plan([1, 2, 0.5, 0.5, 2, 2, 0], 1, []).layers).toEqual([]);
  });

  test.each([
    [[3, 0, 0, 0, 0, 0, 0], 'x1 (linear layers pruned: none, some, all) must be one of 0, 1, 2, got 3'],
    [[0, 0.5, 0, 0, 0, 0, 0], /^x2 .* got 0.5$/],
    [[0, 0, 1.4, 0, 0, 0, 0], 'x3 (pruning intensity of the linear layers) must lie in [0, 1], got 1.4'],
    [[0, 0, 0, -0.1, 0, 0, 0], /^x4 .* got -0.1$/],
    [[0, 0, 0, Number.NaN, 0, 0, 0], /^x4 .* got NaN$/],
    [[0, 0, 0, 0, -1, 0, 0], /^x5 /],
    [[0, 0, 0, 0, 0, 9, 0], /^x6 /],
    [[0, 0, 0, 0, 0, 0, 2], 'x7 (quantization: none, dynamic int8) must be one of 0, 1, got 2'],
    [[0, 0, 0, 0, 0, 0], /must have 7 entries .* got 6$/],
  ])('refuses %j', (x, message) => {
    expect(() => plan(x)).toThrow(InputError);
    expect(() => plan(x)).toThrow(message);
  });
});
