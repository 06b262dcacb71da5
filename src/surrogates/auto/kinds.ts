import { type Covariance, gaussian, matern } from '../process/covariance.js';
import type { NoisePrior } from '../process/density.js';
import { EXACT, ROUGH } from './hyper-parameters.js';
import { arcsinhWarping, logWarping, noWarping, relativeTo, type Warping } from './output-warping.js';

/** What an output is for, which decides what warpings are tried: `plain`, none. */
export type Role = 'objective' | 'constraint' | 'plain';

/** One way to learn an output. */
export interface Kind {
  readonly warping: Warping;
  readonly covariance: Covariance;
  readonly prior: NoisePrior;
  /** Whether its inputs are warped, see `warpedInput`. */
  readonly bent: boolean;
}

export function nameOf({ warping, covariance, prior, bent }: Kind): string {
  return `${covariance.name} ${warping.name}${prior === ROUGH ? ' rough' : ''}${bent ? ' bent' : ''}`;
}

/**
 * The kinds that come into question for the outputs `y` (n entries), without warped inputs: each combination of a warping, a covariance
 * and, for an output without noise, whether it is rough all the same.
 */
export function straightKinds(y: Float64Array, n: number, role: Role, noise: NoisePrior): Kind[] {
  const warpings = WARPINGS[role](y, n);
  const priors = noise === EXACT ? [EXACT, ROUGH] : [noise];
  return warpings.flatMap((warping) =>
    [matern, gaussian].flatMap((covariance) =>
      priors.map((prior) => ({ warping, covariance, prior, bent: false })),
    ),
  );
}

const WARPINGS: Readonly<Record<Role, (y: Float64Array, n: number) => Warping[]>> = {
  objective: objectiveWarpings,
  constraint: constraintWarpings,
  plain: () => [noWarping],
};

function objectiveWarpings(y: Float64Array, n: number): Warping[] {
  return [noWarping, logOver(y.slice(0, n).sort())];
}

/** The logarithm serves what cannot fall below a bound, such as a load over what is allowed, less 1: only once it was met. */
function constraintWarpings(y: Float64Array, n: number): Warping[] {
  const sorted = y.slice(0, n).sort();
  const sizes = sorted.map(Math.abs).sort();
  const arcsinh = arcsinhWarping(sizes[n >> 1] || sizes[n - 1]);
  return [noWarping, arcsinh, ...(sorted[0] < 0 ? [relativeTo(0, logOver(sorted))] : [])];
}

/** With the smallest value for its origin, and the distance of the median from there for its unit. */
function logOver(sorted: Float64Array): Warping {
  const n = sorted.length;
  return logWarping(sorted[0], sorted[n >> 1] - sorted[0] || sorted[n - 1] - sorted[0]);
}
