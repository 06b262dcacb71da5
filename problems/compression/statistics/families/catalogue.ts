import { alpha } from './alpha.js';
import { exponential, gaussian, laplace, uniform } from './closed.js';
import type { Family } from './family.js';
import { cauchy, gamma, logistic } from './iterative.js';

/** Every family that is fitted to weights. */
export const families: readonly Family[] = [
  laplace,
  gaussian,
  logistic,
  cauchy,
  gamma,
  exponential,
  alpha,
  uniform,
];
