import { randomOf } from '../../src/math/random.js';
import type { Predictor } from '../../src/surrogates/regressor.js';

export interface Samples {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly n: number;
  readonly d: number;
}

/** `n` points drawn uniformly from the unit cube, with the values of `f`. */
export function drawSamples(
  n: number,
  d: number,
  seed: number,
  f: (row: Float64Array, i: number) => number,
): Samples {
  const random = randomOf(seed, 'samples');
  const x = Float64Array.from({ length: n * d }, () => random.uniform());
  const y = Float64Array.from({ length: n }, (_, i) => f(x.subarray(i * d, i * d + d), i));
  return { x, y, n, d };
}

export function predictAll(predictor: Predictor, x: Float64Array, count: number): Float64Array {
  const out = new Float64Array(count);
  predictor.predict(x, count, out);
  return out;
}

export function meanSquare(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length;
}
