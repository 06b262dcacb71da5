import type { Random } from '../../math/random.js';
import type { Population } from '../../population.js';
import { dominates } from '../../ranking/dominance.js';
import { createSortScratch, markNondominated, type SortScratch } from '../../ranking/nondominated-sort.js';

/** What decides the archives that parents come from; all in [0, 1]. */
export interface Shares {
  /** The share of each archive's members that no member of either dominates, constraints aside (`asPublished`: each archive's share of these). */
  ca: number;
  da: number;
  /** The probability that the second parent comes from the convergence archive. */
  second: number;
}

/**
 * rho_c and rho_d of restricted mating selection (Li et al. 2019, Algorithm 4): "the proportion of non-dominated solutions"
 * of each archive in the union of both, constraints aside; here the whole is the archive. `union` holds the rows of `ca`, then
 * those of `da`.
 *
 * The paper takes the second parent from the convergence archive with probability rho_c. Programs read that in three ways:
 * over the union (at most one half), over all non-dominated solutions (the authors' own program), within the archive. Here it is
 * the authors' reading when the first parent is from the convergence archive. When it is from the diversity archive, and
 * infeasible solutions there dominate the feasible front, every reading that counts them leaves the convergence archive hardly
 * ever mated; then only feasible solutions are compared where there are some, and the probability is half the larger of the second
 * and the third reading. While the diversity archive is `underWay` (see `advance`) it mates within itself: a mate from far behind
 * holds it up.
 */
export function nondominatedShares(
  union: Population,
  caSize: number,
  scratch: ShareScratch = createShareScratch(union.size),
  shares: Shares = { ca: 0, da: 0, second: 0 },
  underWay = false,
): Shares {
  const { size, cv } = union;
  const { rows } = scratch;
  let inAll = markFrontOfAll(union, scratch);
  let inCa = countFrom(caSize, size, scratch);
  shares.ca = inCa / Math.max(1, caSize);
  shares.da = (inAll - inCa) / Math.max(1, size - caSize);
  shares.second = inCa / Math.max(1, inAll);
  if (shares.ca > shares.da) return shares;
  let feasible = 0;
  for (let i = 0; i < size; i++) if (cv[i] <= 0) rows[feasible++] = i;
  if (feasible > 0 && feasible < size) {
    inAll = markFront(union, feasible, scratch);
    inCa = countFrom(caSize, feasible, scratch);
  }
  shares.second = underWay ? 0 : 0.5 * Math.max(inCa / Math.max(1, caSize), inCa / Math.max(1, inAll));
  return shares;
}

/** The same as the paper's authors read it, `asPublished`: both of all non-dominated solutions, rho_c for the second parent too. */
export function publishedShares(
  union: Population,
  caSize: number,
  scratch: ShareScratch = createShareScratch(union.size),
  shares: Shares = { ca: 0, da: 0, second: 0 },
): Shares {
  const inAll = markFrontOfAll(union, scratch);
  const inCa = countFrom(caSize, union.size, scratch);
  shares.ca = inCa / Math.max(1, inAll);
  shares.da = (inAll - inCa) / Math.max(1, inAll);
  shares.second = shares.ca;
  return shares;
}

function markFrontOfAll(union: Population, scratch: ShareScratch): number {
  for (let i = 0; i < union.size; i++) scratch.rows[i] = i;
  return markFront(union, union.size, scratch);
}

function markFront(
  { f, objectives }: Population,
  count: number,
  { rows, inFront, sort }: ShareScratch,
): number {
  return markNondominated(f, objectives, rows, count, inFront, sort);
}

/** How many of the front marked last are rows of the convergence archive. */
function countFrom(caSize: number, count: number, { rows, inFront }: ShareScratch): number {
  let found = 0;
  for (let i = 0; i < count; i++) if (rows[i] < caSize && inFront[i] === 1) found++;
  return found;
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
  archive: Population;
  row: number;
}

export type Parents = readonly [Parent, Parent];

/** Room for two parents. */
export function createParents(archive: Population): Parents {
  return [
    { archive, row: 0 },
    { archive, row: 0 },
  ];
}

/**
 * Restricted mating selection (Li et al. 2019, Algorithm 4): the first parent comes from the archive with the larger share
 * of non-dominated members (the diversity archive on a tie), the second from the convergence archive with the probability of
 * {@link nondominatedShares}, else from the diversity archive. Written to `parents`, and returned.
 */
export function selectParents(
  ca: Population,
  da: Population,
  shares: Shares,
  random: Random,
  parents: Parents = createParents(ca),
): Parents {
  const [first, second] = parents;
  first.archive = shares.ca > shares.da ? ca : da;
  second.archive = random.uniform() < shares.second ? ca : da;
  first.row = tournament(first.archive, random);
  second.row = tournament(second.archive, random);
  return parents;
}

/**
 * Binary tournament (Li et al. 2019, Algorithm 5) between two different members: of two feasible solutions the dominating one,
 * of a feasible and an infeasible one the feasible one, else either with equal chance.
 */
export function tournament(archive: Population, random: Random): number {
  const { f, cv, objectives: m, size } = archive;
  const a = random.integer(size);
  const b = size > 1 ? (a + 1 + random.integer(size - 1)) % size : a;
  const coin = random.uniform() < 0.5;
  if (cv[a] <= 0 && cv[b] <= 0) {
    if (dominates(f, a, b, m)) return a;
    if (dominates(f, b, a, m)) return b;
  } else if (cv[a] <= 0) return a;
  else if (cv[b] <= 0) return b;
  return coin ? a : b;
}
