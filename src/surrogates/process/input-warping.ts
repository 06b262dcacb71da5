/**
 * A change of the unit of an input u in [0, 1] that keeps 0 and 1 in place: `log(1 + (e^bend - 1) u) / bend`. A bend of 0 leaves it linear; one of
 * log(b / a) makes it the logarithm of a variable between the bounds a and b, as in a quotient or a power of it; below 0 it is the mirror image, fine
 * near the upper bound. Input warping is that of Snoek, Swersky, Zemel and Adams (ICML 2014), with one parameter for their two.
 */
export function warpedInput(u: number, bend: number): number {
  return Math.abs(bend) < NEARLY_STRAIGHT
    ? u + 0.5 * bend * u * (1 - u)
    : Math.log1p(Math.expm1(bend) * u) / bend;
}

/** The derivative of {@link warpedInput} by the bend. */
export function bendSlope(u: number, bend: number): number {
  if (Math.abs(bend) < NEARLY_STRAIGHT) return u * (1 - u) * (0.5 + (bend * (1 - 2 * u)) / 3);
  const rise = Math.expm1(bend);
  return (((1 + rise) * u) / (1 + rise * u) - Math.log1p(rise * u) / bend) / bend;
}

/** Below it the series serves: the formula would lose its digits. */
const NEARLY_STRAIGHT = 1e-4;

/** Differences of warped inputs, by pair k < i as in `pairwiseSquares`. */
export interface WarpedDifferences {
  readonly squares: Float64Array;
  /** Half the derivatives of the squares by the bend of their variable. */
  readonly slopes: Float64Array;
  /** Computes the squares for the bends of the d variables, `theta` from `from` on, and the slopes where they are asked for. O(n^2 d / 2). */
  bend(theta: Float64Array, from: number, withSlopes: boolean): void;
}

/** Of n rows of `x`, d entries in [0, 1] each. */
export function warpedDifferences(x: Float64Array, n: number, d: number): WarpedDifferences {
  const warped = new Float64Array(n * d);
  const slope = new Float64Array(n * d);
  const squares = new Float64Array(((n * (n - 1)) / 2) * d);
  const slopes = new Float64Array(squares.length);
  return {
    squares,
    slopes,
    bend(theta, from, withSlopes) {
      for (let i = 0; i < n * d; i++) {
        warped[i] = warpedInput(x[i], theta[from + (i % d)]);
        if (withSlopes) slope[i] = bendSlope(x[i], theta[from + (i % d)]);
      }
      for (let i = 0, at = 0; i < n; i++)
        for (let k = 0; k < i; k++)
          for (let j = 0; j < d; j++, at++) {
            const difference = warped[i * d + j] - warped[k * d + j];
            squares[at] = difference * difference;
            if (withSlopes) slopes[at] = difference * (slope[i * d + j] - slope[k * d + j]);
          }
    },
  };
}
