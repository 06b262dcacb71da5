import type { Random } from '../math/random.js';

/**
 * Polynomial mutation of one real variable inside its bounds (Deb and Goyal, Computer Science and Informatics 26(4), 1996;
 * the bounded form of Deb's NSGA-II code). A larger `eta` keeps the child closer to its parent.
 */
export function polynomialMutation(
  value: number,
  lower: number,
  upper: number,
  eta: number,
  random: Random,
): number {
  const width = upper - lower;
  const u = random.uniform();
  const below = u < 0.5;
  const tail = below ? u : 1 - u;
  const toFarBound = 1 - (below ? value - lower : upper - value) / width;
  const delta = 1 - (2 * tail + (1 - 2 * tail) * toFarBound ** (eta + 1)) ** (1 / (eta + 1));
  return Math.min(Math.max(value + (below ? -delta : delta) * width, lower), upper);
}
