import { sampleRankCorrelation } from 'simple-statistics';

/**
 * The error of predictions `p` of the outputs `y` (as many entries, at least one): lower is better, +Infinity when
 * an entry of either is not finite, when there is none, or when the score itself overflows.
 */
export type Score = (y: Float64Array, p: Float64Array) => number;

/** Metrics by which a regressor can be scored. */
export type ScoreName = 'mse' | 'mape' | 'spearman';

/** A metric of one's own. */
export interface OwnMetric {
  readonly name: string;
  /** Pure, since a run that is replayed calls it again; NaN counts as +Infinity. */
  readonly score: Score;
}

/** Mean squared error, in the unit of y squared. */
export const mse: Score = guarded((y, p) => meanOf(y, (value, i) => (value - p[i]) ** 2));

/**
 * Mean absolute percentage error as a fraction: the mean of `|y - p| / max(eps, |y|)`, eps = 2^-52 as in
 * scikit-learn. It weighs every sample by the inverse of its output. Where an output passes near zero, as a
 * constraint does at its bound, that one sample outweighs all others, and at exactly 0 the score is some 1e15 times
 * the error there: it then ranks regressors by that sample alone.
 */
export const mape: Score = guarded((y, p) =>
  meanOf(y, (value, i) => Math.abs(value - p[i]) / Math.max(Number.EPSILON, Math.abs(value))),
);

/**
 * One less Spearman's rank correlation, in [0, 2]; equal values share the mean of their ranks. Where either side is
 * constant, or there is one sample, the correlation counts as 0.
 */
export const spearman: Score = guarded((y, p) => {
  const correlation = y.length < 2 ? Number.NaN : sampleRankCorrelation([...y], [...p]);
  // Rounding may carry a perfect correlation past 1.
  return Number.isNaN(correlation) ? 1 : 1 - Math.min(1, Math.max(-1, correlation));
});

export const scores: Readonly<Record<ScoreName, Score>> = { mse, mape, spearman };

/** The score of a name, or one's own with the guards of those. */
export function scoreOf(metric: ScoreName | OwnMetric): Score {
  return typeof metric === 'string' ? scores[metric] : guarded(metric.score);
}

/**
 * Why MAPE is no fair judge of predictions of `y`, or null: the least magnitude is below a hundredth of the median of the
 * magnitudes that are not 0. That one sample then weighs more than a hundred ordinary ones.
 */
export function mapeWarning(y: Float64Array): string | null {
  const magnitudes = y.map(Math.abs).sort();
  const positive = magnitudes.filter((value) => value > 0);
  const median = positive[positive.length >> 1];
  if (positive.length === 0 || !(magnitudes[0] < 0.01 * median)) return null;
  return `MAPE ranks the regressors by the few samples nearest to 0: the target passes near zero, with magnitudes from ${magnitudes[0].toPrecision(2)} and a median of ${median.toPrecision(2)}`;
}

function guarded(score: Score): Score {
  return (y, p) => {
    if (y.length !== p.length)
      throw new RangeError(`a score needs as many predictions as outputs, got ${p.length} and ${y.length}`);
    if (y.length === 0 || !y.every(Number.isFinite) || !p.every(Number.isFinite))
      return Number.POSITIVE_INFINITY;
    const value = score(y, p);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
}

function meanOf(y: Float64Array, term: (value: number, i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += term(y[i], i);
  return sum / y.length;
}
