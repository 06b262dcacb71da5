import { normalProbability } from '../special-functions.js';
import { type Family, type Fitted, isConstant, type Sample } from './family.js';

/**
 * The alpha distribution (Johnson, Kotz and Balakrishnan, "Continuous Univariate Distributions 1", p. 173; `scipy.stats.alpha`) with a
 * location: `1 / (x - location)` is normal, cut off below 0, with mean shape / scale and deviation 1 / scale; shape at
 * least 0. With its location at 0 it would have no density there, where weights have most, so the location is free below the least
 * magnitude, and the fit may give some probability to magnitudes below 0.
 *
 * The likelihood in shape and scale has one maximum for every location; over locations the best of a grid, refined by golden
 * section: the largest near the best of the grid.
 */
export const alpha: Family = {
  name: 'alpha',
  of: 'magnitude',
  fit(sample) {
    if (isConstant(sample)) return null;
    const { sorted } = sample;
    const least = sorted[0];
    // The largest number may be far off: one over a number near 0.
    const unit = sorted[sorted.length >> 1] - least || sample.deviation;
    const at = (power: number) => alphaAt(sample, least - unit * 2 ** power);
    let best = POWERS[0];
    for (const power of POWERS) if (at(power).likelihood > at(best).likelihood) best = power;
    let [low, high] = [best - 1, best + 1];
    let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let [likelihoodLeft, likelihoodRight] = [at(left).likelihood, at(right).likelihood];
    while (high - low > 1e-7) {
      if (likelihoodLeft > likelihoodRight) {
        [high, right, likelihoodRight] = [right, left, likelihoodLeft];
        left = high - GOLDEN * (high - low);
        likelihoodLeft = at(left).likelihood;
      } else {
        [low, left, likelihoodLeft] = [left, right, likelihoodRight];
        right = low + GOLDEN * (high - low);
        likelihoodRight = at(right).likelihood;
      }
    }
    const { shape, scale, location } = at((low + high) / 2);
    return alphaOf(shape, location, scale);
  },
};

/** Distances of the location from the least magnitude, as powers of two of the median's. */
const POWERS = Array.from({ length: 23 }, (_, i) => i - 12);
const GOLDEN = (Math.sqrt(5) - 1) / 2;

const normalDensity = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

interface AlphaAt {
  readonly location: number;
  readonly shape: number;
  readonly scale: number;
  /** The mean logarithm of the density. */
  readonly likelihood: number;
}

/** The likeliest shape and scale for a location. */
function alphaAt({ sorted }: Sample, location: number): AlphaAt {
  const n = sorted.length;
  let [sum, squares, logarithms] = [0, 0, 0];
  for (const x of sorted) {
    const u = 1 / (x - location);
    sum += u;
    squares += u * u;
    logarithms += Math.log(u);
  }
  const [mean, square] = [sum / n, squares / n];
  const scaleAt = (shape: number) =>
    (shape * mean + Math.sqrt((shape * mean) ** 2 + 4 * square)) / (2 * square);
  // The derivative by the shape, which falls through 0 once or is below 0 throughout.
  const slope = (shape: number) =>
    scaleAt(shape) * mean - shape - normalDensity(shape) / normalProbability(shape);
  let [low, high] = [0, 1];
  while (slope(high) > 0 && high < 1e8) [low, high] = [high, 2 * high];
  for (let step = 0; step < 100 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  const shape = low;
  const scale = scaleAt(shape);
  const likelihood =
    Math.log(scale) +
    (2 * logarithms) / n -
    0.5 * Math.log(2 * Math.PI) -
    0.5 * (shape * shape - 2 * shape * scale * mean + scale * scale * square) -
    Math.log(normalProbability(shape));
  return { location, shape, scale, likelihood };
}

function alphaOf(shape: number, location: number, scale: number): Fitted {
  const whole = normalProbability(shape);
  const probability = (x: number) => (x > location ? normalProbability(shape - scale / (x - location)) : 0);
  return {
    parameters: { shape, location, scale },
    mass: (low, high) => (probability(high) - probability(low)) / whole,
  };
}
