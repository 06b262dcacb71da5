/** Writes the gradient at `x` to `gradient` and returns the value; +Infinity or NaN where there is none. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/**
 * A local minimum from `start` by BFGS with a backtracking line search (Nocedal and Wright, "Numerical
 * Optimization", 2nd edition, algorithms 3.1 and 6.1): the inverse Hessian kept dense, which for the few dozen
 * unknowns here is cheaper than any shortcut. Updates that would spoil its positive definiteness are skipped. No
 * step moves an entry by more than `reach`, so that `x` stays where the function can be computed; a step to where
 * it has no value is halved like any other that goes up.
 *
 * Ends after `iterations`, or when a step lowers the value by less than `tolerance`, or when no step lowers it.
 */
export function minimise(
  f: Differentiable,
  start: Float64Array,
  { iterations, tolerance, reach }: { iterations: number; tolerance: number; reach: number },
): Minimum {
  const n = start.length;
  let x = start.slice();
  let gradient = new Float64Array(n);
  let nextX = new Float64Array(n);
  let nextGradient = new Float64Array(n);
  let value = f(x, gradient);
  let evaluations = 1;
  const inverse = identity(n);
  const step = new Float64Array(n);
  const change = new Float64Array(n);
  for (let iteration = 0; iteration < iterations && Number.isFinite(value); iteration++) {
    let slope = descend(inverse, gradient, step);
    if (!(slope < 0)) break;
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(step[i]));
    // The first direction is the bare gradient, whose length means nothing: at most half of the reach.
    const limit = Math.min(1, (iteration === 0 ? reach / 2 : reach) / largest);
    for (let i = 0; i < n; i++) step[i] *= limit;
    slope *= limit;

    let scale = 1;
    let nextValue = Number.NaN;
    for (; scale > 1e-6; scale /= 2) {
      for (let i = 0; i < n; i++) nextX[i] = x[i] + scale * step[i];
      nextValue = f(nextX, nextGradient);
      evaluations++;
      if (nextValue <= value + 1e-4 * scale * slope) break;
    }
    if (!(nextValue <= value + 1e-4 * scale * slope)) break;
    for (let i = 0; i < n; i++) {
      step[i] *= scale;
      change[i] = nextGradient[i] - gradient[i];
    }
    update(inverse, step, change, iteration === 0);
    const gained = value - nextValue;
    [x, nextX, gradient, nextGradient, value] = [nextX, x, nextGradient, gradient, nextValue];
    if (gained < tolerance) break;
  }
  return { x, value, evaluations };
}

/** Writes `-inverse gradient` to `step` and returns its product with the gradient. */
function descend(inverse: Float64Array, gradient: Float64Array, step: Float64Array): number {
  const n = gradient.length;
  let slope = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum -= inverse[i * n + j] * gradient[j];
    step[i] = sum;
    slope += sum * gradient[i];
  }
  return slope;
}

/**
 * The BFGS update of the inverse Hessian for a step and the change of the gradient; the first sets the scale too
 * (6.20).
 */
function update(inverse: Float64Array, step: Float64Array, change: Float64Array, first: boolean): void {
  const n = step.length;
  let curvature = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    curvature += step[i] * change[i];
    square += change[i] * change[i];
  }
  if (!(curvature > 1e-10 * square) || square === 0) return;
  if (first) for (let i = 0; i < n; i++) inverse[i * n + i] = curvature / square;
  const image = new Float64Array(n);
  let quadratic = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) image[i] += inverse[i * n + j] * change[j];
    quadratic += image[i] * change[i];
  }
  const factor = (1 + quadratic / curvature) / curvature;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      inverse[i * n + j] +=
        factor * step[i] * step[j] - (image[i] * step[j] + step[i] * image[j]) / curvature;
}

function identity(n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) result[i * n + i] = 1;
  return result;
}
