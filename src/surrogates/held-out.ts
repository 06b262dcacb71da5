import { cholesky, solveCholesky } from '../math/matrix.js';

/** Pivots below this share of their diagonal entry, and diagonal entries below this of the largest, are taken for rounding. */
const LEAST_PIVOT = 1e-9;
const LEAST_DIAGONAL = 1e-12;

/**
 * The errors that a model linear in its outputs would make on each fold, had it learnt from the other folds only:
 * n entries, output less prediction. One factorisation of the whole model serves all folds.
 *
 * Of a smoother `S` (predictions `S z`), `rest` holds `z - S z` and `entry(i, j)` the entries of `I - S`; of an
 * interpolant or a Gaussian process with the system `A a = z`, `rest` holds `a` and `entry` those of the inverse of A,
 * or of its upper left block where conditions border the system. In either case the errors of the fold B solve
 * `entry_BB e_B = rest_B` (Rippa, "An algorithm for selecting a good value for the parameter c in radial basis function
 * interpolation", 1999, for folds of one; for more the same elimination by blocks).
 *
 * Null when the block of a fold is not positive definite: the other folds do not determine the model, or rounding hides
 * that they do. O(sum of the folds' cubes), and the entries of n^2 / folds pairs.
 */
export function heldOutErrors(
  entry: (i: number, j: number) => number,
  rest: Float64Array,
  fold: Int32Array,
): Float64Array | null {
  const errors = new Float64Array(fold.length);
  const diagonal = Float64Array.from(fold, (_, i) => entry(i, i));
  const least = LEAST_DIAGONAL * diagonal.reduce((a, b) => Math.max(a, b), 0);
  for (const members of membersOf(fold)) {
    const size = members.length;
    const block = new Float64Array(size * size);
    for (let a = 0; a < size; a++)
      for (let b = 0; b <= a; b++) block[a * size + b] = entry(members[a], members[b]);
    if (!members.every((i) => diagonal[i] > least) || !cholesky(block, size)) return null;
    if (!members.every((i, a) => block[a * size + a] ** 2 > LEAST_PIVOT * diagonal[i])) return null;
    const solution = Float64Array.from(members, (i) => rest[i]);
    solveCholesky(block, size, solution);
    members.forEach((i, a) => {
      errors[i] = solution[a];
    });
  }
  return errors.every(Number.isFinite) ? errors : null;
}

/** The samples of each fold, in their order; empty folds left out. */
export function membersOf(fold: Int32Array): number[][] {
  const members = new Map<number, number[]>();
  fold.forEach((f, i) => {
    const list = members.get(f);
    if (list) list.push(i);
    else members.set(f, [i]);
  });
  return [...members.values()];
}
