import { MultivariateLinearRegression } from 'ml-regression';
import { rowsOf } from './flat-tree.js';
import type { Regressor } from './regressor.js';
import { standardised } from './standardised.js';

/**
 * Least squares on the columns and an intercept: ml-regression's multivariate linear form.
 *
 * The library solves the normal equations by a singular value decomposition that drops what is below the rounding
 * error. So where the columns depend on each other (those of a choice add up to 1; a column is constant; there are
 * fewer samples than columns) it gives the weights of least norm, as the tests confirm. The fit costs O(n d^2 +
 * d^3), a prediction O(d).
 */
export const linear: Regressor = {
  name: 'linear',
  fit: standardised('linear', 2, (x, z, n, d) => {
    const outputs = Array.from(z, (value) => [value]);
    const library = new MultivariateLinearRegression(rowsOf(x, n, d), outputs, { statistics: false });
    const weights = Float64Array.from(library.weights, ([weight]) => weight); // the intercept last
    return {
      hasVariance: false,
      predict(rows, count, out) {
        for (let i = 0; i < count; i++) {
          let sum = weights[d];
          for (let j = 0; j < d; j++) sum += weights[j] * rows[i * d + j];
          out[i] = sum;
        }
      },
    };
  }),
};
