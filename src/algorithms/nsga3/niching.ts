import type { Ties } from './ties.js';

/** The candidates of the front that fits only partly, grouped by reference direction, and how full each niche is. */
export interface Niches {
  /** Solutions already chosen in each niche. */
  readonly count: Int32Array;
  /** Candidates left in each niche: `members[start[d] .. start[d] + left[d])`. */
  readonly left: Int32Array;
  readonly start: Int32Array;
  readonly members: Int32Array;
  /** Working memory: as many numbers as there are candidates. */
  readonly gap: Float64Array;
}

/** Niches for `directions` directions and up to `capacity` candidates. */
export function createNiches(directions: number, capacity: number): Niches {
  return {
    count: new Int32Array(directions),
    left: new Int32Array(directions),
    start: new Int32Array(directions),
    members: new Int32Array(capacity),
    gap: new Float64Array(capacity),
  };
}

/**
 * Niche preservation (Deb and Jain 2014, Algorithm 4) as far as niches are empty. `chosen[0 .. filled)` are taken already;
 * candidates `front[0 .. frontSize)` compete for the places up to `places`. Each time an empty niche with candidates, of several
 * one at random, gives the closest to its direction, of equal ones the first. Returns the number of places filled: fewer than
 * `places` when every niche with candidates left holds a solution. Then the niches know what is left, for `addFarthest`.
 *
 * `region` and `distance` belong to the rows of the candidates. O(directions) a place.
 */
export function niching(
  chosen: Int32Array,
  filled: number,
  places: number,
  front: ArrayLike<number>,
  frontSize: number,
  region: ArrayLike<number>,
  distance: ArrayLike<number>,
  niches: Niches,
  random: Ties,
): number {
  const { count, left, start, members } = niches;
  group(niches, front, frontSize, region);
  count.fill(0);
  for (let i = 0; i < filled; i++) count[region[chosen[i]]]++;
  for (let place = filled; place < places; place++) {
    const niche = emptyNiche(niches, random);
    if (niche < 0) return place;
    const end = start[niche] + left[niche];
    let pick = start[niche];
    for (let p = pick + 1; p < end; p++) if (distance[members[p]] < distance[members[pick]]) pick = p;
    chosen[place] = members[pick];
    members.copyWithin(pick, pick + 1, end);
    left[niche]--;
    count[niche]++;
  }
  return places;
}

function group(
  { left, start, members }: Niches,
  front: ArrayLike<number>,
  frontSize: number,
  region: ArrayLike<number>,
): void {
  left.fill(0);
  for (let i = 0; i < frontSize; i++) left[region[front[i]]]++;
  for (let d = 0, next = 0; d < left.length; d++) {
    start[d] = next;
    next += left[d];
  }
  left.fill(0);
  for (let i = 0; i < frontSize; i++) {
    const d = region[front[i]];
    members[start[d] + left[d]++] = front[i];
  }
}

/** A niche with candidates and no solution, of several one at random; -1 where there is none. */
function emptyNiche({ count, left }: Niches, random: Ties): number {
  let ties = 0;
  for (let d = 0; d < count.length; d++) if (left[d] > 0 && count[d] === 0) ties++;
  if (ties === 0) return -1;
  let skip = random.integer(ties);
  let niche = 0;
  while (left[niche] === 0 || count[niche] > 0 || skip-- > 0) niche++;
  return niche;
}
