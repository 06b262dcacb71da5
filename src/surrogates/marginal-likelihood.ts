import { matern } from './process/covariance.js';
import { densityOf, type Family, type HyperParameters, pairwiseSquares } from './process/density.js';
import * as process from './process/most-probable.js';

/**
 * The processes of the pool: Matern 5/2 without an additive share, and noise as it may come: the pool serves any output, unlike `auto`,
 * which asks whether an output is declared noisy. Their length scales are those of Hvarfner et al., see `densityOf`.
 */
export const FAMILY: Family = {
  covariance: matern,
  lengthScale: Math.SQRT2,
  noise: { least: 1e-6, centre: -6, deviation: 3 },
};

/** Samples made ready for many evaluations of the density. */
export interface Likelihood {
  /** Variables. */
  readonly d: number;
  readonly evaluate: ReturnType<typeof densityOf>;
}

/**
 * The most probable hyper-parameters for standardised outputs `z`: BFGS from the two best of a few fixed starts,
 * the better end; a length scale for each column. It does not look for noise-free data or for irrelevant columns in particular: the priors
 * leave room for both. Throws an Error where none have a finite density.
 */
export function mostProbable(
  x: Float64Array,
  z: Float64Array,
  n: number,
  columns: number,
  variable: Int32Array = Int32Array.from({ length: columns }, (_, j) => j),
): HyperParameters {
  const { d, evaluate } = likelihoodOf(x, z, n, columns, variable);
  const starts = STARTS.map(([scale, noise]) => {
    const theta = new Float64Array(d + 2).fill(Math.log(scale * Math.sqrt(d)), 0, d);
    theta[d + 1] = Math.log(noise);
    return theta;
  });
  const { theta, value } = process.mostProbable(evaluate, starts, {
    followed: 2,
    iterations: 30,
    tolerance: 1e-2,
  });
  if (!Number.isFinite(value)) throw new Error('no hyper-parameters have a finite likelihood');
  return byColumn(theta, variable);
}

/** The density of d length scales, a signal and a noise, one length scale a variable (see `Fit`): a choice is one variable. */
export function likelihoodOf(
  x: Float64Array,
  z: Float64Array,
  n: number,
  columns: number,
  variable: Int32Array = Int32Array.from({ length: columns }, (_, j) => j),
): Likelihood {
  const { group, sizes } = groupsOf(variable);
  const d = sizes.length;
  return { d, evaluate: densityOf(pairwiseSquares(x, n, group), z, n, d, FAMILY) };
}

/** Length scales of the variables as those of their columns: over a choice of two columns unlike values differ twice. */
function byColumn(theta: HyperParameters, variable: Int32Array): HyperParameters {
  const { group, sizes } = groupsOf(variable);
  const d = sizes.length;
  const scales = Array.from(group, (v) => theta[v] + (sizes[v] > 1 ? Math.LN2 / 2 : 0));
  return Float64Array.of(...scales, theta[d], theta[d + 1]);
}

/** The variables numbered from 0 in the order of their columns, and how many columns each has. */
function groupsOf(variable: Int32Array) {
  const numbers = new Map<number, number>();
  const sizes: number[] = [];
  const group = variable.map((v) => {
    const known = numbers.get(v) ?? numbers.size;
    numbers.set(v, known);
    sizes[known] = (sizes[known] ?? 0) + 1;
    return known;
  });
  return { group, sizes };
}

/** Length scale over sqrt(d), and variance of the noise. */
const STARTS = [
  [0.25, 1e-3],
  [1, 1e-3],
  [4, 1e-3],
  [0.25, 0.1],
  [1, 0.1],
  [4, 0.1],
] as const;
