import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  centred,
  cholesky,
  invertLower,
  jitteredCholesky,
  orthonormalBasis,
  solveCholesky,
  solveUpper,
} from '../../src/math/matrix.js';
import { randomOf } from '../../src/math/random.js';

const matrix = (rows: number, columns: number, seed: number) => {
  const random = randomOf(seed, 'matrix');
  return Float64Array.from({ length: rows * columns }, () => random.normal());
};

/** B B' + I for a random B. */
function positiveDefinite(n: number, seed: number): Float64Array {
  const b = matrix(n, n, seed);
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) sum += b[i * n + k] * b[j * n + k];
    return sum;
  });
}

describe('cholesky', () => {
  test('factors a matrix worked by hand', () => {
    const a = Float64Array.of(4, 0, 0, 2, 5, 0, 2, 3, 6); // only the lower triangle is read
    expect(cholesky(a, 3)).toBe(true);
    expect([a[0], a[3], a[4], a[6], a[7], a[8]]).toEqual([2, 1, 2, 1, 1, 2]);
  });

  test('refuses a matrix that is singular, indefinite or not a number', () => {
    expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBe(false);
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(cholesky(Float64Array.of(Number.NaN), 1)).toBe(false);
  });

  test('solves and inverts what it factors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), (n, seed) => {
        const a = positiveDefinite(n, seed);
        const factor = a.slice();
        expect(cholesky(factor, n)).toBe(true);
        const v = matrix(n, 1, seed + 1);
        const b = new Float64Array(n);
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) b[i] += a[i * n + j] * v[j];
        solveCholesky(factor, n, b);
        const inverse = new Float64Array(n * n);
        invertLower(factor, n, inverse);
        for (let i = 0; i < n; i++) {
          expect(b[i]).toBeCloseTo(v[i], 8);
          for (let j = 0; j < n; j++) {
            // `inverse` holds the transpose of L^-1 in its upper triangle
            let sum = 0;
            for (let k = j; k <= i; k++) sum += factor[i * n + k] * inverse[j * n + k];
            if (j <= i) expect(sum).toBeCloseTo(i === j ? 1 : 0, 8);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('takes the least jitter that helps, and none when none is needed', () => {
    const out = new Float64Array(4);
    expect(jitteredCholesky(Float64Array.of(2, 0, 0, 2), 2, out)).toBe(0);
    expect(jitteredCholesky(Float64Array.of(1, 1, 1, 1), 2, out)).toBe(1e-10);
    expect(jitteredCholesky(Float64Array.of(1, 1.0005, 1.0005, 1), 2, out)).toBeCloseTo(1e-3, 12);
    expect(jitteredCholesky(Float64Array.of(1, 2, 2, 1), 2, out)).toBeNaN();
  });
});

describe('the orthonormal basis', () => {
  test('is orthonormal and rebuilds the columns it kept', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer(),
        (n, p, seed) => {
          const a = matrix(n, p, seed);
          const { rank, columns, q, r } = orthonormalBasis(a, n, p, 1e-6);
          expect(rank).toBe(Math.min(n, p));
          for (let k = 0; k < rank; k++) {
            for (let l = 0; l <= k; l++) {
              let sum = 0;
              for (let i = 0; i < n; i++) sum += q[k * n + i] * q[l * n + i];
              expect(sum).toBeCloseTo(k === l ? 1 : 0, 10);
            }
            for (let i = 0; i < n; i++) {
              let sum = 0;
              for (let l = 0; l <= k; l++) sum += r[l * rank + k] * q[l * n + i];
              expect(sum).toBeCloseTo(a[i * p + columns[k]], 10);
            }
          }
          const b = new Float64Array(rank).fill(1);
          solveUpper(r, rank, b);
          for (let i = 0; i < rank; i++) {
            let sum = 0;
            for (let k = i; k < rank; k++) sum += r[i * rank + k] * b[k];
            expect(sum).toBeCloseTo(1, 6);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('leaves out columns that depend on others, and all columns of a matrix of zeros', () => {
    const random = randomOf(4);
    const a = new Float64Array(6 * 4);
    for (let i = 0; i < 6; i++) {
      const [u, v] = [random.normal(), random.normal()];
      a.set([u, v, u + v, 2 * u], i * 4);
    }
    expect(orthonormalBasis(a, 6, 4, 1e-6).rank).toBe(2);
    expect(orthonormalBasis(new Float64Array(6), 3, 2, 1e-6).rank).toBe(0);
  });

  test('of centred one-hot columns is one column short', () => {
    const oneHot = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0);
    expect(orthonormalBasis(centred(oneHot, 4, 3), 4, 3, 1e-6).rank).toBe(2);
  });
});
