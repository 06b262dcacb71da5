import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProducts, type Products } from '../../../problems/compression/inference/products.js';
import { maskedLeastSquares } from '../../../problems/compression/recovery/masked-least-squares.js';
import { randomOf } from '../../../src/index.js';

let products: Products;
beforeAll(async () => {
  products = await openProducts(1);
});
afterAll(() => products.release());

const options = { ridge: 0, iterations: 50, enough: 0 };

test('solves a system of two unknowns, worked by hand', async () => {
  // 2a + b = 4, a + 3b = 7: a = 1, b = 2. With b held at 0: a = 2.
  const equations = {
    size: 2,
    features: 2,
    gram: Float32Array.of(2, 1, 1, 3),
    right: Float32Array.of(4, 4, 7, 7),
  };
  const solution = await maskedLeastSquares(
    equations,
    new Float32Array(4),
    Uint8Array.of(1, 1, 1, 0),
    options,
    products,
  );
  [1, 2, 2, 0].forEach((value, i) => {
    expect(solution[i]).toBeCloseTo(value, 5);
  });
});

test('a large ridge keeps the weights where they start', async () => {
  const equations = { size: 2, features: 1, gram: Float32Array.of(2, 1, 1, 3), right: Float32Array.of(4, 7) };
  const solution = await maskedLeastSquares(
    equations,
    Float32Array.of(5, -5),
    Uint8Array.of(1, 1),
    { ridge: 1e6, iterations: 20 },
    products,
  );
  expect(solution[0]).toBeCloseTo(5, 3);
  expect(solution[1]).toBeCloseTo(-5, 3);
});

test('recovers weights from samples, every row on its own support, also where the samples are too few', async () => {
  const random = randomOf('recover');
  const [size, features] = [24, 5];
  const mask = Uint8Array.from({ length: size * features }, () => Number(random.uniform() < 0.6));
  const truth = Float32Array.from(mask, (kept) => (kept ? random.normal() : 0));
  for (const rows of [200, 6]) {
    const p = Float32Array.from({ length: rows * size }, () => random.normal());
    const y = await products.multiply(p, truth, rows, size, features);
    const gram = await products.multiplyTransposed(p, p, rows, size, size);
    const right = await products.multiplyTransposed(p, y, rows, size, features);
    const start = new Float32Array(size * features);
    const solution = await maskedLeastSquares(
      { size, features, gram, right },
      start,
      mask,
      options,
      products,
    );
    expect(solution.every((value, i) => mask[i] === 1 || value === 0)).toBe(true);
    const fitted = await products.multiply(p, solution, rows, size, features);
    expect(Math.max(...fitted.map((value, i) => Math.abs(value - y[i])))).toBeLessThan(0.01);
    if (rows === 200)
      expect(Math.max(...solution.map((value, i) => Math.abs(value - truth[i])))).toBeLessThan(0.01);
  }
});

test('ends when an iteration gains too little', async () => {
  const size = 40;
  const random = randomOf('enough');
  const p = Float32Array.from({ length: 60 * size }, () => random.normal());
  const gram = await products.multiplyTransposed(p, p, 60, size, size);
  const right = Float32Array.from({ length: size }, () => random.normal());
  const equations = { size, features: 1, gram, right };
  const runs = [0, 0];
  for (const [run, enough] of [0, 0.1].entries()) {
    const counted: Products = {
      ...products,
      multiply: (...factors) => {
        runs[run]++;
        return products.multiply(...factors);
      },
    };
    const mask = new Uint8Array(size).fill(1);
    await maskedLeastSquares(equations, new Float32Array(size), mask, { ...options, enough }, counted);
  }
  expect(runs[1]).toBeGreaterThan(1);
  expect(runs[1]).toBeLessThan(runs[0] / 2);
});
