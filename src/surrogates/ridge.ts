import { dot } from '../math/matrix.js';
import { ridgeRegression } from './ridge-regression.js';

/**
 * A plane by ridge regression: as linear regression, with a penalty on the weights whose strength the leave-one-out
 * error chooses (see `penalisedLeastSquares`). It stands more columns than samples and columns that depend on each
 * other. A prediction costs O(d).
 */
export const ridge = ridgeRegression('ridge', 3, {
  count: (d) => d,
  write: (x, row, d, terms, start) => terms.set(x.subarray(row, row + d), start),
  predictor: (weights, intercept, d) => ({
    hasVariance: false,
    predict(rows, count, out) {
      for (let i = 0; i < count; i++) out[i] = intercept + dot(weights, 0, rows, i * d, d);
    },
  }),
});
