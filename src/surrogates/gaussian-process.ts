import { FAMILY, mostProbable } from './marginal-likelihood.js';
import { type HyperParameters, noiseOf } from './process/density.js';
import { conditioned } from './process/process.js';
import type { Regressor } from './regressor.js';
import { type Learnt, standardisedWithFolds } from './standardised.js';

const NAME = 'gaussian-process';

/**
 * A Gaussian process with the Matern 5/2 covariance, one length scale a variable, and noise; the hyper-parameters are
 * the most probable (see `mostProbable`). Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006,
 * algorithm 2.1. The columns of a choice share their length scale, so that all its values are equally far apart: the
 * exchangeable covariance, with the distance of unlike values learnt.
 *
 * The variance is that of the function, without the noise. It takes O(n^2) a row, the mean O(n d). The fit costs
 * about 60 Cholesky factorisations and inverses, O(n^3) each; its cross-validation keeps the hyper-parameters and the
 * mean of all samples.
 */
export const gaussianProcess: Regressor = {
  name: NAME,
  ...standardisedWithFolds(NAME, 2, (x, z, n, d, _seed, variable) =>
    posterior(x, z, n, d, mostProbable(x, z, n, d, variable)),
  ),
};

/** The process at `theta` given the samples; its predictions are of z. Throws an Error as `conditioned` does. */
export function posterior(
  x: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
  theta: HyperParameters,
): Learnt {
  const process = conditioned(x, z, n, d, FAMILY.covariance, theta, noiseOf(theta, d, FAMILY.noise), 0);
  const one = new Float64Array(1);
  return {
    predictor: {
      hasVariance: true,
      predict(rows, count, out, variance) {
        for (let i = 0; i < count; i++)
          if (variance) {
            out[i] = process.moments(rows, one, i * d);
            variance[i] = one[0];
          } else out[i] = process.mean(rows, i * d);
      },
    },
    heldOutErrors: process.heldOutErrors,
  };
}
