/** Order-0 entropy of whole numbers in bits each; 0 for none. O(n + range), counts over the range they span. */
export function entropyOfLevels(levels: Int32Array): number {
  let least = 0;
  let most = 0;
  for (const level of levels) {
    if (level < least) least = level;
    if (level > most) most = level;
  }
  const counts = new Float64Array(most - least + 1);
  for (const level of levels) counts[level - least]++;
  return entropyOf(counts, levels.length);
}

/**
 * Order-0 entropy of floating-point numbers by their bit patterns, in bits each: what a code for whole numbers would need. 0 and
 * -0 differ. At most the logarithm of how many there are. O(n log n); sorts `patterns` in place.
 */
export function entropyOfPatterns(patterns: Uint32Array): number {
  const sorted = patterns.sort();
  const n = sorted.length;
  let sum = 0;
  for (let i = 0, start = 0; i < n; i++) {
    if (i + 1 < n && sorted[i + 1] === sorted[i]) continue;
    const count = i + 1 - start;
    sum += count * Math.log2(count);
    start = i + 1;
  }
  return n === 0 ? 0 : Math.max(0, Math.log2(n) - sum / n);
}

function entropyOf(counts: Float64Array, n: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum += count * Math.log2(count);
  return n === 0 ? 0 : Math.max(0, Math.log2(n) - sum / n);
}
