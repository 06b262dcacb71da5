import { normalProbability } from '../special-functions.js';
import { type Family, isConstant, symmetric } from './family.js';

/** Location: the mean. Scale: the root of the mean square distance from it. */
export const gaussian: Family = {
  name: 'Gaussian',
  of: 'signed',
  fit(sample) {
    if (isConstant(sample)) return null;
    const { mean: location, deviation: scale } = sample;
    return symmetric({ location, scale }, location, (x) => normalProbability((x - location) / scale));
  },
};

/** Location: the median (of an even count the mean of the two in the middle). Scale: the mean distance from it. */
export const laplace: Family = {
  name: 'Laplace',
  of: 'signed',
  fit(sample) {
    if (isConstant(sample)) return null;
    const { sorted } = sample;
    const n = sorted.length;
    const location = (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2;
    let sum = 0;
    for (const x of sorted) sum += Math.abs(x - location);
    const scale = sum / n;
    return symmetric({ location, scale }, location, (x) => {
      const tail = 0.5 * Math.exp(-Math.abs(x - location) / scale);
      return x < location ? tail : 1 - tail;
    });
  },
};

/** From the least number to the largest. */
export const uniform: Family = {
  name: 'uniform',
  of: 'signed',
  fit(sample) {
    if (isConstant(sample)) return null;
    const low = sample.sorted[0];
    const high = sample.sorted[sample.sorted.length - 1];
    return {
      parameters: { low, high },
      mass: (from, to) => Math.max(0, Math.min(to, high) - Math.max(from, low)) / (high - low),
    };
  },
};

/** Scale: the mean magnitude. */
export const exponential: Family = {
  name: 'exponential',
  of: 'magnitude',
  fit({ mean: scale }) {
    return {
      parameters: { scale },
      mass: (low, high) => Math.exp(-low / scale) - Math.exp(-high / scale),
    };
  },
};
