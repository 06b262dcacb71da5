import type { Random } from '../../math/random.js';
import type { Population } from '../../population.js';
import { dominates } from '../../ranking/dominance.js';
import { createSortScratch, markNondominated, type SortScratch } from '../../ranking/nondominated-sort.js';

/** The share of each archive's members that no member of either dominates (constraints aside), in [0, 1]. */
export interface Shares {
  readonly ca: number;
  readonly da: number;
}

/**
 * rho_c and rho_d of restricted mating selection (Li et al. 2019, Algorithm 4): "the proportion of non-dominated solutions"
 * of each archive in the union of both. The text leaves open whether the whole is the archive or the union; here it is
 * the archive, so that an archive whose members are all non-dominated is mated with certainty (over the union, the
 * probability could not pass one half). `union` holds the rows of `ca`, then those of `da`.
 */
export function nondominatedShares(
  union: Population,
  caSize: number,
  { rows, inFront, sort }: ShareScratch = createShareScratch(union.size),
): Shares {
  const { f, objectives, size } = union;
  for (let i = 0; i < size; i++) rows[i] = i;
  const inAll = markNondominated(f, objectives, rows, size, inFront, sort);
  let inCa = 0;
  for (let i = 0; i < caSize; i++) inCa += inFront[i];
  return { ca: inCa / Math.max(1, caSize), da: (inAll - inCa) / Math.max(1, size - caSize) };
}

/** Working memory of {@link nondominatedShares}. */
export interface ShareScratch {
  readonly rows: Int32Array;
  readonly inFront: Int32Array;
  readonly sort: SortScratch;
}

export function createShareScratch(capacity: number): ShareScratch {
  return {
    rows: new Int32Array(capacity),
    inFront: new Int32Array(capacity),
    sort: createSortScratch(capacity),
  };
}

/** A parent: its archive and its row. */
export interface Parent {
  readonly archive: Population;
  readonly row: number;
}

/**
 * Restricted mating selection (Li et al. 2019, Algorithm 4): the first parent comes from the archive with the larger share
 * of non-dominated members (the diversity archive on a tie), the second from the convergence archive with probability
 * rho_c, else from the diversity archive.
 */
export function selectParents(
  ca: Population,
  da: Population,
  shares: Shares,
  random: Random,
): [Parent, Parent] {
  const first = shares.ca > shares.da ? ca : da;
  const second = random.uniform() < shares.ca ? ca : da;
  return [
    { archive: first, row: tournament(first, random) },
    { archive: second, row: tournament(second, random) },
  ];
}

/**
 * Binary tournament (Li et al. 2019, Algorithm 5): of two feasible solutions the dominating one, of a feasible and an
 * infeasible one the feasible one, else either with equal chance.
 */
export function tournament(archive: Population, random: Random): number {
  const { f, cv, objectives: m, size } = archive;
  const a = random.integer(size);
  const b = random.integer(size);
  const coin = random.uniform() < 0.5;
  if (cv[a] <= 0 && cv[b] <= 0) {
    if (dominates(f, a, b, m)) return a;
    if (dominates(f, b, a, m)) return b;
  } else if (cv[a] <= 0) return a;
  else if (cv[b] <= 0) return b;
  return coin ? a : b;
}
