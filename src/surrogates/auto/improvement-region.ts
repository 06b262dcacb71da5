import { nondominated } from '../../ranking/nondominated-sort.js';
import { properlyEfficient } from './proper-efficiency.js';

/** Where improvement counts: below `reference`; `width` is the unit of length in each objective. */
export interface ImprovementRegion {
  readonly reference: Float64Array;
  readonly width: Float64Array;
}

/**
 * The region is closed a `margin` (of the width) beyond the nadir point of the front that the models expect: the non-dominated among `predicted`
 * (the feasible front of the surrogate problem) and `front` (the measured one); with `proper`, of these the properly efficient (see `properlyEfficient`). Taken from the measured front alone it
 * would keep the search from the ends of the front, taken from all that was measured it would send it far beyond them. While the
 * models expect nothing feasible, everything in `measured` counts. A front without extent in an objective
 * gets a hundredth of the measured range there. All are lists of objective vectors (m entries).
 */
export function improvementRegion(
  m: number,
  predicted: readonly Float64Array[],
  front: readonly Float64Array[],
  measured: readonly Float64Array[],
  margin: number,
  proper = false,
): ImprovementRegion {
  const all = nondominatedOf(m, [...predicted, ...front]);
  const expected = proper ? properlyEfficient(m, all) : all;
  const [ideal, nadir] = extremes(m, expected.length > 0 ? expected : measured);
  const [low, high] = extremes(m, measured);
  const width = ideal.map((best, j) => {
    const range = high[j] - low[j] || Math.abs(low[j]) || 1;
    return Math.max(nadir[j] - best, 0.01 * range * Number(!(nadir[j] - best > 1e-9 * range)));
  });
  return { width, reference: nadir.map((worst, j) => worst + margin * width[j]) };
}

/** Those of the vectors that no other dominates, in their order. */
export function nondominatedOf(m: number, vectors: readonly Float64Array[]): Float64Array[] {
  const rows = Int32Array.from(vectors, (_, i) => i);
  const f = Float64Array.from(vectors.flatMap((vector) => [...vector]));
  return Array.from(nondominated(f, m, rows, rows.length), (i) => vectors[i]);
}

function extremes(m: number, vectors: readonly Float64Array[]): [Float64Array, Float64Array] {
  const low = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
  for (const vector of vectors)
    for (let j = 0; j < m; j++) {
      low[j] = Math.min(low[j], vector[j]);
      high[j] = Math.max(high[j], vector[j]);
    }
  return [low, high];
}
