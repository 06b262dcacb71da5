/**
 * What a set of points leaves undominated below a reference point, cut into disjoint boxes whose corners are coordinates
 * of the points. Coordinates are named by their level: in objective j, level 0 is -Infinity, level `size + 1` the reference,
 * and levels 1 .. size the coordinates of the points in ascending order.
 */
export interface BoxDecomposition {
  readonly objectives: number;
  readonly size: number;
  /** `size + 2` coordinates an objective, objective by objective. */
  readonly levels: Float64Array;
  readonly count: number;
  /** count x objectives: the levels of the lower and of the upper corners. */
  readonly lower: Int32Array;
  readonly upper: Int32Array;
}

/**
 * Decomposes what rows `0 .. count - 1` of `f` (rows x m, minimised) leave below `reference` (m entries). Rows that are not
 * below the reference in every objective do not count; dominated ones change nothing. No row: the one box below the reference.
 *
 * Lacour, Klamroth and Fonseca, "A box decomposition algorithm to compute the hypervolume indicator", Computers & Operations
 * Research 79, 2017, section 3: the local upper bounds are updated point by point, and each carries the points that
 * define it. Ties are broken by the order of the rows; boxes that they leave without volume are dropped. Two
 * objectives give up to n + 1 boxes, three 2 n + 1, four and five O(n^2), and so on. With more than `limit` boxes on the
 * way the work is given up: null.
 */
function decomposeBoxes(
  f: ArrayLike<number>,
  count: number,
  reference: ArrayLike<number>,
  limit: number,
): BoxDecomposition | null {
  const m = reference.length;
  const rows: number[] = [];
  for (let i = 0; i < count; i++) {
    let inside = true;
    for (let j = 0; j < m; j++) inside &&= f[i * m + j] < reference[j];
    if (inside) rows.push(i);
  }
  const size = rows.length;
  const levels = new Float64Array(m * (size + 2));
  const ranks = new Int32Array(size * m);
  for (let j = 0; j < m; j++) {
    const at = j * (size + 2);
    const order = rows.map((_, p) => p).sort((a, b) => f[rows[a] * m + j] - f[rows[b] * m + j] || a - b);
    levels[at] = Number.NEGATIVE_INFINITY;
    order.forEach((p, rank) => {
      ranks[p * m + j] = rank + 1;
      levels[at + rank + 1] = f[rows[p] * m + j];
    });
    levels[at + size + 1] = reference[j];
  }
  // Points sorted by the first objective keep the list of bounds short on the way.
  const order = rows.map((_, p) => p).sort((a, b) => ranks[a * m] - ranks[b * m]);
  let bounds = [unbounded(m, size + 1)];
  for (const p of order) {
    bounds = bounds.flatMap((bound) => cut(bound, ranks.subarray(p * m, p * m + m), m));
    if (bounds.length > limit) return null;
  }
  return boxesOf(bounds, m, size, levels);
}

/**
 * The same for as many of the rows as `limit` boxes allow: every second row is left out until they suffice, which takes what
 * these dominated for undominated. A matter of five and more objectives.
 */
export function decomposeWithin(
  f: readonly ArrayLike<number>[],
  reference: ArrayLike<number>,
  limit: number,
): BoxDecomposition {
  for (let rows = f; ; rows = rows.filter((_, i) => i % 2 === 0)) {
    const flat = rows.flatMap((row) => Array.from(row));
    const boxes = decomposeBoxes(
      flat,
      rows.length,
      reference,
      rows.length > 1 ? limit : Number.POSITIVE_INFINITY,
    );
    if (boxes) return boxes;
  }
}

/** A local upper bound: m levels, then for each objective the m levels of the point that defines it there. */
type UpperBound = Int32Array;

/** The reference point, defined by points at -Infinity in all other objectives. */
function unbounded(m: number, top: number): UpperBound {
  const bound = new Int32Array(m + m * m);
  for (let j = 0; j < m; j++) {
    bound[j] = top;
    bound[m + j * m + j] = top;
  }
  return bound;
}

/** What the point leaves of the zone below the bound: the bound itself where it is not below, else up to m bounds. */
function cut(bound: UpperBound, point: Int32Array, m: number): UpperBound[] {
  for (let j = 0; j < m; j++) if (point[j] >= bound[j]) return [bound];
  const parts: UpperBound[] = [];
  for (let j = 0; j < m; j++) {
    let redundant = false;
    for (let k = 0; k < m; k++) redundant ||= k !== j && bound[m + k * m + j] > point[j];
    if (redundant) continue;
    const part = bound.slice();
    part[j] = point[j];
    part.set(point, m + j * m);
    parts.push(part);
  }
  return parts;
}

/** Box of a bound: below it, and in objective j above the points that define it in the objectives before j. */
function boxesOf(
  bounds: readonly UpperBound[],
  m: number,
  size: number,
  levels: Float64Array,
): BoxDecomposition {
  const lower = new Int32Array(bounds.length * m);
  const upper = new Int32Array(bounds.length * m);
  let count = 0;
  for (const bound of bounds) {
    let solid = true;
    for (let j = 0; j < m; j++) {
      let low = 0;
      for (let k = 0; k < j; k++) low = Math.max(low, bound[m + k * m + j]);
      lower[count * m + j] = low;
      upper[count * m + j] = bound[j];
      const at = j * (size + 2);
      solid &&= levels[at + low] < levels[at + bound[j]];
    }
    if (solid) count++;
  }
  return {
    objectives: m,
    size,
    levels,
    count,
    lower: lower.slice(0, count * m),
    upper: upper.slice(0, count * m),
  };
}
