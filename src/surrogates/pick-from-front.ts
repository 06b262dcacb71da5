import { type Evaluation, frontOf } from '../archive.js';
import type { Population } from '../population.js';
import { nondominated } from '../ranking/nondominated-sort.js';
import { canonicalRow, type Space } from '../space.js';
import { isAmong } from './exploration.js';
import { type InfillRule, type Points, pickByDistance, pickByHypervolume } from './infill.js';

/** The rules that choose among the solutions of the surrogate problem. */
export type FrontRule = Exclude<InfillRule, 'expected-hypervolume'>;

const rules = { hypervolume: pickByHypervolume, distance: pickByDistance } satisfies Record<
  FrontRule,
  unknown
>;

/**
 * Up to `k` vectors of the solved surrogate problem, best first: of its feasible non-dominated solutions that were never evaluated,
 * those that the rule picks beside the measured front; where these are too few, further ones by rising predicted violation.
 */
export function pickFromFront(
  space: Space,
  solved: Population,
  evaluations: readonly Evaluation[],
  k: number,
  rule: FrontRule,
): Float64Array[] {
  const { variables: n, objectives: m } = solved;
  const known = evaluations.map(({ x }) => x);
  const rows = Array.from({ length: solved.size }, (_, i) =>
    canonicalRow(space, solved.x.slice(i * n, (i + 1) * n)),
  );
  // Solutions differ, but several may mean the same.
  const fresh = [...rows.keys()].filter(
    (i) => !isAmong(rows[i], known) && !isAmong(rows[i], rows.slice(0, i)),
  );
  const feasible = fresh.filter((i) => solved.cv[i] <= 0);
  const candidates = nondominated(solved.f, m, feasible, feasible.length).map(
    (position) => feasible[position],
  );
  const predicted = candidates.map((i) => solved.f.subarray(i * m, (i + 1) * m));
  const measured = frontOf(evaluations).map((i) => evaluations[i].f);
  const chosen = rules[rule](pointsOf(predicted), pointsOf(measured), k, m).map((c) => candidates[c]);
  const leastViolating = fresh
    .filter((i) => !chosen.includes(i))
    .sort((a, b) => solved.cv[a] - solved.cv[b] || a - b);
  return [...chosen, ...leastViolating].slice(0, k).map((i) => rows[i]);
}

function pointsOf(vectors: readonly Float64Array[]): Points {
  return { f: Float64Array.from(vectors.flatMap((f) => [...f])), count: vectors.length };
}
