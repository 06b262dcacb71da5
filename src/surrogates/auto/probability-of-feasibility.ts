import { logNormalProbability } from '../../math/normal.js';
import type { Outlook } from './outlook.js';

const deviation = new Float64Array(1);

/**
 * The logarithm of the probability that every constraint is 0 or less at an encoded point, the constraints taken for
 * independent; 0 without constraints. Warpings of constraints keep the place of 0.
 */
export function logProbabilityOfFeasibility(constraints: readonly Outlook[], point: Float64Array): number {
  let log = 0;
  for (const model of constraints) {
    const mean = model.moments(point, deviation);
    log += logNormalProbability(-mean / deviation[0]);
  }
  return log;
}
