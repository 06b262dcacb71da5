import { densityOf, type HyperParameters, noiseOf, pairwiseSquares } from '../process/density.js';
import { warpedDifferences } from '../process/input-warping.js';
import { mostProbable } from '../process/most-probable.js';
import { conditioned, type Process } from '../process/process.js';
import { familyOf, ROUGH } from './hyper-parameters.js';
import type { Kind } from './kinds.js';
import type { Warping } from './output-warping.js';

/** The samples of an output: n x d inputs in [0, 1] and n outputs. */
export interface Samples {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly n: number;
  readonly d: number;
}

/** A kind with its most probable hyper-parameters. */
export interface FittedKind {
  readonly kind: Kind;
  readonly theta: HyperParameters;
  /** The negative logarithm of the posterior density of the outputs in their own unit, but for constants; with {@link DECISIVE} where it applies. */
  readonly score: number;
  /** The mean and the standard deviation that standardise the warped outputs. */
  readonly mean: number;
  readonly scale: number;
}

/**
 * By how much the logarithm of the density has to be larger for an output without noise to be taken for rough, and for its inputs to be
 * warped: decisive evidence by Kass and Raftery (Journal of the American Statistical Association 90, 1995).
 */
const DECISIVE = 5;

/** Steps from each start are bounded by `iterations`. Null where the outputs are all one in the unit of the warping. */
export function fitKind(
  { x, y, n, d }: Samples,
  kind: Kind,
  starts: readonly HyperParameters[],
  iterations: number,
): FittedKind | null {
  const { z, mean, scale, logSlopes } = standardised(y, n, kind.warping);
  if (!(scale > 0)) return null;
  const squares = pairwiseSquares(
    x,
    n,
    Int32Array.from({ length: d }, (_, j) => j),
  );
  const density = densityOf(
    squares,
    z,
    n,
    d,
    familyOf(kind.covariance, kind.prior),
    kind.bent ? warpedDifferences(x, n, d) : null,
  );
  const { theta, value } = mostProbable(density, starts, { followed: 1, iterations, tolerance: 1e-3 });
  const doubt = DECISIVE * (Number(kind.prior === ROUGH) + Number(kind.bent));
  return { kind, theta, score: value - logSlopes + n * Math.log(scale) + doubt, mean, scale };
}

/** The one of the least score, the first of several; null when none has a finite one. */
export function bestOf(fits: readonly FittedKind[]): FittedKind | null {
  let best: FittedKind | null = null;
  for (const fit of fits) if (fit.score < (best?.score ?? Number.POSITIVE_INFINITY)) best = fit;
  return best;
}

/** With room for `extra` believed points; of outputs with mean 0 and variance 1. */
export function processOf({ x, y, n, d }: Samples, { kind, theta }: FittedKind, extra: number): Process {
  const { z } = standardised(y, n, kind.warping);
  return conditioned(x, z, n, d, kind.covariance, theta, noiseOf(theta, d, kind.prior), extra);
}

function standardised(y: Float64Array, n: number, warping: Warping) {
  const z = new Float64Array(n);
  let mean = 0;
  let logSlopes = 0;
  for (let i = 0; i < n; i++) {
    z[i] = warping.warp(y[i]);
    mean += z[i] / n;
    logSlopes += warping.logSlope(y[i]);
  }
  let square = 0;
  for (let i = 0; i < n; i++) square += (z[i] - mean) ** 2 / n;
  const scale = Math.sqrt(square);
  for (let i = 0; i < n; i++) z[i] = (z[i] - mean) / scale;
  return { z, mean, scale, logSlopes };
}
