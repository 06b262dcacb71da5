import { checkRandom } from '../checks.js';
import { InputError } from '../errors.js';
import type { Random } from '../math/random.js';
import type { ReferenceDirections } from './reference-directions.js';

const ITERATIONS = 600;
/** Random points for each direction wanted, to choose the start from. */
const CANDIDATES = 20;

/**
 * Any number of well-spaced directions (Blank, Deb, Dhebar, Bandaru and Seada, "Generating well-spaced points on a unit
 * simplex for evolutionary many-objective optimization", IEEE TEVC 25(1), 2021): `count` points of the simplex that make the Riesz
 * energy, the sum of `1 / distance^s` over all pairs with s = 2 m, small. The corners are among them and stay.
 *
 * The start is picked from uniform points, each time the one farthest from those picked; then gradient steps on the logarithm of the
 * energy, projected back onto the simplex, each kept only when the energy falls. Same stream, same directions.
 * O(count^2 m) a step, 600 steps. Throws an InputError unless there are at least as many directions as objectives.
 */
export function rieszEnergy(objectives: number, count: number, random: Random): ReferenceDirections {
  if (!Number.isInteger(objectives) || objectives < 1)
    throw new InputError(`the number of objectives must be a whole number from 1, got ${objectives}`);
  if (!Number.isInteger(count) || count < objectives)
    throw new InputError(
      `well-spaced directions must be a whole number from the ${objectives} corners, got ${count}`,
    );
  checkRandom(random);
  if (objectives === 1) return { count, objectives, w: new Float64Array(count).fill(1) };
  let w: Float64Array = spreadStart(objectives, count, random);
  let next: Float64Array = new Float64Array(w.length);
  const gradient = new Float64Array(w.length);
  let energy = logEnergy(w, objectives, gradient);
  let step = 0.1 / Math.max(1, count ** (1 / (objectives - 1)));
  for (let i = 0; i < ITERATIONS && step > 1e-9; i++) {
    move(w, gradient, step, objectives, next);
    const trial = logEnergy(next, objectives, null);
    if (trial < energy) {
      [w, next] = [next, w];
      energy = logEnergy(w, objectives, gradient);
      step *= 1.2;
    } else step /= 2;
  }
  return { count, objectives, w };
}

/** The corners, then the farthest from all picked among uniform points of the simplex, again and again. */
function spreadStart(m: number, count: number, random: Random): Float64Array {
  const w = new Float64Array(count * m);
  for (let j = 0; j < m; j++) w[j * m + j] = 1;
  const candidates = new Float64Array(count * CANDIDATES * m);
  for (let i = 0; i < count * CANDIDATES; i++) {
    // Normalised exponential variables are uniform on the simplex.
    let sum = 0;
    for (let j = 0; j < m; j++) sum += candidates[i * m + j] = -Math.log(1 - random.uniform());
    for (let j = 0; j < m; j++) candidates[i * m + j] /= sum;
  }
  const nearest = new Float64Array(count * CANDIDATES).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < count; row++) {
    if (row >= m) {
      let farthest = 0;
      for (let i = 1; i < nearest.length; i++) if (nearest[i] > nearest[farthest]) farthest = i;
      w.set(candidates.subarray(farthest * m, (farthest + 1) * m), row * m);
    }
    for (let i = 0; i < nearest.length; i++)
      nearest[i] = Math.min(nearest[i], squaredDistance(candidates, i, w, row, m));
  }
  return w;
}

/**
 * The logarithm of the energy, by sums relative to the smallest distance so that no power overflows. Fills `gradient`, where
 * given, with its derivative along the simplex (corners: zero).
 */
function logEnergy(w: Float64Array, m: number, gradient: Float64Array | null): number {
  const count = w.length / m;
  let smallest = Number.POSITIVE_INFINITY;
  for (let a = 1; a < count; a++)
    for (let b = 0; b < a; b++) smallest = Math.min(smallest, squaredDistance(w, a, w, b, m));
  if (smallest === 0) return Number.POSITIVE_INFINITY;
  let sum = 0;
  gradient?.fill(0);
  for (let a = 1; a < count; a++)
    for (let b = 0; b < a; b++) {
      const squared = squaredDistance(w, a, w, b, m);
      const share = (smallest / squared) ** m; // (d_min / d)^s, s = 2 m
      sum += share;
      if (!gradient) continue;
      for (let j = 0; j < m; j++) {
        const pull = (share / squared) * (w[a * m + j] - w[b * m + j]);
        gradient[a * m + j] -= pull;
        gradient[b * m + j] += pull;
      }
    }
  gradient?.fill(0, 0, m * m);
  return Math.log(sum) - m * Math.log(smallest);
}

/** Writes to `next` the points moved against the gradient, the largest move being `step`, and projected onto the simplex. */
function move(w: Float64Array, gradient: Float64Array, step: number, m: number, next: Float64Array): void {
  const count = w.length / m;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    let mean = 0;
    for (let j = 0; j < m; j++) mean += gradient[i * m + j] / m;
    let norm = 0;
    for (let j = 0; j < m; j++) {
      gradient[i * m + j] -= mean;
      norm += gradient[i * m + j] ** 2;
    }
    largest = Math.max(largest, norm);
  }
  const scale = largest > 0 ? step / Math.sqrt(largest) : 0;
  for (let i = 0; i < w.length; i++) next[i] = w[i] - scale * gradient[i];
  for (let i = m; i < count; i++) projectToSimplex(next, i * m, m);
}

/** The nearest point of the simplex: the same number is taken from every entry above zero, what falls below is cut, and again. */
function projectToSimplex(w: Float64Array, from: number, m: number): void {
  for (let cut = true; cut; ) {
    let sum = 0;
    let positive = 0;
    for (let j = from; j < from + m; j++) {
      w[j] = Math.max(0, w[j]);
      sum += w[j];
      if (w[j] > 0) positive++;
    }
    cut = false;
    for (let j = from; j < from + m; j++) {
      if (w[j] === 0) continue;
      w[j] -= (sum - 1) / positive;
      if (w[j] < 0) cut = true;
    }
  }
}

function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, m: number): number {
  let sum = 0;
  for (let p = i * m, q = j * m, end = p + m; p < end; p++, q++) sum += (a[p] - b[q]) ** 2;
  return sum;
}
