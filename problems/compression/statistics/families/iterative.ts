import { digamma, gammaProbability, gammaTail, trigamma } from '../special-functions.js';
import { type Family, isConstant, type Sample, symmetric } from './family.js';

/** Steps until the parameters stand still, at the most. */
const MOST_STEPS = 500;
const STILL = 1e-12;

/** By the EM steps of a t distribution with one degree of freedom, the scale over the sum of weights (Kent, Tyler and Vardi, 1994). */
export const cauchy: Family = {
  name: 'Cauchy',
  of: 'signed',
  fit(sample) {
    if (isConstant(sample)) return null;
    const { sorted } = sample;
    const n = sorted.length;
    let location = sorted[n >> 1];
    let scale = (sorted[Math.floor(0.75 * (n - 1))] - sorted[Math.floor(0.25 * (n - 1))]) / 2;
    if (!(scale > 0)) scale = sample.deviation;
    const least = STILL * (sorted[n - 1] - sorted[0]);
    for (let step = 0; step < MOST_STEPS; step++) {
      let weights = 0;
      let first = 0;
      let squares = 0;
      for (const x of sorted) {
        const distance = x - location;
        const weight = 1 / (1 + (distance / scale) ** 2);
        weights += weight;
        first += weight * distance;
        squares += weight * distance * distance;
      }
      const shift = first / weights;
      const next = Math.sqrt(Math.max(0, squares / weights - shift * shift));
      // Half of the numbers or more are the same: the narrower, the likelier.
      if (!(next > least)) return null;
      const change = Math.abs(next - scale) + Math.abs(shift);
      location += shift;
      scale = next;
      if (change < STILL * scale) break;
    }
    return symmetric({ location, scale }, location, (x) => 0.5 + Math.atan((x - location) / scale) / Math.PI);
  },
};

/** By Newton's steps on `1 / scale` and `location / scale`, in which the log-likelihood is concave. */
export const logistic: Family = {
  name: 'logistic',
  of: 'signed',
  fit(sample) {
    if (isConstant(sample)) return null;
    const { sorted, mean, deviation } = sample;
    const n = sorted.length;
    // Numbers in units of their own spread.
    let slope = Math.PI / Math.sqrt(3);
    let shift = 0;
    for (let step = 0; step < 50; step++) {
      let [gradientShift, gradientSlope] = [0, n / slope];
      let [curveShift, curveBoth, curveSlope] = [0, 0, n / slope ** 2];
      for (const x of sorted) {
        const z = (x - mean) / deviation;
        const tanh = Math.tanh((slope * z - shift) / 2);
        const v = (1 - tanh * tanh) / 2;
        gradientShift += tanh;
        gradientSlope -= z * tanh;
        curveShift += v;
        curveBoth -= z * v;
        curveSlope += z * z * v;
      }
      const determinant = curveShift * curveSlope - curveBoth * curveBoth;
      const moveShift = (curveSlope * gradientShift - curveBoth * gradientSlope) / determinant;
      const moveSlope = (curveShift * gradientSlope - curveBoth * gradientShift) / determinant;
      const part = moveSlope < -0.5 * slope ? (-0.5 * slope) / moveSlope : 1;
      shift += part * moveShift;
      slope += part * moveSlope;
      if (Math.abs(moveShift) + Math.abs(moveSlope) < STILL * slope) break;
    }
    const scale = deviation / slope;
    const location = mean + shift * scale;
    return symmetric({ location, scale }, location, (x) => 1 / (1 + Math.exp((location - x) / scale)));
  },
};

/** `ln k - digamma(k) = ln(mean) - mean(ln x)` by Minka's steps ("Estimating a Gamma distribution", 2002); scale: mean / k. */
export const gamma: Family = {
  name: 'gamma',
  of: 'magnitude',
  fit(sample) {
    if (isConstant(sample)) return null;
    const { mean } = sample;
    const gap = Math.log(mean) - meanLogarithm(sample);
    if (!(gap > 0)) return null;
    let shape = (3 - gap + Math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap);
    for (let step = 0; step < 100; step++) {
      const inverse =
        1 / shape +
        (Math.log(shape) - digamma(shape) - gap) / (shape * shape * (1 / shape - trigamma(shape)));
      const next = 1 / inverse;
      const change = Math.abs(next - shape);
      shape = next;
      if (change < STILL * shape) break;
    }
    const scale = mean / shape;
    return {
      parameters: { shape, scale },
      mass: (low, high) =>
        low > mean
          ? gammaTail(shape, low / scale) - gammaTail(shape, high / scale)
          : gammaProbability(shape, high / scale) - gammaProbability(shape, low / scale),
    };
  },
};

function meanLogarithm({ sorted }: Sample): number {
  let sum = 0;
  for (const x of sorted) sum += Math.log(x);
  return sum / sorted.length;
}
