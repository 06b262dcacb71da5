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
      for (let before = 0; before < c; before++) {
        const v = changes[before];
        const factor = v[q];
        for (let i = 0; i < size; i++) u[i] -= factor * v[i];
      }
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
    size = compact({ left, w, diagonal, lower, gone, changes }, size, count);
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

interface Left {
  readonly left: Int32Array;
  readonly w: Float64Array;
  readonly diagonal: Float64Array;
  readonly lower: Float64Array;
  readonly gone: Uint8Array;
  readonly changes: readonly Float64Array[];
}

/** Writes the changes to the inverse, leaves out what is gone, and gives how many are left. */
function compact({ left, w, diagonal, lower, gone, changes }: Left, size: number, count: number): number {
  let row = 0;
  let at = 0;
  for (let i = 0; i < size; i++) {
    if (gone[i] === 1) continue;
    const start = (i * (i + 1)) / 2;
    for (let c = 0; c + 4 <= count; c += 4) {
      const [a, b, d, e] = [changes[c], changes[c + 1], changes[c + 2], changes[c + 3]];
      const [p, q, r, s] = [a[i], b[i], d[i], e[i]];
      for (let j = 0; j <= i; j++) lower[start + j] -= p * a[j] + q * b[j] + r * d[j] + s * e[j];
    }
    for (let c = count - (count % 4); c < count; c++)
      for (let j = 0, a = changes[c], p = a[i]; j <= i; j++) lower[start + j] -= p * a[j];
    for (let j = 0; j <= i; j++) if (gone[j] === 0) lower[at++] = lower[start + j];
    left[row] = left[i];
    w[row] = w[i];
    diagonal[row] = diagonal[i];
    row++;
  }
  gone.fill(0, 0, size);
  return row;
}
