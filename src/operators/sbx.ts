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
  const alpha = 2 - (1 + (2 * room) / distance) ** -(eta + 1);
  const beta = u <= 1 / alpha ? (u * alpha) ** (1 / (eta + 1)) : (1 / (2 - u * alpha)) ** (1 / (eta + 1));
  const child = 0.5 * (low + high + (below ? -beta : beta) * distance);
  return Math.min(Math.max(child, lower), upper);
}
