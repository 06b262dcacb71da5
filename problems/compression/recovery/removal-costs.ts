/** Removals whose effect on the inverse is written down together: sixteen at a time take a third of the time of one by one. */
const TOGETHER = 16;

/**
 * What it costs to remove the weights of one output feature, one after the other, always the cheapest that is left, when those that
 * stay make good what they can (optimal brain surgeon: Hassibi and Stork 1993, equation 5; as a greedy pruning of rows: Frantar and
 * Alistarh 2022, "Optimal Brain Compression", algorithm 1).
 *
 * `inverse` is that of the second moments H of the layer's inputs, n x n. Removing weight q adds `w_q^2 / inverse_qq` to the squared error
 * `dw' H dw` of the output and changes the others by `-w_q / inverse_qq` times row q; then row and column q leave the inverse.
 * `costs[i]` is the largest of such additions up to and with that of weight i, so that the weights removed below any bound are the first
 * of the order. Among equals the first weight goes first.
 *
 * n^3 / 6 multiplications; n^2 / 2 numbers of memory.
 */
export function removalCosts(inverse: Float64Array, weights: ArrayLike<number>, n: number): Float64Array {
  const costs = new Float64Array(n);
  // What is left: its indices, its weights, the lower triangle of its inverse, row after row, and the diagonal of that, kept up to date.
  const left = Int32Array.from({ length: n }, (_, i) => i);
  const w = Float64Array.from(weights);
  const diagonal = new Float64Array(n);
  const lower = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) lower[at++] = inverse[i * n + j];
    diagonal[i] = inverse[i * n + i];
  }
  const gone = new Uint8Array(n);
  const kept = new Int32Array(n);
  const changes = Array.from({ length: TOGETHER }, () => new Float64Array(n));
  let size = n;
  let largest = 0;
  while (size > 0) {
    const count = Math.min(TOGETHER, size);
    for (let c = 0; c < count; c++) {
      const q = cheapest(w, diagonal, gone, size);
      largest = Math.max(largest, (w[q] * w[q]) / diagonal[q]);
      costs[left[q]] = largest;
      const u = changes[c];
      rowOf(lower, q, size, u);
      bringUpToDate(u, changes, c, q, size);
      // The inverse of what is left is the present one less u u'.
      const root = 1 / Math.sqrt(diagonal[q]);
      const step = w[q] * root;
      for (let i = 0; i < size; i++) {
        u[i] *= root;
        w[i] -= step * u[i];
        diagonal[i] -= u[i] * u[i];
      }
      gone[q] = 1;
    }
    // Where fewer are left than go together, all are gone.
    size = size > count ? compact({ left, w, diagonal, lower, gone, kept, changes }, size) : 0;
  }
  return costs;
}

function cheapest(w: Float64Array, diagonal: Float64Array, gone: Uint8Array, size: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < size; i++) {
    if (gone[i] === 1) continue;
    const cost = (w[i] * w[i]) / diagonal[i];
    if (cost < least || best < 0) {
      least = cost;
      best = i;
    }
  }
  return best;
}

function rowOf(lower: Float64Array, q: number, size: number, out: Float64Array): void {
  const start = (q * (q + 1)) / 2;
  for (let j = 0; j <= q; j++) out[j] = lower[start + j];
  for (let i = q + 1; i < size; i++) out[i] = lower[(i * (i + 1)) / 2 + q];
}

/** A row of the inverse less what the first `count` changes take from row q of it; two changes at a time take half the time of one. */
function bringUpToDate(
  row: Float64Array,
  changes: readonly Float64Array[],
  count: number,
  q: number,
  size: number,
): void {
  let c = 0;
  for (; c + 2 <= count; c += 2) {
    const a = changes[c];
    const b = changes[c + 1];
    const p = a[q];
    const r = b[q];
    for (let i = 0; i < size; i++) row[i] = row[i] - p * a[i] - r * b[i];
  }
  if (c === count) return;
  const a = changes[c];
  const p = a[q];
  for (let i = 0; i < size; i++) row[i] -= p * a[i];
}

interface Left {
  readonly left: Int32Array;
  readonly w: Float64Array;
  readonly diagonal: Float64Array;
  readonly lower: Float64Array;
  readonly gone: Uint8Array;
  /** Where those that stay were before. */
  readonly kept: Int32Array;
  readonly changes: readonly Float64Array[];
}

/** Leaves out what is gone, writes the changes to the inverse of the rest, and gives how many are left. */
function compact({ left, w, diagonal, lower, gone, kept, changes }: Left, size: number): number {
  let rows = 0;
  for (let i = 0; i < size; i++) {
    if (gone[i] === 1) continue;
    kept[rows] = i;
    left[rows] = left[i];
    w[rows] = w[i];
    diagonal[rows] = diagonal[i];
    rows++;
  }
  for (const change of changes) for (let row = 0; row < rows; row++) change[row] = change[kept[row]];
  for (let row = 0, at = 0; row < rows; row++) {
    const start = (kept[row] * (kept[row] + 1)) / 2;
    for (let j = 0; j <= row; j++) lower[at++] = lower[start + kept[j]];
  }
  gone.fill(0, 0, size);
  for (let c = 0; c < TOGETHER; c += 4)
    subtract(lower, rows, changes[c], changes[c + 1], changes[c + 2], changes[c + 3]);
  return rows;
}

/** The lower triangle less a a' + b' b + c c' + d d': four rows at a time, which read the four changes once, take half the time of one. */
function subtract(
  lower: Float64Array,
  rows: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const a0 = a[row];
    const a1 = a[row + 1];
    const a2 = a[row + 2];
    const a3 = a[row + 3];
    const b0 = b[row];
    const b1 = b[row + 1];
    const b2 = b[row + 2];
    const b3 = b[row + 3];
    const c0 = c[row];
    const c1 = c[row + 1];
    const c2 = c[row + 2];
    const c3 = c[row + 3];
    const d0 = d[row];
    const d1 = d[row + 1];
    const d2 = d[row + 2];
    const d3 = d[row + 3];
    const first = (row * (row + 1)) / 2;
    const second = first + row + 1;
    const third = second + row + 2;
    const fourth = third + row + 3;
    for (let j = 0; j <= row; j++) {
      const p = a[j];
      const q = b[j];
      const r = c[j];
      const s = d[j];
      lower[first + j] -= a0 * p + b0 * q + c0 * r + d0 * s;
      lower[second + j] -= a1 * p + b1 * q + c1 * r + d1 * s;
      lower[third + j] -= a2 * p + b2 * q + c2 * r + d2 * s;
      lower[fourth + j] -= a3 * p + b3 * q + c3 * r + d3 * s;
    }
    for (let end = row + 1; end < row + 4; end++) subtractRow(lower, end, row + 1, a, b, c, d);
  }
  for (; row < rows; row++) subtractRow(lower, row, 0, a, b, c, d);
}

function subtractRow(
  lower: Float64Array,
  row: number,
  from: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  const p = a[row];
  const q = b[row];
  const r = c[row];
  const s = d[row];
  const start = (row * (row + 1)) / 2;
  for (let j = from; j <= row; j++) lower[start + j] -= p * a[j] + q * b[j] + r * c[j] + s * d[j];
}
