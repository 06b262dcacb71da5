/*
 * The standard normal distribution, far tails included: what underflows as a number is also there as a logarithm. Relative
 * errors are some 1e-14 (of a logarithm: absolute) unless said.
 */

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);
const SQRT_HALF_PI = Math.sqrt(Math.PI / 2);

/** The density at `z`. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z - LOG_SQRT_2PI);
}

export function logNormalDensity(z: number): number {
  return -0.5 * z * z - LOG_SQRT_2PI;
}

/** The probability of less than `z`. */
export function normalProbability(z: number): number {
  return z <= 0 ? normalDensity(z) * millsRatio(z) : 1 - normalDensity(z) * millsRatio(-z);
}

/** The logarithm of the probability of less than `z`; finite for every finite `z` above -1e150. */
export function logNormalProbability(z: number): number {
  return z <= 0 ? logNormalDensity(z) + Math.log(millsRatio(z)) : Math.log1p(-normalProbability(-z));
}

/** `E[max(0, z - Z)]`, Z standard normal: `phi(z) + z Phi(z)`. */
export function expectedShortfall(z: number): number {
  return z < -1 ? normalDensity(z) * tailShortfall(z) : normalDensity(z) + z * normalProbability(z);
}

/** The logarithm of {@link expectedShortfall}; finite for every finite `z` above -1e150. */
export function logExpectedShortfall(z: number): number {
  return z < -1 ? logNormalDensity(z) + Math.log(tailShortfall(z)) : Math.log(expectedShortfall(z));
}

/** `1 + z Phi(z) / phi(z)` for z < -1; from -1e4 down its asymptote, where the difference would lose all digits. */
function tailShortfall(z: number): number {
  if (z > -30) return 1 + z * millsRatio(z);
  const inverseSquare = 1 / (z * z);
  return (
    inverseSquare *
    (1 - inverseSquare * (3 - inverseSquare * (15 - inverseSquare * (105 - 945 * inverseSquare))))
  );
}

/**
 * `Phi(z) / phi(z)` for z <= 0: how much probability lies below `z`, by the density there (Mills). It goes to `-1 / z`.
 *
 * Its product with `2 - z / sqrt(2)` is smooth in `t = 2 / (2 - z / sqrt(2))`, which lies in (0, 1]: a Chebyshev series
 * in t, whose coefficients are computed once from a power series and a continued fraction (Abramowitz and Stegun, 7.1.6
 * and 7.1.14).
 */
export function millsRatio(z: number): number {
  const t = 2 / (2 - z * Math.SQRT1_2);
  const u = 4 * t - 2; // twice the variable of the polynomials
  let last = 0;
  let current = 0;
  for (let k = TERMS - 1; k > 0; k--) {
    const next = u * current - last + series[k];
    last = current;
    current = next;
  }
  return t * (0.5 * u * current - last + series[0]);
}

const TERMS = 30;
const series = chebyshevSeries((t) => (SQRT_HALF_PI * scaledComplement(2 / t - 2)) / t);

/** Coefficients that interpolate `f` on (0, 1) at the Chebyshev points; the first is halved already. */
function chebyshevSeries(f: (t: number) => number): Float64Array {
  const angles = Float64Array.from({ length: TERMS }, (_, i) => ((i + 0.5) * Math.PI) / TERMS);
  const values = angles.map((angle) => f((1 + Math.cos(angle)) / 2));
  return Float64Array.from({ length: TERMS }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < TERMS; i++) sum += values[i] * Math.cos(k * angles[i]);
    return (sum * (k === 0 ? 1 : 2)) / TERMS;
  });
}

/** `exp(x^2) erfc(x)` for x >= 0. */
function scaledComplement(x: number): number {
  if (x < 1) {
    // erf(x) = 2 / sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!
    let term = x;
    let sum = x;
    for (let n = 1; term > 1e-18 * sum; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return Math.exp(x * x) - (2 / Math.sqrt(Math.PI)) * sum;
  }
  // sqrt(pi) exp(x^2) erfc(x) = 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...))))
  let tail = x;
  for (let n = 400; n > 0; n--) tail = x + n / 2 / tail;
  return 1 / (Math.sqrt(Math.PI) * tail);
}
