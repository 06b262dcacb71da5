import { dasDennis, InputError } from '../src/index.js';

/** How many trial points are laid for every point wanted, so that pieces of a front are found and cut near their ends. */
const TRIALS = 20;

/**
 * `count` points of a front of two objectives, 2 x count, ascending in f1: of trial points at even steps of the parameter t
 * from `from` to `to`, those that `point` accepts and that no other dominates, thinned evenly, both ends kept. Of
 * coinciding points one is kept. `marks` are parameters of single points, which even steps would miss and which are kept where
 * they leave room for others. Fewer points where fewer trials remain. Throws an InputError unless `count` is a whole
 * number from 2.
 */
export function curveFront(
  count: number,
  from: number,
  to: number,
  point: (t: number, f: Float64Array) => boolean,
  marks: readonly number[] = [],
): Float64Array {
  const last = TRIALS * (checkedCount(count) - 1);
  const trials: Trial[] = [];
  const f = new Float64Array(2);
  for (let i = 0; i <= last; i++)
    if (point(i === last ? to : from + ((to - from) * i) / last, f)) trials.push([f[0], f[1]]);
  for (const t of marks) if (point(t, f)) trials.push([f[0], f[1], true]);
  const front = nondominatedPairs(trials);
  const single = front.filter(([, , marked]) => marked);
  if (front.length <= count || single.length > count / 2) return thinned(front, count);
  const others = thinned(
    front.filter(([, , marked]) => !marked),
    count - single.length,
  );
  for (let i = 0; i < others.length; i += 2) single.push([others[i], others[i + 1]]);
  return thinned(nondominatedPairs(single), count);
}

/**
 * The same of pieces laid end to end: piece k takes `t` from k to k + 1 as 0 to 1, and returns `false` for what is not to be
 * accepted.
 */
export function piecewiseFront(
  count: number,
  parts: readonly ((t: number, f: Float64Array) => unknown)[],
): Float64Array {
  return curveFront(
    count,
    0,
    parts.length,
    (t, f) => {
      const part = Math.min(parts.length - 1, Math.floor(t));
      return parts[part](t - part, f) !== false;
    },
    // The ends of the pieces, where the next has not begun.
    parts.map((_, part) => (part + 1) * (1 - Number.EPSILON)),
  );
}

/** f1 and f2, and whether the point is to be kept. */
export type Trial = readonly [number, number, boolean?];

/** At most `count` of the given points, 2 columns, in their order, both ends kept. */
export function thinned(points: readonly Trial[], count: number): Float64Array {
  const kept = Math.min(points.length, checkedCount(count));
  const rows = new Float64Array(2 * kept);
  for (let i = 0; i < kept; i++) {
    const [f1, f2] = points[kept === 1 ? 0 : Math.round((i * (points.length - 1)) / (kept - 1))];
    rows[2 * i] = f1;
    rows[2 * i + 1] = f2;
  }
  return rows;
}

/**
 * At most `count` points of a front of m objectives, m columns, from a Das-Dennis lattice of weights, nearly the finest of
 * which `point` keeps no more than that. `point` writes the objectives of the weights that it keeps. Throws an InputError
 * unless `count` is a whole number from m.
 */
export function latticeFront(
  count: number,
  m: number,
  point: (w: Float64Array, f: Float64Array) => boolean,
): Float64Array {
  if (checkedCount(count) < m)
    throw new InputError(`a front of ${m} objectives needs ${m} points or more, got ${count}`);
  let partitions = 1;
  while (latticeSize(m, partitions + 1) <= count) partitions++;
  let best = latticePoints(m, partitions, point);
  for (;;) {
    partitions += Math.max(1, Math.floor(partitions / 20));
    const finer = latticePoints(m, partitions, point);
    if (finer.length > count * m) return best;
    best = finer;
  }
}

function latticePoints(
  m: number,
  partitions: number,
  point: (w: Float64Array, f: Float64Array) => boolean,
): Float64Array {
  const { w, count } = dasDennis(m, partitions);
  const rows = new Float64Array(w.length);
  let size = 0;
  for (let i = 0; i < count; i++)
    if (point(w.subarray(i * m, (i + 1) * m), rows.subarray(size * m, (size + 1) * m))) size++;
  return rows.slice(0, size * m);
}

/** Binomial of partitions + m - 1 over m - 1. */
function latticeSize(m: number, partitions: number): number {
  let size = 1;
  for (let j = 1; j < m; j++) size = (size * (partitions + j)) / j;
  return size;
}

/**
 * At most `count` points of a front of m objectives, m columns, whose first m - 1 objectives take values of the same
 * intervals (pairs of ends) independently, and whose last is `last` of them: a grid, even along the intervals.
 */
export function gridFront(
  count: number,
  m: number,
  intervals: readonly (readonly [number, number])[],
  last: (f: Float64Array) => number,
): Float64Array {
  let side = 1;
  while ((side + 1) ** (m - 1) <= checkedCount(count)) side++;
  const length = intervals.reduce((sum, [low, high]) => sum + high - low, 0);
  const values = Array.from({ length: side }, (_, i) =>
    along(intervals, (length * i) / Math.max(1, side - 1)),
  );
  const size = side ** (m - 1);
  const rows = new Float64Array(size * m);
  for (let i = 0; i < size; i++) {
    for (let j = 0, rest = i; j < m - 1; j++, rest = Math.floor(rest / side))
      rows[i * m + j] = values[rest % side];
    rows[i * m + m - 1] = last(rows.subarray(i * m, (i + 1) * m));
  }
  return rows;
}

/** The point at `distance` along intervals laid end to end. */
function along(intervals: readonly (readonly [number, number])[], distance: number): number {
  let rest = distance;
  for (const [low, high] of intervals) {
    if (rest <= high - low) return low + rest;
    rest -= high - low;
  }
  return intervals[intervals.length - 1][1];
}

/** Those that no other dominates, ascending in f1; of equal ones one. */
export function nondominatedPairs(points: Trial[]): Trial[] {
  points.sort((p, q) => p[0] - q[0] || p[1] - q[1] || Number(q[2] ?? false) - Number(p[2] ?? false));
  let lowest = Number.POSITIVE_INFINITY;
  return points.filter(([, f2]) => {
    if (f2 >= lowest) return false;
    lowest = f2;
    return true;
  });
}

function checkedCount(count: number): number {
  if (!Number.isInteger(count) || count < 2)
    throw new InputError(`a front needs a whole number of points from 2, got ${count}`);
  return count;
}
