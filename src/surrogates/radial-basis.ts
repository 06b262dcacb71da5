import {
  centred,
  dot,
  inverseEntries,
  invertLower,
  jitteredCholesky,
  orthonormalBasis,
  solveCholesky,
  solveUpper,
} from '../math/matrix.js';
import { heldOutErrors } from './held-out.js';
import type { Regressor } from './regressor.js';
import { standardisedWithFolds } from './standardised.js';

/** A function of the distance, given its square. */
type Basis = (square: number) => number;

/** Cubic radial basis functions, `|x - x_i|^3`, with a linear tail: see {@link interpolantOf}. */
export const radialBasis: Regressor = interpolantOf('radial-basis', (square) => square * Math.sqrt(square));

/**
 * The thin plate spline, `|x - x_i|^2 log |x - x_i|`, with a linear tail: see {@link interpolantOf}. Less stiff than the
 * cubic. In two dimensions it is the interpolant that bends least (Duchon, "Splines minimizing rotation-invariant
 * semi-norms in Sobolev spaces", 1977); in every dimension it is unique (Wendland, "Scattered data approximation", 2004,
 * theorem 8.17).
 */
export const thinPlateSpline: Regressor = interpolantOf('thin-plate-spline', (square) =>
  square > 0 ? 0.5 * square * Math.log(square) : 0,
);

/**
 * Radial basis functions with a linear tail: `s(x) = sum_i w_i basis(|x - x_i|) + c_0 + c' x`, with the conditions
 * `sum w_i = 0` and `sum w_i x_i = 0`, which make the interpolant of distinct points unique for a basis that is
 * conditionally positive definite of order 2 (Powell, "The theory of radial basis function approximation in 1990",
 * 1992). It passes through the samples.
 *
 * Samples with equal inputs are merged to one with the mean of their outputs. Points so close that the system is
 * not numerically positive definite get a ridge of 1e-10 of its mean diagonal, then ten times more, up to 0.01.
 * Columns that depend on others, to one part in a million, have no part in the tail.
 *
 * With Q an orthonormal basis of the tail on the samples and H = I - Q Q', the matrix P of the basis functions is
 * positive definite on the range of H. So the weights solve `(H P H + s Q Q') w = H z` for any s > 0, one Cholesky
 * factorisation, and the solution meets the conditions. The inverse of that matrix less `Q Q' / s` is the block of the
 * inverse of the bordered system that leaving out needs. The fit costs O(n^3 / 6 + n^2 d), a prediction O(n d).
 */
function interpolantOf(name: string, basis: Basis): Regressor {
  const fits = standardisedWithFolds(name, 2, (x, z, n, d) => {
    const { centres, values, m } = merged(x, z, n, d);
    const tail = orthonormalBasis(centred(centres, m, d), m, d, 1e-6);
    const q = new Float64Array((tail.rank + 1) * m); // the constant, then the columns
    q.fill(1 / Math.sqrt(m), 0, m);
    q.set(tail.q, m);
    const bases = basesOf(centres, m, d, basis);

    const weights = values.slice();
    projectOut(q, weights, m);
    const factor = new Float64Array(m * m);
    const { system, s } = projected(bases, q, m);
    const jitter = jitteredCholesky(system, m, factor);
    if (Number.isNaN(jitter)) throw new Error('its system is singular');
    solveCholesky(factor, m, weights);
    projectOut(q, weights, m); // takes out the rounding

    // What the basis functions leave of the values lies in the span of the tail.
    const rest = new Float64Array(m);
    for (let i = 0; i < m; i++) rest[i] = values[i] - dot(bases, i * m, weights, 0, m);
    const slope = tailSlope(tail, rest, m, d);
    let intercept = 0;
    for (let i = 0; i < m; i++) intercept += (rest[i] - dot(slope, 0, centres, i * d, d)) / m;

    const predictor = {
      hasVariance: false,
      predict(rows: Float64Array, count: number, out: Float64Array) {
        for (let i = 0; i < count; i++) {
          const row = i * d;
          let sum = intercept;
          for (let j = 0; j < d; j++) sum += slope[j] * rows[row + j];
          for (let c = 0, at = 0; c < m; c++) {
            let square = 0;
            for (let j = 0; j < d; j++) {
              const difference = rows[row + j] - centres[at++];
              square += difference * difference;
            }
            sum += weights[c] * basis(square);
          }
          out[i] = sum;
        }
      },
    };
    return {
      predictor,
      heldOutErrors(fold) {
        if (m < n) return null; // a centre may stand for samples of several folds
        const inverse = new Float64Array(m * m);
        invertLower(factor, m, inverse);
        let tailShare = s;
        for (let i = 0; i < m; i++) tailShare += (jitter * system[i * m + i]) / m;
        const whole = inverseEntries(inverse, m);
        const entry = (i: number, j: number) => {
          let sum = whole(i, j);
          for (let k = 0; k < q.length; k += m) sum -= (q[k + i] * q[k + j]) / tailShare;
          return sum;
        };
        return heldOutErrors(entry, weights, fold);
      },
    };
  });
  return { name, ...fits };
}

