import type { Covariance } from '../process/covariance.js';
import type { Family, HyperParameters, NoisePrior } from '../process/density.js';

/** For outputs that are measured exactly: enough to keep the covariance matrix positive definite, and to forgive a little. */
export const EXACT: NoisePrior = { least: 1e-8, centre: Math.log(1e-6), deviation: 1 };
/** For outputs that repeat only roughly. */
export const NOISY: NoisePrior = { least: 1e-8, centre: Math.log(1e-2), deviation: 3 };
/**
 * For outputs that repeat exactly and still jump from point to point: more than what is forgiven an exact output, three standard
 * deviations of its prior, so that a smooth output is better off as an exact one.
 */
export const ROUGH: NoisePrior = { ...NOISY, least: Math.exp(EXACT.centre + 3 * EXACT.deviation) };

/** The processes of `auto`; their length scales have the centre of their prior between the median of the lognormal of Hvarfner et al. and its mode. */
export function familyOf(covariance: Covariance, noise: NoisePrior): Family {
  return { covariance, lengthScale: Math.SQRT2 - 1.5, noise };
}

/** Starts that know nothing: short, middling and long length scales, and an additive share of a half. */
export function defaultStarts(d: number, { centre }: NoisePrior): HyperParameters[] {
  return [0.25, 0.7, 2].map((scale) => {
    const theta = new Float64Array(d + 3).fill(Math.log(scale * Math.sqrt(d)), 0, d);
    theta[d + 1] = centre;
    return theta;
  });
}
