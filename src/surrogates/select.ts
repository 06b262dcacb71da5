import { randomOf } from '../math/random.js';
import { crossValidate } from './cross-validation.js';
import { mean } from './mean.js';
import { type ScoreName, scores } from './metrics.js';
import { FitError, type Predictor, type Regressor } from './regressor.js';

/** How a regressor is chosen: by a cross-validated score, or drawn. */
export const selectionMetrics = ['mse', 'mape', 'spearman', 'random'] as const;
export type SelectionMetric = (typeof selectionMetrics)[number];

export interface Candidate {
  readonly name: string;
  /** Lower is better; null when it was not scored, because it failed or because the choice was drawn. */
  readonly score: number | null;
  /** Why it was not scored or not fitted. */
  readonly error?: string;
}

export interface Selection {
  /** The regressor taken, `mean` when none of the pool could be fitted. */
  readonly name: string;
  /** Learnt from all samples. */
  readonly predictor: Predictor;
  readonly metric: SelectionMetric;
  /** That of the regressor taken; null as in {@link Candidate}. */
  readonly score: number | null;
  /** In the order of the pool; when drawn, those tried in the order of the draw. */
  readonly candidates: readonly Candidate[];
}

/**
 * The regressor of the pool with the best cross-validated score on the samples `x` (n x d, row-major) and `y`, ties
 * to the earlier in the pool, fitted to all samples. `random` draws from the pool with equal chances instead. A
 * regressor that cannot be fitted is passed over for the next best, or the next drawn; after the last comes `mean`.
 * Same arguments, same selection.
 *
 * Throws a FitError when not even the mean exists: no sample, or samples that are not finite.
 */
export function selectRegressor(
  pool: readonly Regressor[],
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  metric: SelectionMetric,
  seed: number,
): Selection {
  const lastResort = mean.fit(x, y, n, d, seed);
  return metric === 'random'
    ? draw(pool, x, y, n, d, seed, lastResort)
    : best(pool, x, y, n, d, metric, seed, lastResort);
}

function best(
  pool: readonly Regressor[],
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  metric: ScoreName,
  seed: number,
  lastResort: Predictor,
): Selection {
  const outputs = y.subarray(0, n);
  const validated = crossValidate(pool, x, y, n, d, { seed });
  const candidates = validated.map(({ regressor, predictions, error }): Candidate => {
    if (!predictions) return { name: regressor.name, score: null, error };
    const score = scores[metric](outputs, predictions);
    return Number.isFinite(score)
      ? { name: regressor.name, score }
      : { name: regressor.name, score: null, error: 'its score is not finite' };
  });
  const ranking = [...candidates.keys()]
    .filter((i) => candidates[i].score !== null)
    .sort((a, b) => (candidates[a].score ?? 0) - (candidates[b].score ?? 0) || a - b);
  for (const i of ranking) {
    const { regressor, predictor } = validated[i];
    const { name, score } = candidates[i];
    const fitted = predictor ?? tryFit(regressor, x, y, n, d, seed);
    if (!(fitted instanceof FitError)) return { name, predictor: fitted, metric, score, candidates };
    candidates[i] = { name, score, error: fitted.reason };
  }
  return { name: mean.name, predictor: lastResort, metric, score: null, candidates };
}

function draw(
  pool: readonly Regressor[],
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  seed: number,
  lastResort: Predictor,
): Selection {
  const candidates: Candidate[] = [];
  const order = Array.from(pool.keys());
  for (const i of randomOf(seed, 'random regressor').shuffle(order)) {
    const regressor = pool[i];
    const { name } = regressor;
    const fitted = tryFit(regressor, x, y, n, d, seed);
    if (!(fitted instanceof FitError)) {
      candidates.push({ name, score: null });
      return { name, predictor: fitted, metric: 'random', score: null, candidates };
    }
    candidates.push({ name, score: null, error: fitted.reason });
  }
  return { name: mean.name, predictor: lastResort, metric: 'random', score: null, candidates };
}

function tryFit(
  regressor: Regressor,
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  seed: number,
): Predictor | FitError {
  try {
    return regressor.fit(x, y, n, d, seed);
  } catch (error) {
    if (error instanceof FitError) return error;
    throw error;
  }
}
