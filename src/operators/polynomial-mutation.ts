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
  let delta: number;
  if (u < 0.5) {
    const toLower = 1 - (value - lower) / width;
    delta = (2 * u + (1 - 2 * u) * toLower ** (eta + 1)) ** (1 / (eta + 1)) - 1;
  } else {
    const toUpper = 1 - (upper - value) / width;
    delta = 1 - (2 * (1 - u) + 2 * (u - 0.5) * toUpper ** (eta + 1)) ** (1 / (eta + 1));
  }
  return Math.min(Math.max(value + delta * width, lower), upper);
}
