import type { Ties } from './ties.js';

/** The candidates of the front that fits only partly, grouped by reference direction, and how full each niche is. */
export interface Niches {
  /** Solutions already chosen in each niche. */
  readonly count: Int32Array;
  /** Candidates left in each niche: `members[start[d] .. start[d] + left[d])`. */
  readonly left: Int32Array;
  readonly start: Int32Array;
  readonly members: Int32Array;
}

/** Niches for `directions` directions and up to `capacity` candidates. */
export function createNiches(directions: number, capacity: number): Niches {
  return {
    count: new Int32Array(directions),
    left: new Int32Array(directions),
    start: new Int32Array(directions),
    members: new Int32Array(capacity),
  };
}

/**
 * Niche preservation (Deb and Jain 2014, Algorithm 4). `chosen[0 .. filled)` are taken already; candidates
 * `front[0 .. frontSize)` compete for the places up to `places`. Each time a niche of smallest count among those with
 * candidates left, one of them at random, gives a candidate: the closest to its direction when the niche is still empty
 * (equal ones: the first), else one at random.
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
): void {
  const { count, left, start, members } = niches;
  group(niches, front, frontSize, region);
  count.fill(0);
  for (let i = 0; i < filled; i++) count[region[chosen[i]]]++;
  for (let place = filled; place < places; place++) {
    const niche = emptiest(niches, random);
    const from = start[niche];
    let pick = from;
    if (count[niche] === 0) {
      for (let p = from + 1; p < from + left[niche]; p++)
        if (distance[members[p]] < distance[members[pick]]) pick = p;
    } else pick += random.integer(left[niche]);
    chosen[place] = members[pick];
    members.copyWithin(pick, pick + 1, from + left[niche]);
    left[niche]--;
    count[niche]++;
  }
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
  let niche = 0;
  while (left[niche] === 0 || count[niche] !== smallest || skip-- > 0) niche++;
  return niche;
}
