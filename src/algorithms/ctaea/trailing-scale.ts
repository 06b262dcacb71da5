import type { Population } from '../../population.js';
import type { Scale } from '../../ranking/association.js';

/** The scale of the diversity archive, which trails that of the convergence archive. */
export interface TrailingScale extends Scale {
  /** Whether it has seen candidates. */
  begun: boolean;
}

/** A scale without candidates so far. */
export function createTrailingScale(objectives: number): TrailingScale {
  return {
    ideal: new Float64Array(objectives).fill(Number.POSITIVE_INFINITY),
    nadir: new Float64Array(objectives).fill(Number.NEGATIVE_INFINITY),
    width: new Float64Array(objectives).fill(1),
    begun: false,
  };
}

/** What is left of the logarithm of the ratio of two widths from one generation to the next. */
const REMAINS = 0.95;

/**
 * Follows the candidates `h` and the scale `ahead` of the convergence archive. Ideal point: the smallest values so far, feasible or
 * not. Widths: at first the range of the candidates (1 where they are all equal), then in each generation a twentieth of the
 * way, in ratio, to the widths ahead, unless they are to stand `still`. Infinite values count for nothing.
 *
 * Li et al. (2019) leave normalisation open. A scale of the archive's own front follows that front wherever it goes:
 * the archive then keeps to where it has been, and crosses neither a band of infeasible solutions (DC3-DTLZ1) nor the local
 * fronts of ZDT4. The range of the initial population does not move, and yet puts objectives of all units on one footing; in the
 * end the subregions of both archives must be the same, or DTLZ2 and DTLZ4 converge less. While the diversity archive leads and is
 * under way (see `advance`) the widths stand still: those of an archive left behind say nothing of where it goes. O(n m).
 */
export function trailScale(
  scale: TrailingScale,
  { f, size, objectives: m }: Population,
  ahead: Scale,
  still = false,
): void {
  const { ideal, nadir, width } = scale;
  for (let j = 0; j < m; j++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < size; i++) {
      const value = f[i * m + j];
      if (value < ideal[j]) ideal[j] = value;
      if (value > largest && value < Number.POSITIVE_INFINITY) largest = value;
    }
    const towards = ahead.width[j];
    if (!scale.begun) width[j] = largest > ideal[j] ? largest - ideal[j] : 1;
    else if (!still && towards < Number.POSITIVE_INFINITY)
      width[j] = towards * (width[j] / towards) ** REMAINS;
    nadir[j] = ideal[j] + width[j];
  }
  scale.begun = true;
}
