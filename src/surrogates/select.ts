import { randomOf } from '../math/random.js';
import { type CrossValidated, crossValidate, type ValidationOptions } from './cross-validation.js';
import { mean } from './mean.js';
import { mapeWarning, type OwnMetric, type ScoreName, scoreOf } from './metrics.js';
import { type TransformName, transformed, transformNames } from './output-transform.js';
import { FitError, type Predictor, type Regressor } from './regressor.js';

/** How a regressor is chosen: by a cross-validated score, or drawn. */
export const selectionMetrics = ['mse', 'mape', 'spearman', 'random'] as const;
/** How a regressor is chosen: by a cross-validated score, or drawn. */
export type SelectionMetric = (typeof selectionMetrics)[number];

/** Regressors that are tried again with every transform of the outputs: the best that do more than average. */
export const TRANSFORMED = 2;

/** A transform is taken only where it lowers the score to this share: differences within the noise of the folds do not count. */
export const TRANSFORM_SHARE = 0.8;

/** Samples from which transforms are tried: with fewer the folds say little of them. */
export const LEAST_TO_TRANSFORM = 10;

/** A regressor of the pool as the selection saw it. */
export interface ScoredRegressor {
  readonly name: string;
  /** How the outputs were bent for it; absent where they were not. */
  readonly transform?: TransformName;
  /** Lower is better; null when it was not scored, because it failed or because the choice was drawn. */
  readonly score: number | null;
  /** Why it was not scored or not fitted. */
  readonly error?: string;
}

/** The regressor taken, and what it was taken from. */
export interface Selection {
  /** The regressor taken, `mean` when none of the pool could be fitted. */
  readonly name: string;
  /** How the outputs were bent before it learnt them. */
  readonly transform: TransformName | 'none';
  /** Learnt from all samples. */
  readonly predictor: Predictor;
  /** Its name. */
  readonly metric: string;
  /** That of the regressor taken; null as in {@link ScoredRegressor}. */
  readonly score: number | null;
  /** In the order of the pool, then those with transforms; when drawn, those tried in the order of the draw. */
  readonly candidates: readonly ScoredRegressor[];
  /** Why the choice is to be doubted; absent where nothing speaks against it. */
  readonly warning?: string;
}

/**
 * The regressor of the pool with the best cross-validated score on the samples `x` (n x d, row-major) and `y`, fitted to
 * all samples. From `LEAST_TO_TRANSFORM` samples on, the `TRANSFORMED` best of those that do more than average
 * outputs compete once more with each transform of the outputs (see `fitTransform`), and win where they lower the score to
 * `TRANSFORM_SHARE`. Ties go to no transform, then to the earlier in the pool, then to the earlier transform. `random`
 * draws from the pool with equal chances instead, without transforms. A regressor that cannot be fitted is passed over for
 * the next best, or the next drawn; after the last comes `mean`. Same arguments, same selection.
 *
 * `metric` may be one of your own. Warns where MAPE is no fair judge (see `mapeWarning`) and where nothing but the mean could be fitted. Throws a FitError
 * when not even the mean exists: no sample, or samples that are not finite.
 */
export function selectRegressor(
  pool: readonly Regressor[],
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  metric: SelectionMetric | OwnMetric,
  options: ValidationOptions,
): Selection {
  const metricName = typeof metric === 'string' ? metric : metric.name;
  const lastResort = mean.fit(x, y, n, d, options.seed);
  const selection =
    metric === 'random' ? draw(pool, x, y, n, d, options) : best(pool, x, y, n, d, metric, options);
  const doubt = metric === 'mape' ? mapeWarning(y.subarray(0, n)) : null;
  if (selection.predictor)
    return {
      ...selection,
      predictor: selection.predictor,
      metric: metricName,
      ...(doubt !== null && { warning: doubt }),
    };
  const warning = 'no regressor of the pool could be fitted: the mean of the outputs stands in';
  return { ...selection, name: mean.name, predictor: lastResort, metric: metricName, warning };
}

/** What was chosen; without a predictor when nothing could be fitted. */
interface Choice extends Pick<Selection, 'name' | 'transform' | 'score' | 'candidates'> {
  readonly predictor: Predictor | null;
}

function best(
  pool: readonly Regressor[],
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  metric: ScoreName | OwnMetric,
  options: ValidationOptions,
): Choice {
  const outputs = y.subarray(0, n);
  const scoreFor = scoreOf(metric);
  const scored = (
    { regressor, predictions, error }: CrossValidated,
    transform?: TransformName,
  ): ScoredRegressor => {
    const name = { name: regressor.name, ...(transform && { transform }) };
    if (!predictions) return { ...name, score: null, error };
    const score = scoreFor(outputs, predictions);
    return Number.isFinite(score)
      ? { ...name, score }
      : { ...name, score: null, error: 'its score is not finite' };
  };
  const validated = crossValidate(pool, x, y, n, d, options);
  const candidates = validated.map((result) => scored(result));
  if (n >= LEAST_TO_TRANSFORM && outputs.some((value) => value !== outputs[0]))
    for (const i of rankingOf(candidates)
      .filter((place) => !pool[place].averages)
      .slice(0, TRANSFORMED))
      for (const transform of transformNames) {
        const [result] = crossValidate([transformed(pool[i], transform)], x, y, n, d, options);
        validated.push(result);
        candidates.push(scored(result, transform));
      }
  for (const i of rankingOf(candidates)) {
    const { regressor, predictor } = validated[i];
    const { name, transform = 'none', score } = candidates[i];
    const fitted = predictor ?? tryFit(regressor, x, y, n, d, options);
    if (!(fitted instanceof FitError)) return { name, transform, predictor: fitted, score, candidates };
    candidates[i] = { ...candidates[i], error: fitted.reason };
  }
  return { name: mean.name, transform: 'none', predictor: null, score: null, candidates };
}

/** Those with a score, the best first, ties to the earlier. */
function rankingOf(candidates: readonly ScoredRegressor[]): number[] {
  const handicapped = candidates.map(({ score, transform }) =>
    score === null ? Number.POSITIVE_INFINITY : transform ? score / TRANSFORM_SHARE : score,
  );
  return [...candidates.keys()]
    .filter((i) => candidates[i].score !== null)
    .sort((a, b) => handicapped[a] - handicapped[b] || a - b);
}

function draw(
  pool: readonly Regressor[],
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  options: ValidationOptions,
): Choice {
  const candidates: ScoredRegressor[] = [];
  const order = Array.from(pool.keys());
  for (const i of randomOf(options.seed, 'random regressor').shuffle(order)) {
    const regressor = pool[i];
    const { name } = regressor;
    const fitted = tryFit(regressor, x, y, n, d, options);
    if (!(fitted instanceof FitError)) {
      candidates.push({ name, score: null });
      return { name, transform: 'none', predictor: fitted, score: null, candidates };
    }
    candidates.push({ name, score: null, error: fitted.reason });
  }
  return { name: mean.name, transform: 'none', predictor: null, score: null, candidates };
}

function tryFit(
  regressor: Regressor,
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  { seed, variable }: ValidationOptions,
): Predictor | FitError {
  try {
    return regressor.fit(x, y, n, d, seed, variable);
  } catch (error) {
    if (error instanceof FitError) return error;
    throw error;
  }
}
