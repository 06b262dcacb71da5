import { randomOf, seedOf } from '../math/random.js';
import { FitError, type Predictor, type Regressor } from './regressor.js';

/** Folds of a cross-validation; as many as samples where there are fewer. */
export const FOLDS = 5;

/** A regressor and what it makes of samples that it was not shown. */
export interface CrossValidated {
  /** The regressor to fit to all samples: that of the pool, or the one tuned here. */
  readonly regressor: Regressor;
  /** One an output, in its unit; null when some fit failed. */
  readonly predictions: Float64Array | null;
  /** The model of all samples, where it came for free. */
  readonly predictor?: Predictor;
  /** Why there are no predictions. */
  readonly error?: string;
}

/**
 * Out-of-fold predictions of every regressor of the pool, all on the same folds (see {@link foldsOf}), for `n`
 * samples `x` (n x d, row-major) with outputs `y`. A regressor that fails in a fold, or predicts what is not
 * finite, is out: its entry says why. Other errors than a FitError pass through.
 *
 * Two economies: a regressor with `fitOutOfBag` is asked for that and not cross-validated; one with `tune` chooses
 * its hyper-parameters once on all samples and keeps them in every fold, which flatters it slightly.
 */
export function crossValidate(
  pool: readonly Regressor[],
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  { folds = FOLDS, seed }: { readonly folds?: number; readonly seed: number },
): CrossValidated[] {
  const fold = foldsOf(n, folds, seed);
  return pool.map((regressor) => {
    try {
      const whole = regressor.fitOutOfBag?.(x, y, n, d, seed);
      if (whole) return { regressor, ...whole };
      const tuned = regressor.tune?.(x, y, n, d, seed) ?? regressor;
      return { regressor: tuned, predictions: outOfFold(tuned, x, y, n, d, fold, seed) };
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
