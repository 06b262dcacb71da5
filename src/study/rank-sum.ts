import { normalProbability } from '../math/normal.js';

/** Beyond this product of the two counts the normal approximation is as good as the exact test and far cheaper. */
const EXACT = 2500;

/**
 * The Wilcoxon rank-sum test (Mann and Whitney), two-sided: the probability, if both samples came from one distribution,
 * of ranks at least as uneven as theirs. Twice the smaller tail, at most 1. Exact over all splits of the pooled ranks up to
 * 2,500 pairs, ties by their mean rank; beyond, the normal approximation with its corrections for ties and continuity.
 * NaN where a sample is empty.
 */
export function rankSumTest(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return Number.NaN;
  if (a.length * b.length > EXACT) return normalP(a, b);
  return Math.min(1, 2 * Math.min(rankSumP(a, b), rankSumP(b, a)));
}

/**
 * One side of it: the probability that the ranks of `a` sum to as much as they do or more. Small: `a` tends to be larger.
 * Exact.
 */
export function rankSumP(a: readonly number[], b: readonly number[]): number {
  const ranks = twiceRanks([...a, ...b]);
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  // ways[k][s]: subsets of k values whose ranks sum to s.
  const ways = Array.from({ length: a.length + 1 }, () => new Float64Array(most + 1));
  ways[0][0] = 1;
  for (const rank of ranks)
    for (let k = a.length; k > 0; k--)
      for (let sum = most; sum >= rank; sum--) ways[k][sum] += ways[k - 1][sum - rank];
  const observed = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0);
  let tail = 0;
  let all = 0;
  ways[a.length].forEach((count, sum) => {
    all += count;
    if (sum >= observed) tail += count;
  });
  return tail / all;
}

/** Twice the mean rank of each value, a whole number. */
function twiceRanks(pooled: readonly number[]): number[] {
  return pooled.map((value) => {
    let below = 0;
    let equal = 0;
    for (const other of pooled) {
      if (other < value) below++;
      else if (other === value) equal++;
    }
    return 2 * below + equal + 1;
  });
}

function normalP(a: readonly number[], b: readonly number[]): number {
  const [m, n] = [a.length, b.length];
  const ranks = twiceRanks([...a, ...b]).map((rank) => rank / 2);
  const observed = ranks.slice(0, m).reduce((sum, rank) => sum + rank, 0);
  const mean = (m * (m + n + 1)) / 2;
  // The variance of the sum of m ranks drawn without replacement; ties make it smaller of themselves.
  const middle = (m + n + 1) / 2;
  const variance =
    (m * n * ranks.reduce((sum, rank) => sum + (rank - middle) ** 2, 0)) / ((m + n) * (m + n - 1));
  if (variance === 0) return 1;
  const z = Math.max(0, Math.abs(observed - mean) - 0.5) / Math.sqrt(variance);
  return 2 * normalProbability(-z);
}

/**
 * Holm's step-down correction: probabilities that may be compared with the level of the whole family of tests, in the
 * order given. The k-th smallest of n is multiplied by n - k + 1, and none is smaller than one before it.
 */
export function holm(probabilities: readonly number[]): number[] {
  const order = [...probabilities.keys()].sort((i, j) => probabilities[i] - probabilities[j]);
  const corrected = probabilities.slice();
  let largest = 0;
  order.forEach((i, k) => {
    largest = Math.max(largest, Math.min(1, (probabilities.length - k) * probabilities[i]));
    corrected[i] = largest;
  });
  return corrected;
}
