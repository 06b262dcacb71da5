import { dominates } from './dominance.js';

/**
 * Sorts rows of `f` (rows x `m`, minimised) into fronts: rank 0 is dominated by none, rank r only by lower ranks.
 * `rows[0 .. count)` names the rows to sort; `rank[i]` receives the rank of `rows[i]`. Returns the number of fronts.
 * Equal rows share a rank.
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
): number {
  const order = lexicographicOrder(f, m, rows, count);
  // The members of a front as a linked list, the latest first: it is the most likely to dominate.
  const last = new Int32Array(count);
  const previous = new Int32Array(count);
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
  const rank = new Int32Array(count);
  nondominatedSort(f, m, rows, count, rank);
  const front: number[] = [];
  for (let i = 0; i < count; i++) if (rank[i] === 0) front.push(i);
  return front;
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

function lexicographicOrder(
  f: ArrayLike<number>,
  m: number,
  rows: ArrayLike<number>,
  count: number,
): Int32Array {
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order.sort((a, b) => {
    const rowA = rows[a] * m;
    const rowB = rows[b] * m;
    for (let j = 0; j < m; j++) {
      // Not by subtraction: two equal infinities would give NaN.
      if (f[rowA + j] < f[rowB + j]) return -1;
      if (f[rowA + j] > f[rowB + j]) return 1;
    }
    return a - b;
  });
}
