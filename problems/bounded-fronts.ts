import { ctpWaves, exponentials, type Wave, waveConstraint } from './ctp.js';
import { curveFront } from './front-points.js';
import type { Front } from './fronts.js';
import {
  type Bounded,
  mw9Bounds,
  mw10Bounds,
  mw11Bounds,
  mw12Bounds,
  mw13Bounds,
  type OnPair,
} from './mw.js';

/*
 * Fronts that lie on the constraints. What variables can reach is known in objective space: in MW9 .. MW13 all d >= 1 times the
 * points of a curve, in CTP all from a curve upwards. So along every ray, or every column, the first feasible point is
 * the only one that can be on the front; it is found by steps and bisection, and those that others dominate are left out.
 */

const { PI, abs, cos, exp, max, sin, sqrt } = Math;

type OfValue = (value: number) => number;

/**
 * The first feasible value from `low` to `high`, or NaN: `low` itself, or a place where a curve is crossed, found in steps of
 * `step` and then bisected to the last bit. A constraint may be broken by rounding.
 */
function firstFeasible(
  low: number,
  high: number,
  step: number,
  curves: readonly OfValue[],
  constraints: readonly OfValue[],
): number {
  const feasible = (value: number) => constraints.every((constraint) => constraint(value) <= 1e-12);
  if (feasible(low)) return low;
  let before = curves.map((curve) => curve(low));
  for (let value = low + step; value <= high; value += step) {
    const now = curves.map((curve) => curve(value));
    const crossings = curves
      .filter((_, k) => now[k] > 0 !== before[k] > 0)
      .map((curve) => crossing(value - step, value, curve));
    const first = Math.min(...crossings.filter(feasible));
    if (first < value) return first;
    before = now;
  }
  return Number.NaN;
}

function crossing(low: number, high: number, curve: OfValue): number {
  const positive = curve(high) > 0;
  let [before, after] = [low, high];
  for (;;) {
    const middle = (before + after) / 2;
    if (middle <= before || middle >= after) return after;
    if (curve(middle) > 0 === positive) after = middle;
    else before = middle;
  }
}

/** Of all d times (t, curve(t)), 1 <= d <= 4, t from 0 to `end`, under the constraints. */
const rays =
  (end: number, curve: (t: number) => number, { curves, constraints }: Bounded): Front =>
  (count) =>
    curveFront(count, 0, end, (t, f) => {
      const height = curve(t);
      const onRay = (bound: OnPair) => (d: number) => bound(d * t, d * height);
      const d = firstFeasible(1, 4, 0.01, curves.map(onRay), constraints.map(onRay));
      f[0] = d * t;
      f[1] = d * height;
      return d > 0;
    });

export const mw9Front = rays(1, (t) => 1 - t ** 0.6, mw9Bounds);
export const mw10Front = rays(1, (t) => 1 - t ** 2, mw10Bounds);
export const mw11Front = rays(Math.SQRT2, (t) => sqrt(max(0, 2 - t ** 2)), mw11Bounds);
export const mw12Front = rays(1, (t) => 0.85 - 0.8 * t - 0.08 * abs(sin(3.2 * PI * t)), mw12Bounds);
export const mw13Front = rays(1.5, (t) => 5 - exp(t) - abs(0.5 * sin(3 * PI * t)), mw13Bounds);

/** The curve e^-f1 of the problem and, higher from f1 = 1/3 on, those of the two constraints. */
export const ctp1Front: Front = (count) => {
  const [a1, b1, a2, b2] = exponentials(2);
  return curveFront(count, 0, 1, (t, f) => {
    f[0] = t;
    f[1] = max(exp(-t), a1 * exp(-b1 * t), a2 * exp(-b2 * t));
    return true;
  });
};

/**
 * In CTP2 .. CTP5 the constraint lies beyond all of the unconstrained front, and both objectives grow along its waves: the front
 * is part of the wave, from f1 = 0 to 1. Where it touches the axis across, at sin(b pi across^c) = 0, it may be a single point.
 */
const onWave = ([{ theta, a, b, c, d, e }]: readonly Wave[]): Front => {
  const cosine = cos(theta * PI);
  const sine = sin(theta * PI);
  const end = 1 / cosine;
  const touches: number[] = [];
  for (let k = 0; k <= b * end ** c; k++) touches.push((k / b) ** (1 / c));
  return (count) =>
    curveFront(
      count,
      0,
      end,
      (across, f) => {
        const phase = b * across ** c;
        const along = touches.includes(across) ? 0 : a * abs(sin(PI * phase)) ** d;
        f[0] = across * cosine - along * sine;
        f[1] = e + across * sine + along * cosine;
        return f[0] <= 1;
      },
      touches,
    );
};
export const ctp2Front = onWave(ctpWaves[2]);
export const ctp3Front = onWave(ctpWaves[3]);
export const ctp4Front = onWave(ctpWaves[4]);
export const ctp5Front = onWave(ctpWaves[5]);

/** Of all f2 from 1 - sqrt f1 upwards by `high`, under the constraints. */
const columns = (waves: readonly Wave[], high: number): Front => {
  const bounds = waves.map(waveConstraint);
  return (count) =>
    curveFront(count, 0, 1, (t, f) => {
      const low = 1 - sqrt(t);
      f[0] = t;
      const inColumn = bounds.map((bound) => (f2: number) => bound(t, f2));
      f[1] = firstFeasible(low, low + high, 0.04, inColumn, inColumn);
      return f[1] >= low;
    });
};
export const ctp6Front = columns(ctpWaves[6], 15);
export const ctp7Front = columns(ctpWaves[7], 0.4);
export const ctp8Front = columns(ctpWaves[8], 15);
