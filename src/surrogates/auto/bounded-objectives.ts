import type { Evaluation } from '../../archive.js';
import { logNormalProbability, normalProbability } from '../../math/normal.js';
import type { Warping } from './output-warping.js';

type Outcome = Pick<Evaluation, 'f' | 'g' | 'error'>;

/** What constraints say of objectives alone. */
export interface BoundedObjectives {
  /** The largest feasible value of each objective; +Infinity where no constraint bounds it. */
  readonly bounds: Float64Array;
  /** Of each constraint whether it does nothing but bound an objective. */
  readonly implied: readonly boolean[];
}

/** Fewer measured evaluations prove no law. */
const FEWEST = 6;

/**
 * Finds the constraints that only bound an objective, such as a floor of the accuracy where accuracy is maximised: those whose
 * measured values are `a f + b` of it, a > 0, but for rounding. `m` objectives, `k` constraints; O(n m k).
 *
 * Whether such a constraint is met and how much is gained are one question, not two: the product of an expected improvement and
 * a probability of feasibility would count the doubt twice, and shun what is bold. While nothing feasible is measured none is found: boldness
 * does not help then.
 */
export function boundedObjectives(outcomes: readonly Outcome[], m: number, k: number): BoundedObjectives {
  const measured = outcomes.filter(({ error }) => error === null);
  const bounds = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  const implied = new Array<boolean>(k).fill(false);
  const feasible = measured.some(({ g }) => g.every((value) => value <= 0));
  if (measured.length < FEWEST || !feasible) return { bounds, implied };
  for (let c = 0; c < k; c++)
    for (let j = 0; j < m && !implied[c]; j++) {
      const bound = boundBy(measured, j, c);
      if (bound === null) continue;
      bounds[j] = Math.min(bounds[j], bound);
      implied[c] = true;
    }
  return { bounds, implied };
}

/** The value of objective j at which constraint c is 0, if the one follows from the other; else null. */
function boundBy(measured: readonly Outcome[], j: number, c: number): number | null {
  let [low, high] = [measured[0], measured[0]];
  let size = 0;
  for (const outcome of measured) {
    if (outcome.f[j] < low.f[j]) low = outcome;
    if (outcome.f[j] > high.f[j]) high = outcome;
    size = Math.max(size, Math.abs(outcome.g[c]));
  }
  const slope = (high.g[c] - low.g[c]) / (high.f[j] - low.f[j]);
  if (!(slope > 0)) return null;
  const follows = ({ f, g }: Outcome) => Math.abs(low.g[c] + slope * (f[j] - low.f[j]) - g[c]) <= 1e-9 * size;
  return measured.every(follows) ? low.f[j] - low.g[c] / slope : null;
}

/**
 * The warping of an objective of which nothing beyond `bound` counts: its shortfall is `E[max(0, level - Y); Y <= bound]`. +Infinity
 * changes nothing.
 */
export function withinBound(warping: Warping, bound: number): Warping {
  if (bound === Number.POSITIVE_INFINITY) return warping;
  // A warping that starts above the bound has no place for it: nothing is expected there.
  const edge = warping.warp(bound);
  const place = Number.isNaN(edge) ? Number.NEGATIVE_INFINITY : edge;
  return {
    ...warping,
    shortfall: (mean, deviation, level) =>
      level <= bound
        ? warping.shortfall(mean, deviation, level)
        : warping.shortfall(mean, deviation, bound) +
          (level - bound) * normalProbability((place - mean) / deviation),
    logShortfall(mean, deviation, level) {
      if (level <= bound) return warping.logShortfall(mean, deviation, level);
      const below = warping.logShortfall(mean, deviation, bound);
      const beside = Math.log(level - bound) + logNormalProbability((place - mean) / deviation);
      const larger = Math.max(below, beside);
      return larger === Number.NEGATIVE_INFINITY
        ? larger
        : larger + Math.log(Math.exp(below - larger) + Math.exp(beside - larger));
    },
  };
}
