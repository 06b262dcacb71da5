import { ridgeRegression } from './ridge-regression.js';

/**
 * A full quadratic: intercept, columns, squares and products of two, d (d + 3) / 2 terms and the intercept, by ridge
 * regression (see `penalisedLeastSquares`), so that it stands more terms than samples and columns that depend on each
 * other. Columns are moved to [-1, 1] first, where squares and products tell more from the columns themselves. A
 * prediction costs O(d^2).
 */
export const quadratic = ridgeRegression('quadratic', 3, {
  count: (d) => (d * (d + 3)) / 2,
  write: writeTerms,
  predictor: (weights, intercept, d) => ({
    hasVariance: false,
    predict(rows, count, out) {
      for (let i = 0; i < count; i++) {
        const row = i * d;
        let sum = intercept;
        for (let j = 0, at = d; j < d; j++) {
          const t = 2 * rows[row + j] - 1;
          let slope = weights[j];
          for (let k = j; k < d; k++) slope += weights[at++] * (2 * rows[row + k] - 1);
          sum += slope * t;
        }
        out[i] = sum;
      }
    },
  }),
});

/** The columns t = 2 x - 1, then the products t_j t_k for j <= k, by j and then by k. */
function writeTerms(x: Float64Array, row: number, d: number, terms: Float64Array, start: number): void {
  let at = start + d;
  for (let j = 0; j < d; j++) {
    const t = 2 * x[row + j] - 1;
    terms[start + j] = t;
    for (let k = j; k < d; k++) terms[at++] = t * (2 * x[row + k] - 1);
  }
}
