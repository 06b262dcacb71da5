import type { Regressor } from './regressor.js';
import { constant, standardise } from './standardised.js';

/**
 * Predicts the mean of the outputs everywhere. It can learn from any sample, and so is the last resort when no
 * regressor of the pool can; it is not in the pool. It claims no knowledge of its own uncertainty unless the
 * outputs are constant.
 */
export const mean: Regressor = {
  name: 'mean',
  fit(x, y, n, d) {
    const { mean, scale } = standardise('mean', x, y, n, d);
    const { predict } = constant(mean);
    if (scale === 0) return { hasVariance: true, predict };
    return { hasVariance: false, predict: (rows, count, out) => predict(rows, count, out) };
  },
};
