import type { Batch } from '../algorithm.js';
import type { WarpingName } from './auto/output-warping.js';
import type { TransformName } from './output-transform.js';
import type { ScoredRegressor, Selection } from './select.js';

/** The regressor chosen for one output in one round. `score` is smaller for better; null when chosen at random. */
export interface ModelRecord extends Pick<Selection, 'score' | 'warning'> {
  readonly round: number;
  /** The name of the selection metric; `likelihood`: the negative logarithm of the posterior density of a Gaussian process, chosen among its kinds. */
  readonly metric: string;
  readonly transform: Selection['transform'] | WarpingName;
  readonly candidates: readonly (Omit<ScoredRegressor, 'transform'> & {
    readonly transform?: TransformName | WarpingName;
  })[];
  readonly name: string;
  readonly regressor: string;
}

/** The vectors that a round proposes, and the models that they came from. */
export interface Infill extends Batch {
  readonly models: readonly ModelRecord[];
}
