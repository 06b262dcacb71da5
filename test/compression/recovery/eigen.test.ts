import { expect, test } from 'vitest';
import { eigenOf } from '../../../problems/compression/recovery/eigen.js';
import { randomOf } from '../../../src/index.js';

test('the eigenvalues of a 2 x 2 matrix, worked by hand', () => {
  // [[2, 1], [1, 2]]: 3 along (1, 1) and 1 along (1, -1).
  const { values, vectors } = eigenOf(Float64Array.of(2, 1, 1, 2), 2);
  expect(values[0]).toBeCloseTo(3, 12);
  expect(values[1]).toBeCloseTo(1, 12);
  expect(vectors[0] * vectors[1]).toBeCloseTo(0.5, 12);
  expect(vectors[2] * vectors[3]).toBeCloseTo(-0.5, 12);
});

test('the vectors are orthonormal and make the matrix again, the largest value first', () => {
  const random = randomOf(1, 'eigen');
  for (const n of [1, 3, 7, 20]) {
    // Of rank n - 1 at the most: one value is 0.
    const rows = Float64Array.from({ length: n * (n - 1) }, () => random.normal());
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      let sum = 0;
      for (let k = 0; k < n - 1; k++) sum += rows[k * n + i] * rows[k * n + j];
      return sum;
    });
    const { values, vectors } = eigenOf(matrix, n);
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
    expect(values[n - 1]).toBeCloseTo(0, 8);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let dot = 0;
        let sum = 0;
        for (let k = 0; k < n; k++) {
          dot += vectors[i * n + k] * vectors[j * n + k];
          sum += values[k] * vectors[k * n + i] * vectors[k * n + j];
        }
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 10);
        expect(sum).toBeCloseTo(matrix[i * n + j], 8);
      }
  }
});
