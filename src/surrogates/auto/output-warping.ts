import {
  expectedShortfall,
  logExpectedShortfall,
  logNormalDensity,
  millsRatio,
  normalDensity,
  normalProbability,
} from '../../math/normal.js';

/** `none`: the unit of the output itself. */
export type WarpingName = 'none' | 'log' | 'arcsinh';

/**
 * A strictly increasing change of an output's unit, in which a Gaussian process finds it easier to learn: W = warp(Y) is taken
 * for normal, and Y follows.
 */
export interface Warping {
  readonly name: WarpingName;
  warp(y: number): number;
  unwarp(w: number): number;
  /** The logarithm of the derivative of `warp`. */
  logSlope(y: number): number;
  /** `E[max(0, bound - Y)]` in the unit of Y for W of this mean and standard deviation (above 0). */
  shortfall(mean: number, deviation: number, bound: number): number;
  /** The logarithm of `shortfall`, without its underflow; -Infinity only where it is 0. */
  logShortfall(mean: number, deviation: number, bound: number): number;
}

export const noWarping: Warping = {
  name: 'none',
  warp: (y) => y,
  unwarp: (w) => w,
  logSlope: () => 0,
  shortfall: (mean, deviation, bound) => deviation * expectedShortfall((bound - mean) / deviation),
  logShortfall: (mean, deviation, bound) =>
    Math.log(deviation) + logExpectedShortfall((bound - mean) / deviation),
};

/**
 * `log(1 + (y - origin) / unit)`: for outputs that spread over orders of magnitude above `origin`, their smallest value.
 * Y is lognormal, and never below `origin - unit`.
 */
export function logWarping(origin: number, unit: number): Warping {
  const warp = (y: number) => Math.log1p((y - origin) / unit);
  return {
    name: 'log',
    warp,
    unwarp: (w) => origin + unit * Math.expm1(w),
    logSlope: (y) => -Math.log(unit) - warp(y),
    // With k = 1 + (bound - origin) / unit and e^W lognormal: a put option at strike k (Black and Scholes, 1973).
    shortfall(mean, deviation, bound) {
      const strike = 1 + (bound - origin) / unit;
      if (!(strike > 0)) return 0;
      const z = (Math.log(strike) - mean) / deviation;
      return z < 0
        ? unit * strike * normalDensity(z) * tailDifference(z, deviation)
        : unit *
            Math.max(
              0,
              strike * normalProbability(z) -
                Math.exp(mean + 0.5 * deviation * deviation) * normalProbability(z - deviation),
            );
    },
    logShortfall(mean, deviation, bound) {
      const strike = 1 + (bound - origin) / unit;
      if (!(strike > 0)) return Number.NEGATIVE_INFINITY;
      const z = (Math.log(strike) - mean) / deviation;
      if (z < 0)
        return (
          Math.log(unit) + Math.log(strike) + logNormalDensity(z) + Math.log(tailDifference(z, deviation))
        );
      return Math.log(this.shortfall(mean, deviation, bound));
    },
  };
}

/** Mills ratio at z less that at z - deviation, for z < 0: the two terms of the option share the density at z. */
function tailDifference(z: number, deviation: number): number {
  const difference = millsRatio(z) - millsRatio(z - deviation);
  // The derivative of the ratio is 1 + z R(z): where the difference has lost its digits.
  return deviation < 1e-4
    ? deviation * Math.exp(logExpectedShortfall(z - deviation / 2) - logNormalDensity(z - deviation / 2))
    : difference;
}

/** `asinh(y / unit)`: about linear up to `unit` and logarithmic beyond, on both sides of 0, whose place it keeps. */
export function arcsinhWarping(unit: number): Warping {
  return {
    ...noWarping, // a constraint has no shortfall to compute
    name: 'arcsinh',
    warp: (y) => Math.asinh(y / unit),
    unwarp: (w) => unit * Math.sinh(w),
    logSlope: (y) => -0.5 * Math.log(unit * unit + y * y),
  };
}

/** The warping moved so that `origin` keeps its place at 0. */
export function relativeTo(origin: number, warping: Warping): Warping {
  const place = warping.warp(origin);
  return {
    ...warping,
    warp: (y) => warping.warp(y) - place,
    unwarp: (w) => warping.unwarp(w + place),
    shortfall: (mean, deviation, bound) => warping.shortfall(mean + place, deviation, bound),
    logShortfall: (mean, deviation, bound) => warping.logShortfall(mean + place, deviation, bound),
  };
}
