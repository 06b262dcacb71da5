import { expect, test } from 'vitest';
import {
  cholesky,
  covarianceOf,
  inverseOf,
  invertLower,
} from '../../../problems/compression/recovery/inverse.js';

/** Diagonally dominant. */
const dominant = (n: number) =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === j ? 5 : 1 / (1 + Math.abs(i - j));
  });

/** Of every remainder by four, as many rows are taken at a time. */
const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 37, 50];

test('a matrix times its inverse is one', () => {
  for (const n of sizes) {
    const matrix = dominant(n);
    const inverse = inverseOf(matrix, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += matrix[i * n + k] * inverse[k * n + j];
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 10);
      }
  }
});

test('the factor times its transpose is the matrix, and its inverse times the factor is one', () => {
  for (const n of sizes) {
    const matrix = dominant(n);
    const factor = matrix.slice();
    cholesky(factor, n);
    const inverse = factor.slice();
    invertLower(inverse, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let product = 0;
        let one = 0;
        for (let k = 0; k <= j; k++) product += factor[i * n + k] * factor[j * n + k];
        for (let k = j; k <= i; k++) one += inverse[i * n + k] * factor[k * n + j];
        expect(product).toBeCloseTo(matrix[i * n + j], 12);
        expect(one).toBeCloseTo(i === j ? 1 : 0, 12);
      }
  }
});

test('second moments are about the mean where a bias can make it good, and damped', () => {
  // Two places, (1, 0) and (3, 2), with ones behind: moments [[5, 3], [3, 2]], means 2 and 1.
  const gram = Float32Array.of(10, 6, 4, 6, 4, 2, 4, 2, 2);
  const raw = covarianceOf({ gram, size: 3, places: 2 }, 0, 2, false);
  const centred = covarianceOf({ gram, size: 3, places: 2 }, 0, 2, true);
  [5 * 1.0007, 3, 3, 2 + 0.0035].forEach((value, i) => {
    expect(raw[i]).toBeCloseTo(value, 9);
  });
  [1.001, 1, 1, 1.001].forEach((value, i) => {
    expect(centred[i]).toBeCloseTo(value, 9);
  });
});

test('inputs that never vary are damped too, so that the inverse exists', () => {
  const nothing = covarianceOf({ gram: new Float32Array(9), size: 3, places: 4 }, 0, 2, true);
  expect([...inverseOf(nothing, 2)]).toEqual([1, 0, 0, 1]);
});
