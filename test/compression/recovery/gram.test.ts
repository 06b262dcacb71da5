import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProducts, type Products } from '../../../problems/compression/inference/products.js';
import { addGram, mirrored } from '../../../problems/compression/recovery/gram.js';
import { randomOf } from '../../../src/index.js';

let products: Products;
beforeAll(async () => {
  products = await openProducts(1);
});
afterAll(() => products.release());

test('two rows of two numbers, twice', async () => {
  // (1, 2) and (3, 4): [[10, 14], [14, 20]].
  const sum = new Float64Array(4);
  for (let time = 0; time < 2; time++) await addGram(sum, Float32Array.of(1, 2, 3, 4), 2, 2, products);
  expect([...mirrored(sum, 2)]).toEqual([20, 28, 28, 40]);
});

test.each([1, 100, 768, 769, 1600])(
  '%i columns, in one block or several, have the products of their pairs',
  async (size) => {
    const random = randomOf('gram', size);
    const count = 3;
    const rows = Float32Array.from({ length: count * size }, () => Math.floor(8 * random.uniform()));
    const sum = new Float64Array(size * size);
    await addGram(sum, rows, count, size, products);
    const gram = mirrored(sum, size);
    let wrong = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let wanted = 0;
        for (let row = 0; row < count; row++) wanted += rows[row * size + i] * rows[row * size + j];
        if (gram[i * size + j] !== wanted) wrong++;
      }
    expect(wrong).toBe(0);
  },
);
