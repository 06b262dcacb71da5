import type { Population } from '../../population.js';
import type { Scale } from '../../ranking/association.js';
import type { Niches } from './niching.js';

/**
 * Niche preservation (Deb and Jain 2014, Algorithm 4) when no niche with candidates is empty any more: fills
 * `chosen[filled .. places)`, each time from the niches of smallest count that have candidates left. The paper draws the niche and
 * its candidate at random; here it is the candidate of these niches farthest from all that are chosen, in objectives measured by
 * the scale, of equal ones the first niche's first. Random ones lie in heaps where a front leaves directions empty (DTLZ5, DTLZ7,
 * C2-DTLZ2), or where there are more places than directions.
 *
 * `niches` is what `niching` left; it loses its candidates. O(places x candidates x objectives).
 */
export function addFarthest(
  { f, objectives: m }: Pick<Population, 'f' | 'objectives'>,
  { width }: Pick<Scale, 'width'>,
  chosen: Int32Array,
  filled: number,
  places: number,
  region: ArrayLike<number>,
  niches: Niches,
): void {
  if (filled >= places) return;
  const { count, members, gap } = niches;
  let rest = gatherRest(niches);
  gap.fill(Number.POSITIVE_INFINITY, 0, rest);
  for (let i = 0; i < filled; i++) narrowGaps(f, m, width, members, rest, chosen[i], gap);
  for (let place = filled; place < places; place++) {
    let pick = 0;
    for (let i = 1; i < rest; i++) {
      const fuller = count[region[members[i]]] - count[region[members[pick]]];
      if (fuller < 0 || (fuller === 0 && gap[i] > gap[pick])) pick = i;
    }
    const row = members[pick];
    chosen[place] = row;
    count[region[row]]++;
    members.copyWithin(pick, pick + 1, rest);
    gap.copyWithin(pick, pick + 1, rest);
    rest--;
    narrowGaps(f, m, width, members, rest, row, gap);
  }
}

/** Moves the candidates left to the start of `members`, niche by niche; returns how many there are. */
function gatherRest({ left, start, members }: Niches): number {
  let rest = 0;
  for (let d = 0; d < left.length; d++) {
    for (let p = start[d]; p < start[d] + left[d]; p++) members[rest++] = members[p];
    left[d] = 0;
  }
  return rest;
}

/** Where `row` is nearer to a candidate than all rows before it, its squared distance becomes the candidate's gap. */
function narrowGaps(
  f: Float64Array,
  m: number,
  width: Float64Array,
  members: Int32Array,
  rest: number,
  row: number,
  gap: Float64Array,
): void {
  for (let i = 0; i < rest; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) {
      const difference = (f[members[i] * m + j] - f[row * m + j]) / width[j];
      sum += difference * difference;
    }
    if (sum < gap[i]) gap[i] = sum;
  }
}
