/**
 * The one-sided Wilcoxon rank-sum test: the probability, if both samples came from one distribution, that the ranks of `a`
 * sum to as much as they do or more. Small: `a` tends to be larger. Exact over all splits of the pooled ranks, ties by
 * their mean rank.
 */
export function rankSumP(a: readonly number[], b: readonly number[]): number {
  const pooled = [...a, ...b];
  // Twice the mean rank, a whole number.
  const ranks = pooled.map((value) => {
    let below = 0;
    let equal = 0;
    for (const other of pooled) {
      if (other < value) below++;
      else if (other === value) equal++;
    }
    return 2 * below + equal + 1;
  });
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
