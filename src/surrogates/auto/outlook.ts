import type { Predictor } from '../regressor.js';
import { noWarping, type Warping } from './output-warping.js';

/** What a model expects of an output at a point (an encoded vector), in the unit of its warping: a normal distribution. */
export interface Outlook {
  readonly warping: Warping;
  mean(point: Float64Array): number;
  /** The mean; the standard deviation, above 0, goes to `deviation[0]`. */
  moments(point: Float64Array, deviation: Float64Array): number;
  /** Takes the mean at the point for measured there. */
  believe(point: Float64Array): void;
}

/** The models of a problem, by what they are for. */
export interface Outlooks {
  readonly objectives: readonly Outlook[];
  /** Feasible at 0 and below. The last one keeps clear of where evaluations fail, once one has. */
  readonly constraints: readonly Outlook[];
  /** That last one, or null. */
  readonly failure: Outlook | null;
  /** The logarithm of what an evaluation costs, or null where all cost the same. */
  readonly cost: Outlook | null;
}

/**
 * A regressor's prediction less `offset` as an outlook. Where it does not tell its own uncertainty, `variance` (that of its errors
 * in cross-validation, say) stands in for it everywhere. It believes nothing.
 */
export function outlookOf(predictor: Predictor, offset: number, variance: number): Outlook {
  const mean = new Float64Array(1);
  const own = new Float64Array(1);
  const least = Math.max(1e-12 * variance, 1e-300);
  return {
    warping: noWarping,
    mean(point) {
      predictor.predict(point, 1, mean);
      return mean[0] - offset;
    },
    moments(point, deviation) {
      own[0] = variance;
      predictor.predict(point, 1, mean, own);
      deviation[0] = Math.sqrt(Math.max(own[0], least));
      return mean[0] - offset;
    },
    believe() {},
  };
}
