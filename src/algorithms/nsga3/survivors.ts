import type { Population } from '../../population.js';
import { associate } from '../../ranking/association.js';
import {
  type ConstrainedSortScratch,
  constrainedSort,
  createConstrainedSortScratch,
} from '../../ranking/constrained-sort.js';
import { type Fronts, frontsOf } from '../../ranking/fronts.js';
import type { ReferenceDirections } from '../../ranking/reference-directions.js';
import { addAtRandom } from './at-random.js';
import { addFarthest } from './farthest.js';
import { createNiches, type Niches, niching } from './niching.js';
import { createNormalisation, type Normalisation, updateNormalisation } from './normalisation.js';
import type { Ties } from './ties.js';

/** The survivors of a selection, and the memory that it works in; all arrays are indexed by candidate but `chosen`. */
export interface Survivors {
  /** Candidates chosen, front by front. */
  readonly chosen: Int32Array;
  readonly rank: Int32Array;
  readonly region: Int32Array;
  /** Squared distance from the line of the direction, in normalised objectives; defined for the front that was split. */
  readonly distance: Float64Array;
  readonly fronts: Fronts;
  /** The front that was split. */
  readonly front: Int32Array;
  readonly niches: Niches;
  readonly normalisation: Normalisation;
  readonly sort: ConstrainedSortScratch;
}

/** Room for a selection among up to `capacity` candidates. */
export function createSurvivors(capacity: number, directions: ReferenceDirections): Survivors {
  return {
    chosen: new Int32Array(capacity),
    rank: new Int32Array(capacity),
    region: new Int32Array(capacity),
    distance: new Float64Array(capacity),
    fronts: { rows: new Int32Array(capacity), end: new Int32Array(capacity) },
    front: new Int32Array(capacity),
    niches: createNiches(directions.count, capacity),
    normalisation: createNormalisation(directions.objectives),
    sort: createConstrainedSortScratch(capacity),
  };
}

/**
 * Environmental selection of NSGA-III (Deb and Jain 2014, Algorithm 1; with constraints Jain and Deb 2014, Algorithm 1):
 * fronts by constrained domination, taken whole while they fit into `places`; the first that does not is thinned by
 * niching when it is feasible, and else (all of it has one violation) gives its first members. Infeasible candidates have no
 * part in the normalisation. `unit` are directions of length 1.
 *
 * `asPublished`: niches that hold solutions are filled at random (see `addAtRandom`), not by `addFarthest`.
 * Fills `survivors` and returns the number chosen: `places`, or all candidates where there are fewer.
 */
export function selectSurvivors(
  candidates: Population,
  places: number,
  unit: ReferenceDirections,
  survivors: Survivors,
  random: Ties,
  asPublished = false,
): number {
  const { f, cv, size } = candidates;
  const { chosen, rank, region, distance, fronts, front, niches, normalisation, sort } = survivors;
  const count = Math.min(places, size);
  if (count === 0) return 0;
  const frontCount = constrainedSort(candidates, rank, sort);
  frontsOf(rank, size, frontCount, fronts);
  const { rows, end } = fronts;
  // The fronts up to `last` have `count` candidates or more; those before it, `whole`, have fewer.
  let last = 0;
  while (end[last] < count) last++;
  const whole = last === 0 ? 0 : end[last - 1];
  let feasible = end[last];
  while (feasible > 0 && !(cv[rows[feasible - 1]] <= 0)) feasible--;
  if (feasible > 0) updateNormalisation(normalisation, f, rows, feasible, end[0]);
  for (let i = 0; i < count; i++) chosen[i] = rows[i];
  if (end[last] > count && feasible > whole) {
    associate(f, size, normalisation, unit, region);
    for (let i = whole; i < end[last]; i++) distance[rows[i]] = offLine(candidates, rows[i], survivors, unit);
    const members = end[last] - whole;
    for (let i = 0; i < members; i++) front[i] = rows[whole + i];
    const filled = niching(chosen, whole, count, front, members, region, distance, niches, random);
    if (asPublished) addAtRandom(chosen, filled, count, region, niches, random);
    else addFarthest(candidates, normalisation, chosen, filled, count, region, niches);
  }
  return count;
}

/** Squared distance of a row from the line of its direction (Deb and Jain 2014, Eq. 5), in normalised objectives. */
function offLine(
  { f, objectives: m }: Population,
  row: number,
  { region, normalisation }: Survivors,
  { w }: ReferenceDirections,
): number {
  const direction = region[row] * m;
  let along = 0;
  for (let j = 0; j < m; j++)
    along += ((f[row * m + j] - normalisation.ideal[j]) / normalisation.width[j]) * w[direction + j];
  let sum = 0;
  for (let j = 0; j < m; j++) {
    const value = (f[row * m + j] - normalisation.ideal[j]) / normalisation.width[j];
    sum += (value - along * w[direction + j]) ** 2;
  }
  return sum;
}
