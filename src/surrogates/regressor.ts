/**
 * A way to learn a function from samples. All regressors of the pool are values of this type; none holds a state.
 *
 * Sizes used throughout: `n` samples of `d` columns, `x` is n x d, row-major, with entries in [0, 1] (see
 * `encodingOf`), `y` has n entries in any unit. Same arguments, same model, bit for bit.
 */
export interface Regressor {
  readonly name: string;

  /** Learns from the samples. Throws a {@link FitError} when it cannot; a constant `y` is always learnt. */
  fit(x: Float64Array, y: Float64Array, n: number, d: number, seed: number): Predictor;

  /**
   * Chooses the hyper-parameters on these samples and returns a regressor whose `fit` keeps to them. Fitting it to
   * the same samples gives the model of `fit`. Only regressors have it whose choice is dear; the others choose in
   * every fit.
   */
  tune?(x: Float64Array, y: Float64Array, n: number, d: number, seed: number): Regressor;

  /**
   * The model of `fit` together with a prediction of each sample by the parts of the model that were not shown it.
   * Null when there is no such prediction for some sample. Throws a {@link FitError} as `fit` does.
   */
  fitOutOfBag?(x: Float64Array, y: Float64Array, n: number, d: number, seed: number): OutOfBagFit | null;
}

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

export interface OutOfBagFit {
  readonly predictor: Predictor;
  /** n entries, in the unit of `y`. */
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
