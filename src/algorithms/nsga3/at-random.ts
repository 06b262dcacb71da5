import type { Niches } from './niching.js';
import type { Ties } from './ties.js';

/**
 * Niche preservation as published (Deb and Jain 2014, Algorithm 4) when no niche with candidates is empty any more: fills
 * `chosen[filled .. places)`, each time from a niche of smallest count that has candidates left, one of them at random, with one of its
 * candidates at random. `niches` is what `niching` left; it loses those candidates. O(directions) a place.
 */
export function addAtRandom(
  chosen: Int32Array,
  filled: number,
  places: number,
  region: ArrayLike<number>,
  niches: Niches,
  random: Ties,
): void {
  const { count, left, start, members } = niches;
  for (let place = filled; place < places; place++) {
    const niche = emptiest(niches, random);
    const pick = start[niche] + random.integer(left[niche]);
    chosen[place] = members[pick];
    count[region[members[pick]]]++;
    members.copyWithin(pick, pick + 1, start[niche] + left[niche]);
    left[niche]--;
  }
}

/** A niche of smallest count among those with candidates left; of several, one at random. */
function emptiest({ count, left }: Niches, random: Ties): number {
  let smallest = Number.POSITIVE_INFINITY;
  let ties = 0;
  for (let d = 0; d < count.length; d++) {
    if (left[d] === 0 || count[d] > smallest) continue;
    if (count[d] < smallest) {
      smallest = count[d];
      ties = 0;
    }
    ties++;
  }
  let skip = random.integer(ties);
  for (let d = 0; ; d++) if (left[d] > 0 && count[d] === smallest && skip-- === 0) return d;
}
