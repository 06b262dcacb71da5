import { hypervolume } from '../indicators/hypervolume.js';
import { nondominated } from '../ranking/nondominated-sort.js';

/**
 * How the points of a round are chosen for real evaluation.
 *
 * - `expected-hypervolume`: searched for in the whole space, each of the largest expected hypervolume improvement times
 *   probability of feasibility (see `pickByImprovement`). It needs uncertainties, and makes them up for models without.
 * - `hypervolume`: of the surrogate front, those that by their predictions add most hypervolume (`pickByHypervolume`).
 * - `distance`: of the surrogate front, those farthest from what is measured in the objectives (`pickByDistance`).
 */
export const infillRules = ['expected-hypervolume', 'hypervolume', 'distance'] as const;
/** See {@link infillRules}. */
export type InfillRule = (typeof infillRules)[number];

/** A rule of one's own. */
export interface OwnInfillRule {
  readonly name: string;
  /**
   * Chooses at most `k` of the candidates, the surrogate front by its predictions, beside the measured front: indices of
   * candidates, none twice, the best first. Pure, since a run that is replayed calls it again.
   */
  readonly pick: (candidates: Points, front: Points, k: number, objectives: number) => readonly number[];
}

/** Objective vectors, row-major, minimised. */
export interface Points {
  readonly f: Float64Array;
  readonly count: number;
}

/**
 * Chooses `k` of the candidates (predicted objectives) one after the other: each time the one that, by its prediction, adds
 * most hypervolume to the measured front and the candidates already chosen. Where none adds any, the one farthest from
 * them all in the normalised objectives. Ties go to the first. Returns indices of candidates, fewer when there are
 * fewer.
 *
 * The box runs from the ideal point of front and candidates to their nadir point and a tenth beyond.
 * O(k c h) for c candidates and h the cost of one hypervolume.
 */
export function pickByHypervolume(candidates: Points, front: Points, k: number, m: number): number[] {
  const reference = new Float64Array(m).fill(1.1);
  return pickOneByOne(candidates, front, k, m, (known, size) => {
    const before = hypervolume(known, size, reference);
    return () => hypervolume(known, size + 1, reference) - before;
  });
}

/**
 * Chooses `k` of the candidates one after the other: each time the one whose nearest neighbour among the measured front and
 * the candidates already chosen is farthest, in the normalised objectives (max-min distance). Ties go to the first. Returns
 * indices of candidates, fewer when there are fewer. O(k c (n + k) m) for a front of n.
 */
export function pickByDistance(candidates: Points, front: Points, k: number, m: number): number[] {
  return pickOneByOne(candidates, front, k, m, () => () => 0);
}

/** Prepares the gain of a candidate on `size` known rows: it stands in row `size` when the gain is asked for. */
type Gain = (known: Float64Array, size: number) => () => number;

/** The largest gain first; where gains are equal, the largest distance to the nearest known row. */
function pickOneByOne(candidates: Points, front: Points, k: number, m: number, gainOn: Gain): number[] {
  const union = new Float64Array((front.count + candidates.count) * m);
  union.set(front.f.subarray(0, front.count * m));
  union.set(candidates.f.subarray(0, candidates.count * m), front.count * m);
  normalise(union, m);
  const known = new Float64Array((front.count + k + 1) * m);
  known.set(union.subarray(0, front.count * m));
  const chosen: number[] = [];
  while (chosen.length < Math.min(k, candidates.count)) {
    const size = front.count + chosen.length;
    const gainOf = gainOn(known, size);
    let best = -1;
    let bestGain = Number.NEGATIVE_INFINITY;
    let bestDistance = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < candidates.count; c++) {
      if (chosen.includes(c)) continue;
      const point = union.subarray((front.count + c) * m, (front.count + c + 1) * m);
      known.set(point, size * m);
      const gain = gainOf();
      const distance = distanceToNearest(known, size, point, m);
      if (gain > bestGain + 1e-12 || (gain > bestGain - 1e-12 && distance > bestDistance)) {
        best = c;
        bestGain = gain;
        bestDistance = distance;
      }
    }
    known.set(union.subarray((front.count + best) * m, (front.count + best + 1) * m), size * m);
    chosen.push(best);
  }
  return chosen;
}

/** To [0, 1] by the ideal and the nadir point of the non-dominated rows; a flat axis keeps its width. */
function normalise(f: Float64Array, m: number): void {
  const count = f.length / m;
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const front = nondominated(f, m, rows, count);
  for (let j = 0; j < m; j++) {
    let ideal = Number.POSITIVE_INFINITY;
    let nadir = Number.NEGATIVE_INFINITY;
    for (const row of front) {
      ideal = Math.min(ideal, f[row * m + j]);
      nadir = Math.max(nadir, f[row * m + j]);
    }
    const width = nadir - ideal || 1;
    for (let i = 0; i < count; i++) f[i * m + j] = (f[i * m + j] - ideal) / width;
  }
}

function distanceToNearest(known: Float64Array, size: number, point: Float64Array, m: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += (known[i * m + j] - point[j]) ** 2;
    nearest = Math.min(nearest, sum);
  }
  return nearest;
}
