/** What the solver stops at: the largest violation of the optimality conditions. */
export const TOLERANCE = 1e-3;

export interface SupportVectorSolution {
  /** n entries in [-C, C] that add up to 0; those of samples inside the tube are 0. */
  readonly beta: Float64Array;
  readonly bias: number;
  /** False when the solver was stopped before the tolerance was met. */
  readonly converged: boolean;
}

/**
 * Epsilon support vector regression, in its dual: the `beta` that minimises `1/2 beta'K beta - z'beta + epsilon |beta|_1`
 * subject to `sum beta = 0` and `|beta_i| <= C`, for a positive semidefinite `kernel` K (n x n) and outputs z. The
 * function is `sum_i beta_i k(x, x_i) + bias`.
 *
 * Sequential minimal optimisation with the working set of Fan, Chen and Lin ("Working set selection using second order
 * information for training support vector machines", 2005): the sample whose beta most wants to rise, and the one whose
 * fall with it gains most. The two halves of the usual dual (alpha and alpha*) are one signed variable here. Stops when
 * the optimality conditions hold to {@link TOLERANCE}, as LIBSVM does, or after `steps` steps of O(n); ties go to the
 * first sample.
 */
export function supportVectorDual(
  kernel: Float64Array,
  z: Float64Array,
  n: number,
  c: number,
  epsilon: number,
  steps = 10_000_000,
): SupportVectorSolution {
  const beta = new Float64Array(n);
  const slope = new Float64Array(n); // z - K beta
  slope.set(z.subarray(0, n));
  // What one more unit of beta_i gains, and what one less costs: the tube charges epsilon on either side of 0.
  const rise = (i: number) => slope[i] + (beta[i] < 0 ? epsilon : -epsilon);
  const fall = (i: number) => slope[i] + (beta[i] > 0 ? -epsilon : epsilon);
  for (let step = 0; ; step++) {
    let up = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      if (beta[i] >= c) continue;
      const value = rise(i);
      if (value > highest) {
        highest = value;
        up = i;
      }
    }
    let down = -1;
    let lowest = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let j = 0; j < n; j++) {
      if (beta[j] <= -c) continue;
      const value = fall(j);
      lowest = Math.min(lowest, value);
      const gap = highest - value;
      if (!(gap > 0) || j === up) continue;
      const gain = (gap * gap) / curvature(kernel, n, up, j);
      if (gain > most) {
        most = gain;
        down = j;
      }
    }
    const converged = highest - lowest < TOLERANCE;
    if (converged || down < 0 || step === steps)
      return { beta, bias: (highest + lowest) / 2, converged: converged || down < 0 };
    const wanted = (highest - fall(down)) / curvature(kernel, n, up, down);
    // Neither beta may cross 0, where the charge of the tube changes sides, nor leave its box.
    const room = Math.min(
      beta[up] < 0 ? -beta[up] : c - beta[up],
      beta[down] > 0 ? beta[down] : c + beta[down],
    );
    const amount = Math.min(wanted, room);
    beta[up] = amount === room && room === -beta[up] ? 0 : Math.min(c, beta[up] + amount);
    beta[down] = amount === room && room === beta[down] ? 0 : Math.max(-c, beta[down] - amount);
    for (let i = 0; i < n; i++) slope[i] -= amount * (kernel[up * n + i] - kernel[down * n + i]);
  }
}

/** Of the dual along a rise of one beta and a fall of another; floored, as the kernel may be flat. */
function curvature(kernel: Float64Array, n: number, i: number, j: number): number {
  return Math.max(kernel[i * n + i] + kernel[j * n + j] - 2 * kernel[i * n + j], 1e-12);
}
