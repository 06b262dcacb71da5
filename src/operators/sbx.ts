import type { Random } from '../math/random.js';

/**
 * Simulated binary crossover of one real variable inside its bounds (Deb and Agrawal, Complex Systems 9, 1995; the bounded
 * form of Deb's NSGA-II code). Returns one child, on either side of the parents' mean with equal chance. A larger `eta`
 * keeps it closer to its parents; equal parents give the same value.
 */
export function sbx(a: number, b: number, lower: number, upper: number, eta: number, random: Random): number {
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  const distance = high - low;
  if (distance <= 1e-14) return a;
  const u = random.uniform();
  const below = random.uniform() < 0.5;
  const room = below ? low - lower : upper - high;
  const beta = spread(u, room, distance, eta);
  const child = 0.5 * (low + high + (below ? -beta : beta) * distance);
  return Math.min(Math.max(child, lower), upper);
}

/**
 * The two children that {@link sbx} chooses from, from one random number: writes the one below the parents' mean to
 * `children[at]` and the one above to `children[at + 1]`. Equal parents give the same values.
 */
export function sbxPair(
  a: number,
  b: number,
  lower: number,
  upper: number,
  eta: number,
  random: Random,
  children: Float64Array,
  at = 0,
): void {
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  const distance = high - low;
  children[at] = low;
  children[at + 1] = high;
  if (distance <= 1e-14) return;
  const u = random.uniform();
  for (let above = 0; above <= 1; above++) {
    const reach = spread(u, above ? upper - high : low - lower, distance, eta) * distance;
    const child = 0.5 * (low + high + (above ? reach : -reach));
    children[at + above] = Math.min(Math.max(child, lower), upper);
  }
}

/** The spread factor beta at quantile `u`, its distribution cut so that a child stays within `room` of its parent. */
function spread(u: number, room: number, distance: number, eta: number): number {
  const alpha = 2 - (1 + (2 * room) / distance) ** -(eta + 1);
  return u <= 1 / alpha ? (u * alpha) ** (1 / (eta + 1)) : (1 / (2 - u * alpha)) ** (1 / (eta + 1));
}
