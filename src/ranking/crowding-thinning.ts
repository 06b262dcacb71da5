import { sortIndices } from '../math/index-sort.js';
import {
  type CrowdingScratch,
  createCrowdingScratch,
  crowdingDistance,
  shareOf,
} from './crowding-distance.js';

/** Working memory of {@link thinByCrowding} for fronts of up to `capacity` rows. */
export interface ThinningScratch {
  readonly crowding: CrowdingScratch;
  /** Neighbours along every objective, by position in the front: objectives x capacity, -1 where there is none. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** The range of the front along every objective. */
  readonly range: Float64Array;
  /** A heap of positions, that of the smallest key at its root, and the keys by position: a distance, perhaps of earlier. */
  readonly heap: Int32Array;
  readonly key: Float64Array;
}

export function createThinningScratch(capacity: number, objectives: number): ThinningScratch {
  return {
    crowding: createCrowdingScratch(capacity),
    before: new Int32Array(capacity * objectives),
    after: new Int32Array(capacity * objectives),
    range: new Float64Array(objectives),
    heap: new Int32Array(capacity),
    key: new Float64Array(capacity),
  };
}

/** The key of a row that has gone. */
const GONE = -1;

/**
 * Thins a front to `places` rows one by one (Kukkonen and Deb, "Improved pruning of non-dominated solutions based on crowding
 * distance for bi-objective optimization problems", CEC 2006): the row of smallest crowding distance goes, of equal ones the
 * last, and its neighbours get the distances that they have without it. To take the smallest distances away all at once, by values
 * from before, empties a crowded place altogether.
 *
 * Of `front[0 .. count)`, rows of `f` (rows x `m`), those kept move to `front[0 .. places)` in their order; `distance[row]` is
 * theirs among themselves, in ranges of the whole front, with the laws of `crowdingDistance` for equal and infinite values.
 *
 *     const front = Int32Array.of(0, 1, 2, 3, 4);
 *     thinByCrowding([0, 4, 1, 3, 2, 2, 3, 1, 4, 0], 2, front, 5, 3, new Float64Array(5)); // front: 0, 2, 4
 *
 * O(m n log n): since a distance only grows, a row that comes up for removal with an outdated one is filed again.
 */
export function thinByCrowding(
  f: ArrayLike<number>,
  m: number,
  front: Int32Array,
  count: number,
  places: number,
  distance: Float64Array,
  scratch: ThinningScratch = createThinningScratch(count, m),
): void {
  const { heap, key } = scratch;
  link(f, m, front, count, scratch);
  for (let i = 0; i < count; i++) {
    measure(f, m, front, i, distance, scratch);
    key[i] = distance[front[i]];
    heap[i] = i;
  }
  for (let at = (count >> 1) - 1; at >= 0; at--) sink(scratch, at, count);
  let left = count;
  while (left > places) {
    const least = heap[0];
    if (distance[front[least]] > key[least]) key[least] = distance[front[least]];
    else {
      heap[0] = heap[--left];
      key[least] = GONE;
      unlink(f, m, front, least, distance, scratch);
    }
    sink(scratch, 0, left);
  }
  for (let i = 0, kept = 0; i < count; i++) if (key[i] !== GONE) front[kept++] = front[i];
}

/**
 * Cuts a front to the `places` rows of largest crowding distance within the whole of it, equal ones by position, as NSGA-II was published
 * (Deb et al. 2002, Section III-C). The arguments are those of {@link thinByCrowding}; those kept come by falling distance. O(m n log n).
 */
export function cutByCrowding(
  f: ArrayLike<number>,
  m: number,
  front: Int32Array,
  count: number,
  places: number,
  distance: Float64Array,
  { crowding, heap }: ThinningScratch = createThinningScratch(count, m),
): void {
  crowdingDistance(f, m, front, count, distance, crowding);
  for (let i = 0; i < count; i++) crowding.value[i] = -distance[front[i]];
  const order = sortIndices(crowding.value, count, crowding.order, crowding.spare);
  for (let i = 0; i < places; i++) heap[i] = front[order[i]];
  for (let i = 0; i < places; i++) front[i] = heap[i];
}

/** Finds the neighbours and the range along every objective; rows of equal value are ordered as the front lists them. */
function link(
  f: ArrayLike<number>,
  m: number,
  front: Int32Array,
  count: number,
  { crowding, before, after, range }: ThinningScratch,
): void {
  const { value } = crowding;
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < count; i++) value[i] = f[front[i] * m + j];
    const order = sortIndices(value, count, crowding.order, crowding.spare);
    range[j] = value[order[count - 1]] - value[order[0]];
    for (let p = 0; p < count; p++) {
      before[order[p] * m + j] = p > 0 ? order[p - 1] : -1;
      after[order[p] * m + j] = p < count - 1 ? order[p + 1] : -1;
    }
  }
}

/** Writes the crowding distance of the row at position `i` among those that are left. */
function measure(
  f: ArrayLike<number>,
  m: number,
  front: Int32Array,
  i: number,
  distance: Float64Array,
  { before, after, range }: ThinningScratch,
): void {
  distance[front[i]] = 0;
  for (let j = 0; j < m; j++) {
    if (!(range[j] > 0)) continue;
    const low = before[i * m + j];
    const high = after[i * m + j];
    const end = low < 0 || high < 0;
    distance[front[i]] += end
      ? Number.POSITIVE_INFINITY
      : shareOf(range[j], f[front[high] * m + j] - f[front[low] * m + j]);
  }
}

/** Takes the row at position `i` out of its neighbours' midst, and measures them again. */
function unlink(
  f: ArrayLike<number>,
  m: number,
  front: Int32Array,
  i: number,
  distance: Float64Array,
  scratch: ThinningScratch,
): void {
  const { before, after } = scratch;
  for (let at = i * m; at < (i + 1) * m; at++) {
    const j = at - i * m;
    if (before[at] >= 0) after[before[at] * m + j] = after[at];
    if (after[at] >= 0) before[after[at] * m + j] = before[at];
  }
  for (let at = i * m; at < (i + 1) * m; at++) {
    if (before[at] >= 0) measure(f, m, front, before[at], distance, scratch);
    if (after[at] >= 0) measure(f, m, front, after[at], distance, scratch);
  }
}

/** Moves the position at place `at` of the heap down to where it belongs; of equal keys the later position comes first. */
function sink({ heap, key }: ThinningScratch, at: number, size: number): void {
  const moved = heap[at];
  for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && comesFirst(key, heap[child + 1], heap[child])) child++;
    if (!comesFirst(key, heap[child], moved)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

function comesFirst(key: Float64Array, a: number, b: number): boolean {
  return key[a] < key[b] || (key[a] === key[b] && a > b);
}
