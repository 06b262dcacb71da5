import { minimise } from '../../math/quasi-newton.js';
import { CHOICE, REAL, type Space } from '../../space.js';
import type { Maximum } from './maximise.js';

/** Half the distance of the differences that stand in for a gradient, as a share of the bounds. */
const APART = 1e-6;

/** A step that gains less is the last: on a narrow ridge the first steps gain next to nothing. */
const TOLERANCE = 1e-9;

/** What a step out of the bounds costs, times the square of how far it goes as a share of them. */
const FENCE = 1e4;

/** Stands for a score that there is none of. */
const WORST = 1e6;

/**
 * The best of climbing from `start` and of climbing from the best vector that differs from it in one variable alone, which is at a bound there (a choice: has
 * another value): pieces of a front lie on bounds, and the next piece may begin on another one.
 */
export function climbAround(
  space: Space,
  score: (x: Float64Array) => number,
  start: Float64Array,
  steps: number,
): Maximum {
  const best = (a: Maximum, b: Maximum) => (b.value > a.value ? b : a);
  const beside = acrossBounds(space, start).map((x) => ({ x, value: score(x) }));
  const from = beside.reduce(best, { x: start, value: Number.NEGATIVE_INFINITY }).x;
  return best(climb(space, score, start, steps), climb(space, score, from, steps));
}

function acrossBounds({ lower, upper, kind }: Space, from: Float64Array): Float64Array[] {
  return [...from.keys()].flatMap((v) => {
    const values =
      kind[v] === CHOICE
        ? Array.from({ length: upper[v] - lower[v] + 1 }, (_, i) => lower[v] + i)
        : [lower[v], upper[v]];
    return values
      .filter((value) => value !== from[v])
      .map((value) => from.map((x, i) => (i === v ? value : x)));
  });
}

/**
 * Climbs from `start` by at most `steps` quasi-Newton steps in the real variables, the others kept: unlike the random steps of
 * `maximise` they follow a narrow ridge, such as where two constraints hold the best vectors between them. Each takes some `2 n + 1` scores,
 * n real variables. Returns the start where it cannot climb.
 */
export function climb(
  space: Space,
  score: (x: Float64Array) => number,
  start: Float64Array,
  steps: number,
): Maximum {
  const { lower, upper } = space;
  const real = [...space.kind.keys()].filter((v) => space.kind[v] === REAL);
  const x = start.slice();
  const place = (u: Float64Array): number => {
    let outside = 0;
    real.forEach((v, i) => {
      const within = Math.min(1, Math.max(0, u[i]));
      outside += (u[i] - within) ** 2;
      x[v] = within === 1 ? upper[v] : lower[v] + within * (upper[v] - lower[v]);
    });
    return outside;
  };
  const cost = (u: Float64Array): number => {
    const outside = place(u);
    const value = score(x);
    return (Number.isFinite(value) ? -value : WORST) + FENCE * outside;
  };
  const { x: end } = minimise(
    (u, gradient) => {
      const beside = u.slice();
      real.forEach((_, i) => {
        beside[i] = u[i] + APART;
        const above = cost(beside);
        beside[i] = u[i] - APART;
        gradient[i] = (above - cost(beside)) / (2 * APART);
        beside[i] = u[i];
      });
      return cost(u);
    },
    Float64Array.from(real, (v) => (start[v] - lower[v]) / (upper[v] - lower[v])),
    { iterations: steps, tolerance: TOLERANCE, reach: 0.3 },
  );
  place(end);
  return { x: x.slice(), value: score(x) };
}
