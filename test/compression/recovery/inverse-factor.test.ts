import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProducts, type Products } from '../../../problems/compression/inference/products.js';
import { cholesky, invertLower } from '../../../problems/compression/recovery/inverse.js';
import { inverseFactorOf, productInverseOf } from '../../../problems/compression/recovery/inverse-factor.js';
import { randomOf } from '../../../src/index.js';

let products: Products;
beforeAll(async () => {
  products = await openProducts(1);
});
afterAll(() => products.release());

/** Second moments of `rows` random rows of n numbers, with a ridge as a share of their mean. */
function momentsOf(n: number, rows: number, ridge: number): Float64Array {
  const random = randomOf(n, 'rows', rows);
  const x = Float64Array.from({ length: rows * n }, () => random.normal());
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < rows; k++) sum += x[k * n + i] * x[k * n + j];
      matrix[i * n + j] = sum / rows + (i === j ? ridge : 0);
      matrix[j * n + i] = matrix[i * n + j];
    }
  return matrix;
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const distance = (a: Float64Array, b: Float64Array) =>
  largest(a.map((value, i) => value - b[i])) / largest(b);

const sizes = [1, 5, 128, 129, 300, 513];

test.each(sizes)('of %i rows the factor is that of the plain loops', async (n) => {
  const matrix = momentsOf(n, 2 * n, 1e-3);
  const plain = matrix.slice();
  cholesky(plain, n);
  invertLower(plain, n);
  for (let i = 0; i < n; i++) plain.fill(0, i * n + i + 1, (i + 1) * n);
  expect(distance(await inverseFactorOf(matrix, n, products), plain)).toBeLessThan(1e-10);
});

test.each(sizes)(
  'a matrix of %i rows times its inverse is one, though it has a rank of half its size',
  async (n) => {
    const matrix = momentsOf(n, Math.ceil(n / 2), 1e-3);
    const inverse = await productInverseOf(matrix, n, products);
    const one = await products.multiply(matrix, inverse, n, n, n);
    for (let i = 0; i < n; i++) one[i * n + i] -= 1;
    expect(largest(one)).toBeLessThan(1e-10);
    expect(inverse.every((value, at) => value === inverse[(at % n) * n + Math.floor(at / n)])).toBe(true);
  },
);

test('the lower triangle alone is read, and the matrix stays as it is', async () => {
  const n = 200;
  const matrix = momentsOf(n, 400, 1e-3);
  const wanted = await inverseFactorOf(matrix, n, products);
  for (let i = 0; i < n; i++) matrix.fill(Number.NaN, i * n + i + 1, (i + 1) * n);
  const before = matrix.slice();
  expect(await inverseFactorOf(matrix, n, products)).toEqual(wanted);
  expect(matrix).toEqual(before);
});

test('inputs that never vary do not make it infinite', async () => {
  const n = 130;
  const factor = await inverseFactorOf(new Float64Array(n * n), n, products);
  expect(factor.every((value, at) => Math.abs(value - (at % (n + 1) === 0 ? 1e6 : 0)) < 1e-6)).toBe(true);
});
