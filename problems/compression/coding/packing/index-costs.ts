/** What the indices of a trellis take of a file, in bits, signs included: estimated from those that were chosen so far. */
export interface IndexCosts {
  /** Of index k in the even half `bits[min(k, LAST)]`, in the odd one `bits[LAST + 1 + min(k, LAST)]`. */
  readonly bits: Float64Array;
  count(odd: number, index: number): void;
  /** Sets the bits by what was counted. */
  update(): void;
}

/** Larger indices count as this. */
export const LAST = 23;
const HALF = LAST + 1;
/** So many indices of a Laplace distribution are taken as seen before the first. */
const PRIOR = 20;
/** Seen of every index, so that none is impossible. */
const LEAST = 0.02;

/** `mean`: about the mean magnitude of the levels. */
export function indexCosts(mean: number): IndexCosts {
  const counts = new Float64Array(2 * HALF);
  for (const odd of [0, 1]) {
    // The cells of the odd half are half as wide at zero.
    const shares = Array.from({ length: HALF }, (_, k) =>
      k === 0 ? 1 - odd / 2 : 2 * Math.exp((odd - 2 * k) / mean),
    );
    const sum = shares.reduce((a, b) => a + b);
    for (const [k, share] of shares.entries()) counts[odd * HALF + k] = (PRIOR * share) / sum + LEAST;
  }
  const bits = new Float64Array(2 * HALF);
  return {
    bits,
    count: (odd, index) => void counts[odd * HALF + Math.min(index, LAST)]++,
    update() {
      for (const odd of [0, 1]) {
        let total = 0;
        for (let k = 0; k < HALF; k++) total += counts[odd * HALF + k];
        for (let k = 0; k < HALF; k++)
          bits[odd * HALF + k] = Math.log2(total / counts[odd * HALF + k]) + (k > 0 ? 1 : 0);
      }
    },
  };
}
