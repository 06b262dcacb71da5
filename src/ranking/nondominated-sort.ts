import { dominates } from './dominance.js';

/** Working memory of a sort of up to `capacity` rows, to be used again and again. What it holds means nothing between calls. */
export interface SortScratch {
  readonly order: Int32Array;
  readonly spare: Int32Array;
  readonly last: Int32Array;
  readonly previous: Int32Array;
}

export function createSortScratch(capacity: number): SortScratch {
  return {
    order: new Int32Array(capacity),
    spare: new Int32Array(capacity),
    last: new Int32Array(capacity),
    previous: new Int32Array(capacity),
  };
}

/**
 * Sorts rows of `f` (rows x `m`, minimised) into fronts: rank 0 is dominated by none, rank r only by lower ranks.
 * `rows[0 .. count)` names the rows to sort; `rank[i]` receives the rank of `rows[i]`. Returns the number of fronts.
 * Equal rows share a rank. Nothing is allocated when a `scratch` of `count` rows or more is given.
 *
 * Efficient non-dominated sort with binary search (Zhang et al., IEEE TEVC 19(2), 2015): rows are taken in lexicographic
 * order, so a row can only be dominated by one taken before it. O(n log n) for two objectives, where comparing with the
 * last member of a front is enough; O(m n^2) at worst above.
 */
export function nondominatedSort(
  f: ArrayLike<number>,
  m: number,
  rows: ArrayLike<number>,
  count: number,
  rank: Int32Array,
  scratch: SortScratch = createSortScratch(count),
): number {
  const order = lexicographicOrder(f, m, rows, count, scratch);
  // The members of a front as a linked list, the latest first: it is the most likely to dominate.
  const { last, previous } = scratch;
  let fronts = 0;
  for (let p = 0; p < count; p++) {
    const position = order[p];
    let low = 0;
    let high = fronts;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (frontDominates(f, m, rows, last[middle], previous, rows[position])) low = middle + 1;
      else high = middle;
    }
    rank[position] = low;
    if (low === fronts) {
      previous[position] = -1;
      fronts++;
    } else previous[position] = last[low];
    last[low] = position;
  }
  return fronts;
}

/** The positions in `rows` of those that no other of them dominates, in ascending order. Equal rows all stay. */
export function nondominated(
  f: ArrayLike<number>,
  m: number,
  rows: ArrayLike<number>,
  count: number,
): number[] {
  const inFront = new Int32Array(count);
  markNondominated(f, m, rows, count, inFront);
  const front: number[] = [];
  for (let i = 0; i < count; i++) if (inFront[i] === 1) front.push(i);
  return front;
}

/**
 * Sets `inFront[i]` to 1 when no other of `rows[0 .. count)` dominates `rows[i]`, else to 0, and returns how many there
 * are: the first front of {@link nondominatedSort} without the others. O(n log n) for two objectives, O(m n h) for a
 * front of h above.
 */
export function markNondominated(
  f: ArrayLike<number>,
  m: number,
  rows: ArrayLike<number>,
  count: number,
  inFront: Int32Array,
  scratch: SortScratch = createSortScratch(count),
): number {
  const order = lexicographicOrder(f, m, rows, count, scratch);
  const { previous } = scratch;
  let latest = -1;
  let size = 0;
  for (let p = 0; p < count; p++) {
    const position = order[p];
    if (latest >= 0 && frontDominates(f, m, rows, latest, previous, rows[position])) {
      inFront[position] = 0;
      continue;
    }
    inFront[position] = 1;
    previous[position] = latest;
    latest = position;
    size++;
  }
  return size;
}

function frontDominates(
  f: ArrayLike<number>,
  m: number,
  rows: ArrayLike<number>,
  latest: number,
  previous: Int32Array,
  row: number,
): boolean {
  // In two objectives the latest member has the smallest second objective of its front: it dominates if any does.
  if (m === 2) return dominates(f, rows[latest], row, 2);
  for (let member = latest; member >= 0; member = previous[member])
    if (dominates(f, rows[member], row, m)) return true;
  return false;
}

/** Runs of this length are sorted by insertion before they are merged. */
const RUN = 8;

/** The positions `0 .. count - 1` in lexicographic order of their rows, equal rows by position: a merge sort in scratch. */
function lexicographicOrder(
  f: ArrayLike<number>,
  m: number,
  rows: ArrayLike<number>,
  count: number,
  { order, spare }: SortScratch,
): Int32Array {
  for (let start = 0; start < count; start += RUN) {
    const end = Math.min(start + RUN, count);
    for (let i = start; i < end; i++) {
      let place = i;
      for (; place > start && precedes(f, m, rows[i], rows[order[place - 1]]); place--)
        order[place] = order[place - 1];
      order[place] = i;
    }
  }
  let from = order;
  let to = spare;
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(middle + width, count);
      let left = start;
      let right = middle;
      for (let place = start; place < end; place++) {
        const takeRight =
          right < end && (left === middle || precedes(f, m, rows[from[right]], rows[from[left]]));
        to[place] = takeRight ? from[right++] : from[left++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Whether row `a` comes strictly before row `b` in lexicographic order. */
function precedes(f: ArrayLike<number>, m: number, a: number, b: number): boolean {
  for (let i = a * m, j = b * m, end = i + m; i < end; i++, j++) {
    // Not by subtraction: two equal infinities would give NaN.
    if (f[i] < f[j]) return true;
    if (f[i] > f[j]) return false;
  }
  return false;
}
