import { MultivariateLinearRegression } from 'ml-regression';
import { centred, orthonormalBasis } from '../math/matrix.js';
import { rowsOf } from './flat-tree.js';
import { heldOutErrors } from './held-out.js';
import type { Regressor } from './regressor.js';
import { standardisedWithFolds } from './standardised.js';

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
  ...standardisedWithFolds('linear', 2, (x, z, n, d) => {
    const outputs = Array.from(z, (value) => [value]);
    const library = new MultivariateLinearRegression(rowsOf(x, n, d), outputs, { statistics: false });
    const weights = Float64Array.from(library.weights, ([weight]) => weight); // the intercept last
    const predictor = {
      hasVariance: false,
      predict(rows: Float64Array, count: number, out: Float64Array) {
        for (let i = 0; i < count; i++) {
          let sum = weights[d];
          for (let j = 0; j < d; j++) sum += weights[j] * rows[i * d + j];
          out[i] = sum;
        }
      },
    };
    return {
      predictor,
      heldOutErrors(fold) {
        // The smoother projects onto the constant and the span of the centred columns.
        const { rank, q } = orthonormalBasis(centred(x, n, d), n, d, 1e-6);
        if (rank >= n - 1) return null;
        const rest = new Float64Array(n);
        predictor.predict(x, n, rest);
        for (let i = 0; i < n; i++) rest[i] = z[i] - rest[i];
        const entry = (i: number, j: number) => {
          let sum = Number(i === j) - 1 / n;
          for (let k = 0; k < rank; k++) sum -= q[k * n + i] * q[k * n + j];
          return sum;
        };
        return heldOutErrors(entry, rest, fold);
      },
    };
  }),
};
