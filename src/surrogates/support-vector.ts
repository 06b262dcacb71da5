import { predictKernelSum, squaredDistances } from './gaussian-kernel.js';
import { leastLeaveOneOut } from './kernel-ridge.js';
import type { Predictor, Regressor } from './regressor.js';
import { supportVectorDual } from './sequential-minimal-optimisation.js';
import { standardised } from './standardised.js';

const NAME = 'support-vector';

/** Where large weights and a narrow tube make the solver slow, it is stopped: predictions settle long before its last digits. */
const STEPS_A_SAMPLE = 200;

/** Of epsilon support vector regression on standardised outputs with the kernel `exp(-gamma |u - v|^2)`. */
export interface SupportVectorParameters {
  readonly gamma: number;
  /** The largest weight of a sample. */
  readonly c: number;
  /** Half the width of the tube in which errors cost nothing. */
  readonly epsilon: number;
}

/**
 * Epsilon support vector regression with the Gaussian kernel (Smola and Schoelkopf, "A tutorial on support vector
 * regression", 2004), solved by {@link supportVectorDual}. Its parameters follow from the leave-one-out choice of kernel
 * ridge regression: see {@link parametersOf}. A prediction costs O(s d) for s support vectors.
 */
export const supportVector: Regressor = {
  name: NAME,
  fit: standardised(NAME, 2, (x, z, n, d) => trained(x, z, n, d, parametersOf(x, z, n, d))),
};

/** The model of standardised outputs `z` at given parameters. */
export function trained(
  x: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
  { gamma, c, epsilon }: SupportVectorParameters,
): Predictor {
  const kernel = squaredDistances(x, n, d).map((square) => Math.exp(-gamma * square));
  const { beta, bias } = supportVectorDual(kernel, z, n, c, epsilon, STEPS_A_SAMPLE * n);
  const support = Array.from(beta.keys()).filter((i) => beta[i] !== 0);
  const centres = new Float64Array(support.length * d);
  support.forEach((i, k) => {
    centres.set(x.subarray(i * d, i * d + d), k * d);
  });
  const sum = { centres, weights: Float64Array.from(support, (i) => beta[i]), gamma, bias };
  return {
    hasVariance: false,
    predict: (rows, count, out) => predictKernelSum(sum, d, rows, count, out),
  };
}

/**
 * The width of kernel ridge regression; as the largest weight the inverse of its penalty, from 1 to 10,000: with the squared
 * error no weight could pass an error over the penalty; and a tube of 0.3 of its leave-one-out error, from 0.01 to 0.5. On
 * outputs of the test problems this came within a few percent of kernel ridge regression itself, where the customary C = 1 and epsilon = 0.1
 * did far worse.
 */
function parametersOf(x: Float64Array, z: Float64Array, n: number, d: number): SupportVectorParameters {
  const { gamma, penalty, error } = leastLeaveOneOut(x, z, n, d);
  return {
    gamma,
    c: Math.min(1e4, Math.max(1, 1 / penalty)),
    epsilon: Math.min(0.5, Math.max(0.01, 0.3 * Math.sqrt(error))),
  };
}
