import { randomOf, seedOf } from '../math/random.js';
import { FitError, type Predictor, type Regressor } from './regressor.js';

/** Folds of a cross-validation; as many as samples where there are fewer. */
export const FOLDS = 5;

/** A regressor and what it makes of samples that it was not shown. */
export interface CrossValidated {
  readonly regressor: Regressor;
  /** One an output, in its unit; null when some fit failed. */
  readonly predictions: Float64Array | null;
  /** The model of all samples, where it came for free. */
  readonly predictor?: Predictor;
  /** Why there are no predictions. */
  readonly error?: string;
}

/** How samples are left out: by folds, or one at a time. */
export type Validation = number | 'leave-one-out';

/** How regressors are validated. */
export interface ValidationOptions {
  /** Folds, as many as samples where there are fewer. Default `FOLDS`. */
  readonly folds?: Validation;
  readonly seed: number;
  /** See `Fit`. */
  readonly variable?: Int32Array;
}

/**
 * Out-of-fold predictions of every regressor of the pool, all on the same folds (see {@link foldsOf}), for `n`
 * samples `x` (n x d, row-major) with outputs `y`. A regressor that fails in a fold, or predicts what is not
 * finite, is out: its entry says why. Other errors than a FitError pass through.
 *
 * A regressor with `fitHeldOut` is asked for that first, and fitted again in each fold only where it has no answer. The
 * answer of a Gaussian process keeps the hyper-parameters of all samples, which flatters it. A regressor without closed
 * form is fitted n times to leave one out.
 */
export function crossValidate(
  pool: readonly Regressor[],
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  { folds = FOLDS, seed, variable }: ValidationOptions,
): CrossValidated[] {
  const fold = foldsOf(n, folds === 'leave-one-out' ? Math.max(n, 1) : folds, seed);
  return pool.map((regressor) => {
    try {
      const whole = regressor.fitHeldOut?.(x, y, n, d, seed, fold, variable);
      if (whole) return { regressor, ...whole };
      return { regressor, predictions: outOfFold(regressor, x, y, n, d, fold, seed, variable) };
    } catch (error) {
      if (!(error instanceof FitError)) throw error;
      return { regressor, predictions: null, error: error.reason };
    }
  });
}

/**
 * The fold of each of `n` samples: min(folds, n) of them, dealt in turn to a shuffled list, so that their sizes
 * differ by 1 at most. Throws a RangeError for less than one fold.
 */
export function foldsOf(n: number, folds: number, seed: number): Int32Array {
  if (!(folds >= 1)) throw new RangeError(`cross-validation needs at least 1 fold, got ${folds}`);
  const order = randomOf(seed, 'folds').shuffle(Int32Array.from({ length: n }, (_, i) => i));
  const fold = new Int32Array(n);
  const count = Math.min(folds, n);
  order.forEach((sample, place) => {
    fold[sample] = place % count;
  });
  return fold;
}

function outOfFold(
  regressor: Regressor,
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  fold: Int32Array,
  seed: number,
  variable: Int32Array | undefined,
): Float64Array {
  const predictions = new Float64Array(n);
  const count = n === 0 ? 0 : Math.max(...fold) + 1;
  for (let f = 0; f < count; f++) {
    const shown = select(fold, (other) => other !== f);
    const hidden = select(fold, (other) => other === f);
    const predictor = regressor.fit(
      rowsAt(x, d, shown),
      Float64Array.from(shown, (i) => y[i]),
      shown.length,
      d,
      seedOf(seed, 'fold', f),
      variable,
    );
    const out = new Float64Array(hidden.length);
    predictor.predict(rowsAt(x, d, hidden), hidden.length, out);
    if (!out.every(Number.isFinite)) throw new FitError(regressor.name, 'its predictions are not finite');
    hidden.forEach((i, k) => {
      predictions[i] = out[k];
    });
  }
  return predictions;
}

function select(fold: Int32Array, wanted: (fold: number) => boolean): number[] {
  return Array.from(fold.keys()).filter((i) => wanted(fold[i]));
}

function rowsAt(x: Float64Array, d: number, rows: readonly number[]): Float64Array {
  const result = new Float64Array(rows.length * d);
  rows.forEach((i, k) => {
    result.set(x.subarray(i * d, i * d + d), k * d);
  });
  return result;
}
