import { expect, test } from 'vitest';
import { node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Graph } from '../../../problems/compression/onnx/model.js';
import { awayFromHalves } from '../../../problems/compression/quantization/half-levels.js';
import { randomOf } from '../../../src/index.js';

/** `r = Relu(a + b)`, `t = r + c`: two sums, one in the other. */
const graph = {
  inputs: ['a', 'b', 'c'].map((name) => valueInfo(name, 'float32', ['n', 4])),
  outputs: [valueInfo('y', 'float32', ['n', 4])],
  initializers: [tensor('one', 'float32', [1], Float32Array.of(1))],
  nodes: [
    node('Add', ['a', 'b'], ['s']),
    node('Relu', ['s'], ['r']),
    node('Add', ['r', 'c'], ['t']),
    node('Mul', ['t', 'one'], ['y']),
  ],
} as unknown as Graph;
const values = new Map(['a', 'b', 'c', 'r', 't'].map((name) => [name, null] as const));

type Levels = { readonly scale: number; readonly zeroPoint: number };

/** How far the sums of all pairs of levels that do not saturate are from a half, the nearest. */
function nearest(a: Levels, b: Levels, sum: Levels): number {
  const distances: number[] = [];
  for (let p = 0; p < 256; p++)
    for (let q = 0; q < 256; q++) {
      const real = a.scale * (p - a.zeroPoint) + b.scale * (q - b.zeroPoint);
      const level = real / sum.scale + sum.zeroPoint;
      if (level > 0 && level < 255) distances.push(Math.abs(Math.abs(level - Math.round(level)) - 0.5));
    }
  return distances.reduce((least, distance) => Math.min(least, distance), 1);
}

/** The level of a sum in float32, a product and a sum rounded once or each for itself. */
function level(
  a: number,
  b: number,
  ratios: readonly [number, number],
  fixed: number,
  once: boolean,
): number {
  const f = Math.fround;
  const first = once ? f(a * ratios[0] + fixed) : f(f(a * ratios[0]) + fixed);
  const sum = once ? f(b * ratios[1] + first) : f(first + f(b * ratios[1]));
  const floor = Math.floor(sum);
  const rounded = sum - floor === 0.5 ? floor + (floor % 2) : Math.round(sum);
  return Math.min(255, Math.max(0, rounded));
}

const random = randomOf('half levels');
const some = (): Levels => ({
  scale: Math.fround(0.01 * 2 ** (3 * random.uniform())),
  zeroPoint: random.integer(200),
});
const even: Levels = { scale: 1, zeroPoint: 128 };
const cases: [string, Record<string, Levels>][] = [
  [
    'every other sum on a half',
    { a: even, b: even, r: { scale: 2, zeroPoint: 0 }, c: even, t: { scale: 2, zeroPoint: 64 } },
  ],
  ...Array.from({ length: 6 }, (_, i): [string, Record<string, Levels>] => {
    const [a, b, c] = [some(), some(), some()];
    const r = { scale: Math.fround(0.9 * (a.scale + b.scale)), zeroPoint: 0 };
    const t = { scale: Math.fround(0.9 * (r.scale + c.scale)), zeroPoint: random.integer(128) };
    return [`scales at random (${i})`, { a, b, c, r, t }];
  }),
];

test.each(cases)('no sum of two activations lies near a half: %s', (_, before) => {
  const after = Object.fromEntries(awayFromHalves(graph, values, new Map(Object.entries(before))));
  for (const [a, b, sum] of [
    [after.a, after.b, after.r],
    [after.r, after.c, after.t],
  ]) {
    expect(nearest(a, b, sum)).toBeGreaterThan(2e-5);
    const ratios = [Math.fround(a.scale / sum.scale), Math.fround(b.scale / sum.scale)] as const;
    const fixed = Math.fround(sum.zeroPoint - (ratios[0] * a.zeroPoint + ratios[1] * b.zeroPoint));
    let apart = 0;
    for (let p = 0; p < 256; p++)
      for (let q = 0; q < 256; q++)
        if (level(p, q, ratios, fixed, true) !== level(p, q, ratios, fixed, false)) apart++;
    expect(apart).toBe(0);
  }
});

test('no product of two activations lies near a half', () => {
  const product = {
    ...graph,
    nodes: [node('Mul', ['a', 'b'], ['t']), node('Relu', ['t'], ['y'])],
  };
  for (let i = 0; i < 4; i++) {
    const [a, b, t] = i === 0 ? [even, even, { scale: 64, zeroPoint: 10 }] : [some(), some(), some()];
    const after = awayFromHalves(product, values, new Map(Object.entries({ a, b, t }))).get('t')!;
    let least = 1;
    for (let p = 0; p < 256; p++)
      for (let q = 0; q < 256; q++) {
        const real = a.scale * (p - a.zeroPoint) * b.scale * (q - b.zeroPoint);
        const level = real / after.scale + t.zeroPoint;
        if (level > 0 && level < 255)
          least = Math.min(least, Math.abs(Math.abs(level - Math.round(level)) - 0.5));
      }
    expect(least).toBeGreaterThan(1e-5);
    expect(after.zeroPoint).toBe(t.zeroPoint);
    expect(after.scale / t.scale).toBeGreaterThanOrEqual(1);
    expect(after.scale / t.scale).toBeLessThanOrEqual(1.001);
  }
});

test.each(cases)(
  'scales of sums alone change, by a thousandth at most, and only to be wider: %s',
  (_, before) => {
    const after = awayFromHalves(graph, values, new Map(Object.entries(before)));
    for (const [name, { scale, zeroPoint }] of Object.entries(before)) {
      const changed = after.get(name)!;
      expect(changed.zeroPoint).toBe(zeroPoint);
      expect(changed.scale).toBeGreaterThanOrEqual(scale);
      expect(changed.scale).toBeLessThanOrEqual(scale * (name === 'r' || name === 't' ? 1.001 : 1));
    }
  },
);
