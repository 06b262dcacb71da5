/**
 * A way to learn a function from samples. All regressors of the pool are values of this type; none holds a state.
 *
 * Sizes used throughout: `n` samples of `d` columns, `x` is n x d, row-major, with entries in [0, 1] (see
 * `encodingOf`), `y` has n entries in any unit. Same arguments, same model, bit for bit.
 */
export interface Regressor {
  readonly name: string;

  /**
   * True when every prediction is a weighted mean of outputs. Bending the outputs then changes little, and selection does not
   * try it.
   */
  readonly averages?: boolean;

  /** Learns from the samples. Throws a {@link FitError} when it cannot; a constant `y` is always learnt. */
  readonly fit: Fit;

  /**
   * The model of `fit` together with a prediction of each sample by what was not shown it: by the samples of the
   * other folds (`fold` has n entries) where one factorisation serves every fold, at most with the hyper-parameters and
   * the unit of all samples; by the trees that left it out, whatever the folds, where there is a forest.
   * Null when there is no such prediction for some sample. Throws a {@link FitError} as `fit` does.
   */
  readonly fitHeldOut?: (
    x: Float64Array,
    y: Float64Array,
    n: number,
    d: number,
    seed: number,
    fold: Int32Array,
    variable?: Int32Array,
  ) => HeldOutFit | null;
}

/**
 * `variable` has d entries: the variable that each column stands for, so that the columns of one choice are known to
 * belong together (see `Encoding`). Without it every column is a variable of its own. Few regressors look at it.
 */
export type Fit = (
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  seed: number,
  variable?: Int32Array,
) => Predictor;

/** What a regressor has learnt. */
export interface Predictor {
  /** True when `predict` can tell its own uncertainty. */
  readonly hasVariance: boolean;

  /**
   * Predicts `count` rows of `x` (count x d, row-major) to `out`, in the unit of `y`. `variance`, where given and
   * `hasVariance`, gets the variance of each prediction in the unit of `y` squared, and otherwise is left as it is.
   * Allocates nothing. Rows with NaN give no particular number.
   */
  predict(x: Float64Array, count: number, out: Float64Array, variance?: Float64Array): void;
}

/** A model, and predictions of its samples by models that were not shown them. */
export interface HeldOutFit {
  readonly predictor: Predictor;
  /** n entries, in the unit of `y`: each made by what was not shown the sample. */
  readonly predictions: Float64Array;
}

/** A regressor could not learn from its samples: `quadratic cannot be fitted: needs at least 3 samples, got 2`. */
export class FitError extends Error {
  override readonly name = 'FitError';

  constructor(
    readonly regressor: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${regressor} cannot be fitted: ${reason}`, options);
  }
}
