import type { Population } from '../population.js';

/**
 * Whether row `i` of `f` (rows x `m`, minimised) Pareto-dominates row `j`: nowhere worse and somewhere better.
 * A NaN compares as neither better nor worse.
 */
export function dominates(f: ArrayLike<number>, i: number, j: number, m: number): boolean {
  let better = false;
  for (let a = i * m, b = j * m, end = a + m; a < end; a++, b++) {
    if (f[a] > f[b]) return false;
    if (f[a] < f[b]) better = true;
  }
  return better;
}

/**
 * Constrained domination (Deb et al. 2002, Definition 1): a feasible solution dominates an infeasible one, of two
 * infeasible ones the smaller violation dominates, two feasible ones compare by {@link dominates}.
 */
export function constrainedDominates({ f, cv, objectives }: Population, i: number, j: number): boolean {
  if (cv[i] <= 0 && cv[j] <= 0) return dominates(f, i, j, objectives);
  if (cv[i] <= 0) return true;
  return cv[i] < cv[j];
}
