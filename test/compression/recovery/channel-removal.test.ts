import { expect, test } from 'vitest';
import {
  blockCost,
  type Reader,
  removeBlock,
} from '../../../problems/compression/recovery/channel-removal.js';
import { inverseOf } from '../../../problems/compression/recovery/inverse.js';
import { randomOf } from '../../../src/index.js';

const [SIZE, FEATURES] = [6, 3];
const random = randomOf('readers');
const h = new Float64Array(SIZE * SIZE);
for (let place = 0; place < 20; place++) {
  const x = Float64Array.from({ length: SIZE }, () => random.normal() + 0.4);
  for (let i = 0; i < SIZE; i++) for (let j = 0; j < SIZE; j++) h[i * SIZE + j] += x[i] * x[j];
}
const weights = Float64Array.from({ length: SIZE * FEATURES }, () => random.normal());
/** Channel 7 feeds two inputs, 8 one, 9 three. */
const columns = new Map([
  [7, [0, 1]],
  [8, [2]],
  [9, [3, 4, 5]],
]);
const reader = (compensates: boolean): Reader => ({
  size: SIZE,
  features: FEATURES,
  compensates,
  matrix: compensates ? inverseOf(h, SIZE) : h.slice(),
  weights: weights.slice(),
  columns,
  energy: 2,
});

/** The least squared error when only the inputs `kept` are left, by the normal equations afresh, as a share of the energy. */
function leastError(kept: readonly number[]): number {
  const inverse = inverseOf(
    Float64Array.from(kept.flatMap((i) => kept.map((j) => h[i * SIZE + j]))),
    kept.length,
  );
  let error = 0;
  for (let f = 0; f < FEATURES; f++) {
    const w = Array.from({ length: SIZE }, (_, i) => weights[i * FEATURES + f]);
    const right = kept.map((i) => w.reduce((sum, value, j) => sum + h[i * SIZE + j] * value, 0));
    const change = w.map((value, i) => {
      const a = kept.indexOf(i);
      return (a < 0 ? 0 : right.reduce((sum, r, b) => sum + inverse[a * kept.length + b] * r, 0)) - value;
    });
    change.forEach((a, i) => {
      change.forEach((b, j) => {
        error += a * h[i * SIZE + j] * b;
      });
    });
  }
  return error / 2;
}

test('a channel costs the error that is left when the other inputs are refitted', () => {
  expect(blockCost(reader(true), 7)).toBeCloseTo(leastError([2, 3, 4, 5]), 8);
  expect(blockCost(reader(true), 8)).toBeCloseTo(leastError([0, 1, 3, 4, 5]), 8);
  expect(blockCost(reader(true), 5)).toBe(0);
});

test('channels removed one after the other cost together what they cost at once', () => {
  const layer = reader(true);
  const first = blockCost(layer, 7);
  expect(removeBlock(layer, 7)).toBe(true);
  const second = blockCost(layer, 8);
  expect(first + second).toBeCloseTo(leastError([3, 4, 5]), 8);
});

test('without refitting a channel costs what its inputs give, and the others stay as they are', () => {
  const layer = reader(false);
  let expected = 0;
  for (let f = 0; f < FEATURES; f++)
    for (const i of [0, 1])
      for (const j of [0, 1])
        expected += (weights[i * FEATURES + f] * h[i * SIZE + j] * weights[j * FEATURES + f]) / 2;
  expect(blockCost(layer, 7)).toBeCloseTo(expected, 10);
  expect(removeBlock(layer, 7)).toBe(false);
  expect(layer.weights).toEqual(weights);
});
