import { expect, test } from 'vitest';
import { covarianceOf, inverseOf } from '../../../problems/compression/recovery/inverse.js';

test('a matrix times its inverse is one', () => {
  // Diagonally dominant, of a size past any block.
  const n = 37;
  const matrix = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === j ? 3 : 1 / (1 + Math.abs(i - j));
  });
  for (let i = 0; i < n; i++) matrix[i * n + i] += 2;
  const inverse = inverseOf(matrix, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += matrix[i * n + k] * inverse[k * n + j];
      expect(sum).toBeCloseTo(i === j ? 1 : 0, 10);
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
