import { InputError } from '../errors.js';

/**
 * The exact hypervolume: the volume that rows `0 .. count - 1` of `f` (rows x m, minimised) dominate inside the box that
 * `reference` closes (m entries). Rows that are not better than the reference in every objective add nothing; nor
 * do dominated or repeated rows, or rows with a NaN. No row: 0.
 *
 * One objective: the distance. Two: a sweep, O(n log n). More: the WFG algorithm (While, Bradstreet and Barone, IEEE TEVC
 * 16(1), 2012), which slices down to the sweep. Throws an InputError when the reference is not finite.
 */
export function hypervolume(f: ArrayLike<number>, count: number, reference: ArrayLike<number>): number {
  const m = reference.length;
  for (let j = 0; j < m; j++)
    if (!Number.isFinite(reference[j]))
      throw new InputError(`the reference point must be finite, got ${reference[j]} for objective ${j + 1}`);
  const points: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    // Measured from the reference point: coordinates to be maximised, all positive.
    const point = Float64Array.from({ length: m }, (_, j) => reference[j] - f[i * m + j]);
    if (point.every((value) => value > 0)) points.push(point);
  }
  return volume(nondominatedPoints(points));
}

function volume(points: Float64Array[]): number {
  if (points.length === 0) return 0;
  const m = points[0].length;
  if (points.length === 1) return points[0].reduce((product, value) => product * value, 1);
  if (m === 1) return Math.max(...points.map((point) => point[0]));
  if (m === 2) return area(points);
  // Best in the last objective first: later points are then cut down to small sets.
  points.sort((a, b) => b[m - 1] - a[m - 1]);
  let sum = 0;
  for (let i = points.length - 1; i >= 0; i--) sum += exclusiveVolume(points, i);
  return sum;
}

/** What point `i` dominates and no point before it does. */
function exclusiveVolume(points: readonly Float64Array[], i: number): number {
  const point = points[i];
  const m = point.length;
  const inclusive = point.reduce((product, value) => product * value, 1);
  // Every point before has at least this point's last coordinate, so the limited set is a prism over m - 1 axes.
  const limited: Float64Array[] = [];
  for (let p = 0; p < i; p++) {
    const cut = new Float64Array(m - 1);
    for (let j = 0; j < m - 1; j++) cut[j] = Math.min(points[p][j], point[j]);
    limited.push(cut);
  }
  return inclusive - point[m - 1] * volume(nondominatedPoints(limited));
}

function area(points: Float64Array[]): number {
  points.sort((a, b) => b[0] - a[0] || b[1] - a[1]);
  let sum = 0;
  let height = 0;
  for (const [width, top] of points) {
    if (top <= height) continue;
    sum += width * (top - height);
    height = top;
  }
  return sum;
}

/** The points that no other is at least as good as in every coordinate (maximised); of equal ones, one. */
function nondominatedPoints(points: Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const point of points) {
    let covered = false;
    let places = 0;
    for (let k = 0; k < kept.length; k++) {
      if (!covered && covers(kept[k], point)) covered = true;
      if (covered || !covers(point, kept[k])) kept[places++] = kept[k];
    }
    kept.length = places;
    if (!covered) kept.push(point);
  }
  return kept;
}

function covers(a: Float64Array, b: Float64Array): boolean {
  for (let j = 0; j < a.length; j++) if (a[j] < b[j]) return false;
  return true;
}
