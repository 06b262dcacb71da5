import { membersOf } from './held-out.js';
import { FitError, type HeldOutFit, type Predictor, type Regressor } from './regressor.js';
import { inRange } from './standardised.js';

/** How outputs may be bent before a regressor learns them; `none` is not among them. */
export const transformNames = ['log', 'bounded', 'rank'] as const;
/** How an output was transformed before it was learnt. */
export type TransformName = (typeof transformNames)[number];

/** A strictly increasing function fitted to outputs. */
export interface Transform {
  /** Of an output, anywhere. */
  forward(y: number): number;
  /** Back again: never NaN for a finite `t`, but infinite where the output leaves the range of doubles. */
  inverse(t: number): number;
}

/**
 * The transform fitted to `n` finite outputs `y`. None of them depends on the unit of the outputs: those of `a y + b` with
 * a > 0 are bent alike. Null for less than three different outputs, which leave nothing to bend.
 *
 * - `log`: `log(1 + distance / s)` of the distance to the end with the shorter tail, s the median distance (the smallest
 *   positive one where that is 0); it draws in the longer tail. Beyond that end it goes on straight.
 * - `bounded`: `log((y - a) / (b - y))` with a and b a tenth of the span beyond the least and the largest output: no
 *   prediction ever leaves (a, b). It suits outputs that saturate.
 * - `rank`: the quantiles of the logistic distribution, `log(p / (1 - p))` at `p = (rank - 1/2) / n`, equal outputs sharing
 *   their mean rank; straight between outputs and, with the mean slope, beyond them.
 */
export function fitTransform(name: TransformName, y: Float64Array, n: number): Transform | null {
  const sorted = y.slice(0, n).sort();
  let different = n > 0 ? 1 : 0;
  for (let i = 1; i < n; i++) if (sorted[i] > sorted[i - 1]) different++;
  const span = sorted[n - 1] - sorted[0];
  if (different < 3 || !Number.isFinite(span) || span < 1e-290) return null;
  if (name === 'log') return logarithm(sorted);
  return name === 'bounded' ? bounded(sorted[0], sorted[n - 1]) : ranks(sorted);
}

function logarithm(sorted: Float64Array): Transform {
  const n = sorted.length;
  const median = (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2;
  // The sign of the longer tail; ties to the upper.
  const sign = sorted[n - 1] - median >= median - sorted[0] ? 1 : -1;
  const end = sign > 0 ? sorted[0] : sorted[n - 1];
  const next = sign > 0 ? sorted.find((value) => value > end)! : sorted.findLast((value) => value < end)!;
  const scale = Math.abs(median - end) || Math.abs(next - end);
  const largest = Math.log(Number.MAX_VALUE) - 1;
  return {
    forward(y) {
      const distance = (sign * (y - end)) / scale;
      return sign * (distance < 0 ? distance : Math.log1p(distance));
    },
    inverse(t) {
      const signed = sign * t;
      return end + sign * scale * (signed < 0 ? signed : Math.expm1(Math.min(signed, largest)));
    },
  };
}

function bounded(least: number, largest: number): Transform {
  const margin = (largest - least) / 10;
  const span = largest - least + 2 * margin;
  const low = least - margin;
  return {
    forward(y) {
      const share = Math.min(1 - 1e-12, Math.max(1e-12, (y - low) / span));
      return Math.log(share / (1 - share));
    },
    inverse: (t) => low + span / (1 + Math.exp(-t)),
  };
}

function ranks(sorted: Float64Array): Transform {
  const n = sorted.length;
  const outputs: number[] = [];
  const quantiles: number[] = [];
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && sorted[to] === sorted[from]) to++;
    outputs.push(sorted[from]);
    quantiles.push(Math.log((from + to) / (2 * n - from - to)));
    from = to;
  }
  return {
    forward: (y) => interpolate(outputs, quantiles, y),
    inverse: (t) => interpolate(quantiles, outputs, t),
  };
}

/** Straight between the knots (`from` ascending); beyond them with the mean slope of all. */
function interpolate(from: readonly number[], to: readonly number[], value: number): number {
  const last = from.length - 1;
  const slope = (to[last] - to[0]) / (from[last] - from[0]);
  if (!(value > from[0])) return to[0] + slope * (value - from[0]);
  if (value >= from[last]) return to[last] + slope * (value - from[last]);
  let low = 0;
  for (let high = last; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (from[middle] <= value) low = middle;
    else high = middle;
  }
  const share = (value - from[low]) / (from[low + 1] - from[low]);
  return to[low] + share * (to[low + 1] - to[low]);
}

/**
 * The regressor that learns the outputs bent by the transform, and bends its predictions back: they are medians where those
 * of the regressor are, rather than means. The transform is fitted to the samples of each fit; a held-out prediction comes
 * from outputs bent by the transform of all samples. The variance is carried over by the slope at the prediction, to first order. Where
 * there is nothing to bend it throws a FitError.
 */
export function transformed(regressor: Regressor, name: TransformName): Regressor {
  const bend = (y: Float64Array, n: number) => {
    for (let i = 0; i < n; i++)
      if (!Number.isFinite(y[i]))
        throw new FitError(regressor.name, `the outputs must be finite, got ${y[i]}`);
    const transform = fitTransform(name, y, n);
    if (!transform) throw new FitError(regressor.name, `the outputs leave nothing for the transform ${name}`);
    return { transform, t: y.map((value) => transform.forward(value)) };
  };
  const { fitHeldOut } = regressor;
  return {
    name: regressor.name,
    fit(x, y, n, d, seed, variable) {
      const { transform, t } = bend(y, n);
      return bentBack(regressor.fit(x, t, n, d, seed, variable), transform);
    },
    ...(fitHeldOut && {
      fitHeldOut(x, y, n, d, seed, fold, variable): HeldOutFit | null {
        const { transform, t } = bend(y, n);
        const whole = fitHeldOut(x, t, n, d, seed, fold, variable);
        if (!whole) return null;
        const predictions = heldOutInverse(name, y, transform, whole.predictions, fold);
        return { predictor: bentBack(whole.predictor, transform), predictions };
      },
    }),
  };
}

/**
 * Held-out predictions bent back. Ranks lie between the very outputs that are to be told, so that each fold is bent back by
 * the ranks of the others; the two numbers that the other transforms take from all outputs tell next to nothing.
 */
function heldOutInverse(
  name: TransformName,
  y: Float64Array,
  transform: Transform,
  bent: Float64Array,
  fold: Int32Array,
): Float64Array {
  if (name !== 'rank') return bent.map((t) => inRange(transform.inverse(t)));
  const predictions = new Float64Array(bent.length);
  for (const members of membersOf(fold)) {
    const shown = y.filter((_, i) => i < bent.length && fold[i] !== fold[members[0]]);
    const others = fitTransform(name, shown, shown.length) ?? transform;
    for (const i of members) predictions[i] = inRange(others.inverse(bent[i]));
  }
  return predictions;
}

function bentBack(inner: Predictor, transform: Transform): Predictor {
  return {
    hasVariance: inner.hasVariance,
    predict(x, count, out, variance) {
      inner.predict(x, count, out, variance);
      for (let i = 0; i < count; i++) {
        const t = out[i];
        out[i] = inRange(transform.inverse(t));
        if (!variance || !inner.hasVariance) continue;
        const step = 1e-4 * Math.max(1, Math.abs(t));
        variance[i] *= ((transform.inverse(t + step) - transform.inverse(t - step)) / (2 * step)) ** 2;
      }
    },
  };
}
