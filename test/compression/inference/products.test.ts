import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProducts, type Products } from '../../../problems/compression/inference/products.js';
import { randomOf } from '../../../src/index.js';

let products: Products;
beforeAll(async () => {
  products = await openProducts(1);
});
afterAll(() => products.release());

test('of two rows and two columns, worked by hand', async () => {
  const a = Float32Array.of(1, 2, 3, 4);
  const b = Float32Array.of(5, 6, 7, 8);
  expect([...(await products.multiply(a, b, 2, 2, 2))]).toEqual([19, 22, 43, 50]);
  expect([...(await products.multiplyTransposed(a, b, 2, 2, 2))]).toEqual([26, 30, 38, 44]);
});

test.each([1, 767, 768, 769, 1800])('of %i rows each is its own', async (m) => {
  const [k, n] = [3, 2];
  const random = randomOf('products', m);
  const whole = () => Math.floor(16 * random.uniform()) - 8;
  const a = Float32Array.from({ length: m * k }, whole);
  const b = Float32Array.from({ length: k * n }, whole);
  const wanted = Float32Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return a[i * k] * b[j] + a[i * k + 1] * b[n + j] + a[i * k + 2] * b[2 * n + j];
  });
  const got = await products.multiply(a, b, m, k, n);
  expect(got).toHaveLength(m * n);
  expect(got.every((value, at) => value === wanted[at])).toBe(true);
});
