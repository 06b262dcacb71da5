/** A squared distance between the row of `f` at offset `a` and the row of `front` at offset `z`, `m` entries each. */
export type SquaredDistance = (
  f: ArrayLike<number>,
  a: number,
  front: ArrayLike<number>,
  z: number,
  m: number,
) => number;

/** Euclidean. */
export const euclidean: SquaredDistance = (f, a, front, z, m) => {
  let sum = 0;
  for (let j = 0; j < m; j++) {
    const difference = f[a + j] - front[z + j];
    sum += difference * difference;
  }
  return sum;
};

/**
 * Only where `f` is worse than the front: d+ of Ishibuchi, Masuda, Tanigaki and Nojima, "Modified distance calculation in
 * generational distance and inverted generational distance" (EMO 2015). 0 for a row that dominates the front's.
 */
export const inferiority: SquaredDistance = (f, a, front, z, m) => {
  let sum = 0;
  for (let j = 0; j < m; j++) {
    const difference = f[a + j] - front[z + j];
    if (difference > 0) sum += difference * difference;
  }
  return sum;
};

/** The mean, over the offsets `from`, of the distance to the nearest of the offsets `to`; Infinity where there is none. */
export function meanToNearest(
  from: readonly number[],
  to: readonly number[],
  squaredDistance: (a: number, b: number) => number,
): number {
  let sum = 0;
  for (const a of from) {
    let nearest = Number.POSITIVE_INFINITY;
    for (const b of to) nearest = Math.min(nearest, squaredDistance(a, b));
    sum += Math.sqrt(nearest);
  }
  return sum / from.length;
}
