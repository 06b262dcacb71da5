/** Fewer numbers say nothing of a correlation: Box, Jenkins and Reinsel, "Time Series Analysis", ask for 50, and for lags up to n / 4. */
const FEWEST = 50;
const LAST_LAG = 32;

/**
 * Pearson's correlation of two lists, of their first numbers as far as both go: as pandas' `DataFrame.corr` does with columns of
 * different lengths. Null for fewer than 50 numbers in common, and where one of the lists is constant there. O(n).
 */
export function correlationOf(a: Float32Array, b: Float32Array): number | null {
  const n = Math.min(a.length, b.length);
  if (n < FEWEST || isConstant(a, n) || isConstant(b, n)) return null;
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanA += a[i] / n;
    meanB += b[i] / n;
  }
  let [squaresA, squaresB, products] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = a[i] - meanA;
    const y = b[i] - meanB;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  return products / Math.sqrt(squaresA * squaresB);
}

/**
 * The strongest autocorrelation, `sum (x_i - mean)(x_(i + lag) - mean) / sum (x_i - mean)^2`, over lags from 1 to 32 and at most
 * n / 4, the first among equals. Null for fewer than 50 numbers and for constant ones. O(n lags).
 */
export function strongestAutocorrelation(
  values: Float32Array,
  mean: number,
): { readonly lag: number; readonly value: number } | null {
  const n = values.length;
  if (n < FEWEST || isConstant(values, n)) return null;
  const centred = Float64Array.from(values, (value) => value - mean);
  const productAt = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += centred[i] * centred[i - lag];
    return sum;
  };
  const whole = productAt(0);
  let best = { lag: 0, value: 0 };
  for (let lag = 1; lag <= Math.min(LAST_LAG, Math.floor(n / 4)); lag++) {
    const value = productAt(lag) / whole;
    if (best.lag === 0 || Math.abs(value) > Math.abs(best.value)) best = { lag, value };
  }
  return best;
}

/** Told by the numbers: their mean is rounded, so that distances from it may be none of 0. */
function isConstant(values: Float32Array, n: number): boolean {
  for (let i = 1; i < n; i++) if (values[i] !== values[0]) return false;
  return true;
}
