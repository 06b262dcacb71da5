import { MultivariateLinearRegression } from 'ml-regression';
import { centred, orthonormalBasis } from '../math/matrix.js';
import type { Regressor } from './regressor.js';
import { standardised } from './standardised.js';

/**
 * Least squares on the columns and an intercept: ml-regression's multivariate linear form.
 *
 * The library inverts the normal equations, and where columns depend on each other (the columns of a choice add up
 * to 1; a column is constant; there are fewer samples than columns) what it inverts is rounding noise. So it is
 * handed only columns that are independent of the intercept and of each other, to one part in a million, those with
 * the largest remainder first; the others get weight 0. On the samples this loses nothing. The fit costs O(n d^2 +
 * d^3), a prediction O(d).
 */
export const linear: Regressor = {
  name: 'linear',
  fit: standardised('linear', 2, (x, z, n, d) => {
    const { columns } = orthonormalBasis(centred(x, n, d), n, d, 1e-6);
    const kept = [...columns].sort((a, b) => a - b);
    const weights = new Float64Array(d);
    let intercept = 0; // z has mean 0
    if (kept.length > 0) {
      const rows = Array.from({ length: n }, (_, i) => kept.map((column) => x[i * d + column]));
      const library = new MultivariateLinearRegression(
        rows,
        Array.from(z, (value) => [value]),
        { statistics: false },
      );
      kept.forEach((column, k) => {
        weights[column] = library.weights[k][0];
      });
      intercept = library.weights[kept.length][0];
    }
    return {
      hasVariance: false,
      predict(rows, count, out) {
        for (let i = 0; i < count; i++) {
          let sum = intercept;
          for (let j = 0; j < d; j++) sum += weights[j] * rows[i * d + j];
          out[i] = sum;
        }
      },
    };
  }),
};