/** One centre for all samples with equal inputs, in the order of their first. */
function merged(x: Float64Array, z: Float64Array, n: number, d: number) {
  const centres = new Float64Array(n * d);
  const values = new Float64Array(n);
  const sizes = new Int32Array(n);
  let m = 0;
  for (let i = 0; i < n; i++) {
    let c = 0;
    while (c < m && !sameRow(x, i * d, centres, c * d, d)) c++;
    if (c === m) centres.set(x.subarray(i * d, i * d + d), m++ * d);
    sizes[c]++;
    values[c] += (z[i] - values[c]) / sizes[c];
  }
  return { centres: centres.slice(0, m * d), values: values.slice(0, m), m };
}

function sameRow(a: Float64Array, i: number, b: Float64Array, j: number, d: number): boolean {
  for (let k = 0; k < d; k++) if (a[i + k] !== b[j + k]) return false;
  return true;
}

/** The basis functions at the distances between the centres (m x m). */
function basesOf(centres: Float64Array, m: number, d: number, basis: Basis): Float64Array {
  const bases = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let c = 0; c < i; c++) {
      let square = 0;
      for (let j = 0; j < d; j++) square += (centres[i * d + j] - centres[c * d + j]) ** 2;
      bases[i * m + c] = bases[c * m + i] = basis(square);
    }
  return bases;
}

/** `H P H + s Q Q'` with `H = I - Q Q'`, where s is the mean diagonal of `H P H`, or 1 when that is not positive. */
function projected(bases: Float64Array, q: Float64Array, m: number) {
  const rank = q.length / m;
  const system = bases.slice();
  for (let i = 0; i < m; i++) projectOut(q, system.subarray(i * m, i * m + m), m); // P H
  for (let k = 0; k < rank; k++) {
    const share = new Float64Array(m); // Q' (P H), row k
    for (let i = 0; i < m; i++) for (let c = 0; c < m; c++) share[c] += q[k * m + i] * system[i * m + c];
    for (let i = 0; i < m; i++) for (let c = 0; c < m; c++) system[i * m + c] -= q[k * m + i] * share[c];
  }
  let mean = 0;
  for (let i = 0; i < m; i++) mean += system[i * m + i] / m;
  const s = mean > 1e-12 ? mean : 1;
  for (let k = 0; k < rank; k++)
    for (let i = 0; i < m; i++)
      for (let c = 0; c <= i; c++) system[i * m + c] += s * q[k * m + i] * q[k * m + c];
  return { system, s };
}

/** Takes the span of the rows of `q` out of `v` (m entries). */
function projectOut(q: Float64Array, v: Float64Array, m: number): void {
  for (let k = 0; k < q.length; k += m) {
    const share = dot(q, k, v, 0, m);
    for (let i = 0; i < m; i++) v[i] -= share * q[k + i];
  }
}

/** The slope of `rest` on the centred columns that the tail is made of; 0 for the others. */
function tailSlope(
  { rank, columns, q, r }: ReturnType<typeof orthonormalBasis>,
  rest: Float64Array,
  m: number,
  d: number,
): Float64Array {
  const coefficients = new Float64Array(rank);
  for (let k = 0; k < rank; k++) coefficients[k] = dot(q, k * m, rest, 0, m);
  solveUpper(r, rank, coefficients);
  const slope = new Float64Array(d);
  for (let k = 0; k < rank; k++) slope[columns[k]] = coefficients[k];
  return slope;
}
