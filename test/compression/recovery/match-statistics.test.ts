import { expect, test } from 'vitest';
import { matchStatistics } from '../../../problems/compression/recovery/match-statistics.js';
import type { Moments } from '../../../problems/compression/recovery/moments.js';
import { randomOf } from '../../../src/index.js';

const [PLACES, INPUTS, FEATURES] = [500, 4, 3];
const SIZE = INPUTS + 1;
const random = randomOf('statistics');
const inputs = Float64Array.from({ length: PLACES * SIZE }, (_, i) =>
  i % SIZE === INPUTS ? 1 : random.normal() + 0.3,
);
const targets = Float64Array.from({ length: PLACES * FEATURES }, (_, i) =>
  i % FEATURES === 2 ? 4 : (1 + (i % FEATURES)) * random.normal() - 2,
);

function moments(): Moments {
  const gram = new Float32Array(SIZE * SIZE);
  const right = new Float32Array(SIZE * FEATURES);
  const squares = new Float64Array(FEATURES);
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++)
      for (let p = 0; p < PLACES; p++) gram[i * SIZE + j] += inputs[p * SIZE + i] * inputs[p * SIZE + j];
    for (let f = 0; f < FEATURES; f++)
      for (let p = 0; p < PLACES; p++)
        right[i * FEATURES + f] += inputs[p * SIZE + i] * targets[p * FEATURES + f];
  }
  for (let p = 0; p < PLACES; p++)
    for (let f = 0; f < FEATURES; f++) squares[f] += targets[p * FEATURES + f] ** 2;
  return { places: PLACES, size: SIZE, features: FEATURES, gram, right, squares };
}

function statistics(values: (place: number) => number) {
  let [sum, squares] = [0, 0];
  for (let p = 0; p < PLACES; p++) {
    sum += values(p);
    squares += values(p) ** 2;
  }
  return { mean: sum / PLACES, deviation: Math.sqrt(squares / PLACES - (sum / PLACES) ** 2) };
}

const output = (columns: Float32Array, f: number) => (p: number) => {
  let sum = 0;
  for (let i = 0; i < SIZE; i++) sum += inputs[p * SIZE + i] * columns[i * FEATURES + f];
  return sum;
};

const columns = () => {
  const weights = randomOf('weights');
  return Float32Array.from({ length: SIZE * FEATURES }, () => weights.normal());
};

test('mean and deviation of a linear layer become those of the target, direction of the weights kept', () => {
  const before = columns();
  const after = columns();
  matchStatistics(after, moments(), [true]);
  for (const f of [0, 1]) {
    const wanted = statistics((p) => targets[p * FEATURES + f]);
    const got = statistics(output(after, f));
    expect(got.mean).toBeCloseTo(wanted.mean, 3);
    expect(got.deviation).toBeCloseTo(wanted.deviation, 3);
    const scale = after[f] / before[f];
    for (let i = 0; i < INPUTS; i++)
      expect(after[i * FEATURES + f] / before[i * FEATURES + f]).toBeCloseTo(scale, 5);
  }
});

test('where the target is constant, only the mean is matched; where the weights are zero, the bias does it', () => {
  const after = columns();
  for (let i = 0; i < SIZE; i++) after[i * FEATURES] = 0;
  matchStatistics(after, moments(), [true]);
  expect(after[2]).toBe(columns()[2]);
  expect(statistics(output(after, 2)).mean).toBeCloseTo(4, 3);
  for (let i = 0; i < INPUTS; i++) expect(after[i * FEATURES]).toBe(0);
  expect(after[INPUTS * FEATURES]).toBeCloseTo(statistics((p) => targets[p * FEATURES]).mean, 3);
});

test('without a bias the deviation alone is matched', () => {
  const after = columns();
  for (let f = 0; f < FEATURES; f++) after[INPUTS * FEATURES + f] = 0;
  matchStatistics(after, moments(), [false]);
  expect([...after.subarray(INPUTS * FEATURES)]).toEqual([0, 0, 0]);
  expect(statistics(output(after, 1)).deviation).toBeCloseTo(
    statistics((p) => targets[p * FEATURES + 1]).deviation,
    3,
  );
});
