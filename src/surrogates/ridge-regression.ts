import { centred, dot } from '../math/matrix.js';
import { penalisedLeastSquares } from './penalised-least-squares.js';
import type { Predictor, Regressor } from './regressor.js';
import { standardisedWithFolds } from './standardised.js';

/** What a row is turned into before it is weighed. */
export interface Terms {
  readonly count: (d: number) => number;
  /** Writes the terms of the row that starts at `row` of `x` to `terms` from `start`. */
  readonly write: (x: Float64Array, row: number, d: number, terms: Float64Array, start: number) => void;
  /** Predicts the intercept and the weighted terms. */
  readonly predictor: (weights: Float64Array, intercept: number, d: number) => Predictor;
}

/** The regressor that weighs the terms of a row by penalised least squares, with a free intercept. */
export function ridgeRegression(name: string, minimum: number, terms: Terms): Regressor {
  return {
    name,
    ...standardisedWithFolds(
      name,
      minimum,
      (x, z, n, d) => {
        const p = terms.count(d);
        const columns = new Float64Array(n * p);
        for (let i = 0; i < n; i++) terms.write(x, i * d, d, columns, i * p);
        const { weights, heldOutErrors } = penalisedLeastSquares(centred(columns, n, p), z, n, p);
        let intercept = 0;
        for (let i = 0; i < n; i++) intercept -= dot(weights, 0, columns, i * p, p) / n;
        return { predictor: terms.predictor(weights, intercept, d), heldOutErrors };
      },
      true,
    ),
  };
}
