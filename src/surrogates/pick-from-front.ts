import { type Evaluation, frontOf } from '../archive.js';
import { InputError, show } from '../errors.js';
import type { Population } from '../population.js';
import { nondominated } from '../ranking/nondominated-sort.js';
import { canonicalRow, type Space } from '../space.js';
import { isAmong } from './exploration.js';
import {
  type InfillRule,
  type OwnInfillRule,
  type Points,
  pickByDistance,
  pickByHypervolume,
} from './infill.js';

/** The rules that choose among the solutions of the surrogate problem. */
export type FrontRule = Exclude<InfillRule, 'expected-hypervolume'> | OwnInfillRule;

const rules = { hypervolume: pickByHypervolume, distance: pickByDistance } satisfies Record<
  FrontRule & string,
  OwnInfillRule['pick']
>;

/**
 * Up to `k` vectors of the solved surrogate problem, best first: of its feasible non-dominated solutions that were never evaluated,
 * those that the rule picks beside the measured front; where these are too few, further ones by rising predicted violation.
 * Throws an InputError where a rule of one's own picks what it was not given.
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
  const pick = typeof rule === 'string' ? rules[rule] : checked(rule);
  const chosen = pick(pointsOf(predicted), pointsOf(measured), k, m).map((c) => candidates[c]);
  const leastViolating = fresh
    .filter((i) => !chosen.includes(i))
    .sort((a, b) => solved.cv[a] - solved.cv[b] || a - b);
  return [...chosen, ...leastViolating].slice(0, k).map((i) => rows[i]);
}

function checked({ name, pick }: OwnInfillRule): OwnInfillRule['pick'] {
  return (candidates, front, k, m) => {
    const picked = pick(candidates, front, k, m);
    const lawful =
      Array.isArray(picked) &&
      picked.length <= k &&
      new Set(picked).size === picked.length &&
      picked.every((c) => Number.isInteger(c) && c >= 0 && c < candidates.count);
    if (lawful) return picked;
    throw new InputError(
      `the infill rule ${show(name)} must return at most ${k} different indices below ${candidates.count}, got ${show(picked)}`,
    );
  };
}

function pointsOf(vectors: readonly Float64Array[]): Points {
  return { f: Float64Array.from(vectors.flatMap((f) => [...f])), count: vectors.length };
}
