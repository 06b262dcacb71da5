import { type ChannelCriterion, channelCriteria } from '../pruning/channel-selection.js';
import type { LayerDatabase } from '../recovery/database.js';
import { recoveryWork } from '../recovery/effort.js';
import type { Recovery } from '../recovery/recoveries.js';
import { refittableLayers } from '../recovery/refittable.js';
import { type ZeroCriterion, zeroCriteria } from './zero-weights.js';

/** Ways to choose and to recover that a search may take; of each the strongest on the networks measured is last. */
export interface FittingChoices {
  readonly criteria: readonly ChannelCriterion[];
  readonly zeroCriteria: readonly ZeroCriterion[];
  readonly recoveries: readonly Recovery[];
}

/** Batch-norms are folded, and chance is no better; what removes channels without recovery is not worth its place. */
export const fittingChoices: FittingChoices = {
  criteria: channelCriteria.filter((name) => name !== 'random' && name !== 'batch-norm'),
  zeroCriteria,
  recoveries: ['channel-statistics', 'least-squares+channel-statistics', 'least-squares'],
};

/** Criteria that need no moments: those of all layers together may fill the memory. */
const MAGNITUDES = ['l1', 'l2'] as const;

/** Multiplications a candidate that are borne: about half a minute of one core. */
const MOST_WORK = 2e12;

/**
 * Those that a network can bear (see `recoveryWork`). `notes` say what is left out. One inference of the samples. Throws an InputError when
 * there are fewer than two.
 */
export async function fittingChoicesFor(
  database: LayerDatabase,
): Promise<FittingChoices & { readonly notes: readonly string[] }> {
  const targets = await database.targets();
  let moments = 0;
  let fitting = 0;
  for (const { layer, geometry, activation } of refittableLayers(database.original)) {
    const target = targets.get(layer.name);
    if (!target) continue;
    const places = target.outputs.length / geometry.features;
    const work = recoveryWork(geometry, places, activation !== null);
    moments += work.moments;
    fitting += work.fitting;
  }
  if (moments + fitting <= MOST_WORK) return { ...fittingChoices, notes: [] };
  const borne = moments <= MOST_WORK;
  const [what, work] = borne ? ['least squares', moments + fitting] : ['recovery', moments];
  return {
    criteria: MAGNITUDES,
    zeroCriteria: ['magnitude'],
    recoveries: [borne ? 'channel-statistics' : 'none'],
    notes: [
      `${what} would take about ${work.toExponential(0)} multiplications a candidate, and is left out of the search`,
    ],
  };
}
