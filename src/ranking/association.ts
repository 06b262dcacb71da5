import type { ReferenceDirections } from './reference-directions.js';

/** The box that objectives are normalised by: `(f - ideal) / width`. */
export interface Scale {
  readonly ideal: Float64Array;
  readonly nadir: Float64Array;
  /** Of every axis: `nadir - ideal`, 1 where the box is flat. */
  readonly width: Float64Array;
}

/** The scale between two points of m objectives. */
export function scaleBetween(ideal: ArrayLike<number>, nadir: ArrayLike<number>): Scale {
  const scale = {
    ideal: Float64Array.from(ideal),
    nadir: Float64Array.from(nadir),
    width: new Float64Array(ideal.length),
  };
  fitWidth(scale);
  return scale;
}

/** Sets the widths of the scale, `nadir - ideal`; 1 where the box is flat, so that nothing is divided by zero. */
export function fitWidth({ ideal, nadir, width }: Scale): void {
  for (let j = 0; j < width.length; j++) {
    const extent = nadir[j] - ideal[j];
    width[j] = extent > 1e-12 * Math.max(1, Math.abs(ideal[j])) ? extent : 1;
  }
}

/**
 * Associates rows `0 .. count - 1` of `f` with the reference direction of the smallest acute angle (Li et al. 2019,
 * Eq. 3), after normalisation; ties go to the first direction. `region[i]` receives the index. O(count x directions x m).
 */
export function associate(
  f: ArrayLike<number>,
  count: number,
  scale: Scale,
  unit: ReferenceDirections,
  region: Int32Array,
): void {
  if (unit.objectives === 2) {
    associatePairs(f, count, scale, unit, region);
    return;
  }
  const { objectives: m, w } = unit;
  if (point.length < m) point = new Float64Array(m);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < m; j++) point[j] = (f[i * m + j] - scale.ideal[j]) / scale.width[j];
    let best = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (let d = 0, k = 0; d < unit.count; d++) {
      let cosine = 0;
      for (let j = 0; j < m; j++) cosine += point[j] * w[k++];
      if (cosine > largest) {
        largest = cosine;
        best = d;
      }
    }
    region[i] = best;
  }
}

// Kept between calls: a normalised point.
let point = new Float64Array(0);

/** {@link associate} in two objectives, without the inner loop. */
function associatePairs(
  f: ArrayLike<number>,
  count: number,
  scale: Scale,
  { count: directions, w }: ReferenceDirections,
  region: Int32Array,
): void {
  const width0 = scale.width[0];
  const width1 = scale.width[1];
  for (let i = 0; i < count; i++) {
    const point0 = (f[2 * i] - scale.ideal[0]) / width0;
    const point1 = (f[2 * i + 1] - scale.ideal[1]) / width1;
    let best = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (let d = 0; d < directions; d++) {
      const cosine = point0 * w[2 * d] + point1 * w[2 * d + 1];
      if (cosine > largest) {
        largest = cosine;
        best = d;
      }
    }
    region[i] = best;
  }
}

/** The same directions with length 1, so that the inner product with a point orders them by angle. */
export function toUnitLength({ count, objectives: m, w }: ReferenceDirections): ReferenceDirections {
  const unit = Float64Array.from(w);
  for (let d = 0; d < count; d++) {
    const length = Math.hypot(...w.subarray(d * m, (d + 1) * m));
    for (let j = 0; j < m; j++) unit[d * m + j] /= length;
  }
  return { count, objectives: m, w: unit };
}

/**
 * The Tchebycheff value of row `i` for direction `d` (Li et al. 2019, Eq. 5): `max_j (f_j - ideal_j) / w_j` on the
 * normalised objectives; a weight of zero counts as 1e-4.
 */
export function tchebycheff(
  f: ArrayLike<number>,
  i: number,
  scale: Scale,
  directions: ReferenceDirections,
  d: number,
): number {
  const { objectives: m, w } = directions;
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < m; j++) {
    const value = (f[i * m + j] - scale.ideal[j]) / scale.width[j] / Math.max(w[d * m + j], 1e-4);
    if (value > largest) largest = value;
  }
  return largest;
}
