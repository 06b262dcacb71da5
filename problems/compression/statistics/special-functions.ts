/*
 * What the distributions need beside Math. Relative errors are some 1e-13.
 */

/** The logarithm of the gamma function for x > 0: Stirling's series, shifted up to where it is exact. */
export function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) shift += Math.log(at);
  const square = 1 / (at * at);
  const series =
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** The derivative of {@link logGamma}. */
export function digamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) shift += 1 / at;
  const square = 1 / (at * at);
  const series =
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  return Math.log(at) - 0.5 / at - series - shift;
}

/** The derivative of {@link digamma}. */
export function trigamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) shift += 1 / (at * at);
  const square = 1 / (at * at);
  const series =
    square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - (square * 5) / 66))));
  return (1 + 0.5 / at + series) / at + shift;
}

/**
 * The regularised incomplete gamma function P(a, x), a > 0: the probability that a gamma variable of that shape is less than x.
 * Power series below a + 1, Lentz's continued fraction above (Abramowitz and Stegun, 6.5.29 and 6.5.31).
 */
export function gammaProbability(a: number, x: number): number {
  if (!(x > 0)) return 0;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** `1 - P(a, x)`, without the loss of digits far out. */
export function gammaTail(a: number, x: number): number {
  if (!(x > 0)) return 1;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** The probability that a standard normal variable is less than z: `erf(x) = P(1/2, x^2)`. */
export function normalProbability(z: number): number {
  const square = (z * z) / 2;
  if (z > 0) return 0.5 + 0.5 * gammaProbability(0.5, square);
  return square < 1.5 ? 0.5 - 0.5 * lowerSeries(0.5, square) : 0.5 * upperFraction(0.5, square);
}

const front = (a: number, x: number) => Math.exp(a * Math.log(x) - x - logGamma(a));

function lowerSeries(a: number, x: number): number {
  if (x === 0) return 0;
  let term = 1 / a;
  let sum = term;
  for (let n = a + 1; term > 1e-17 * sum; n++) {
    term *= x / n;
    sum += term;
  }
  return sum * front(a, x);
}

function upperFraction(a: number, x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let product = d;
  for (let n = 1; n < 1e6; n++) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    product *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return product * front(a, x);
}
