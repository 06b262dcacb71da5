/** How many times what is gained in one objective may be lost in another. */
const TRADE = 20;

/** How many times as wide as its inner three fifths a set is taken for at most. */
const FAR = 5;

/**
 * Those of the vectors (m entries, minimised, none dominated) that are properly efficient: against no other do they lose, in one objective, more than
 * {@link TRADE} times what they gain in any, each objective measured by the width of what is left of the set. The others are not dominated, but for all that counts
 * they are: with a speck less of one objective, and far worse in the rest, they would stand for the ends of the front, and with three
 * and more objectives there are many. O(n^2 m) a pass, a pass for as long as vectors leave; one that would take all is not made.
 *
 * Geoffrion, "Proper efficiency and the theory of vector maximization", Journal of Mathematical Analysis and Applications 22, 1968; Ikeda, Kita and
 * Kobayashi, "Failure of Pareto-based MOEAs: does non-dominated really mean near to optimal?", CEC 2001.
 */
export function properlyEfficient(m: number, vectors: readonly Float64Array[]): readonly Float64Array[] {
  for (let kept = vectors; ; ) {
    const width = widthsOf(m, kept);
    const next = kept.filter((vector) => kept.every((other) => isWorthwhile(vector, other, width)));
    if (next.length === kept.length || next.length === 0) return kept;
    kept = next;
  }
}

function isWorthwhile(vector: Float64Array, other: Float64Array, width: Float64Array): boolean {
  let gain = 0;
  let loss = 0;
  for (let j = 0; j < width.length; j++) {
    if (!(width[j] > 0)) continue;
    const difference = (other[j] - vector[j]) / width[j];
    gain = Math.max(gain, difference);
    loss = Math.max(loss, -difference);
  }
  return loss <= TRADE * gain;
}

/** Of each objective; but no more than {@link FAR} times that of its inner three fifths, so that one outlier does not make all others one. */
function widthsOf(m: number, vectors: readonly Float64Array[]): Float64Array {
  const last = vectors.length - 1;
  return Float64Array.from({ length: m }, (_, j) => {
    const values = Float64Array.from(vectors, (vector) => vector[j]).sort();
    const inner = values[Math.ceil(0.8 * last)] - values[Math.floor(0.2 * last)];
    return Math.min(values[last] - values[0], FAR * inner || Number.POSITIVE_INFINITY);
  });
}
