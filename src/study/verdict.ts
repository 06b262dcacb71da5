import type { ProblemResult } from './study-result.js';

/** What the comparisons of a problem say, in a sentence. */
export function verdict({ comparisons, leastP }: Pick<ProblemResult, 'comparisons' | 'leastP'>): string {
  const pairs = comparisons.length;
  const sure = comparisons.filter(({ p }) => p < 0.05).length;
  const tests = 'at 5 % (two-sided Wilcoxon rank-sum tests, Holm)';
  if (pairs === 0) return 'There is one configuration, and nothing to compare.';
  if (leastP >= 0.05) return `With so few runs no difference can be significant ${tests}.`;
  if (sure === 0) return `No difference is significant ${tests}.`;
  return `${sure} of ${pairs} pairs differ significantly ${tests}.`;
}
