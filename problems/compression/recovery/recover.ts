import { openProducts } from '../inference/products.js';
import { constantsOf, withConstants } from '../onnx/constants.js';
import { layersOf } from '../onnx/layers.js';
import type { Model } from '../onnx/model.js';
import { nearer, targetsBehindBlocks } from './block-targets.js';
import type { LayerDatabase } from './database.js';
import { ITERATIONS } from './effort.js';
import { mixedTargets } from './mixed-targets.js';
import type { Target } from './places.js';
import type { Recovery } from './recoveries.js';
import { fewNotes, NOTHING, sharingNotes, unfitNotes } from './recovery-notes.js';
import { refitInOrder } from './refit-in-order.js';
import { inRunningOrder } from './running-order.js';

export interface RecoveryOptions {
  /** Default `least-squares`. */
  readonly recovery?: Recovery;
  /** Weight of staying near the compressed weights, in units of the mean square of an input. Default `usualRidge`. */
  readonly ridge?: number;
  /** Most iterations a layer. Default {@link ITERATIONS}. */
  readonly iterations?: number;
  readonly signal?: AbortSignal;
  /**
   * Which output features of the original a layer has kept, by the name of its weight, ascending; all of them where a weight
   * is not named (see `keptIndices`).
   */
  readonly kept?: ReadonlyMap<string, readonly number[]>;
}

/**
 * The compressed model with the remaining weights of every layer changed, one layer after the other, so that from the compressed
 * network's own inputs it gives what the original layer gave, at places drawn from the samples:
 *
 * - `least-squares`: every weight that is not zero, and the bias, refitted (He, Zhang and Sun, "Channel Pruning for Accelerating Very Deep
 *   Neural Networks", ICCV 2017, equation 3, with every weight free). Where the output is added to another branch, the sum is
 *   fitted, so that the layer also makes good what that branch has lost (their section 3.3). Where an activation function reads the result,
 *   what it lets through counts (see `activatedLeastSquares`). Channels that go straight from some layers to others become mixtures (see
 *   `mixedTargets`).
 *   A layer before a residual block that has left is fitted to what that gave, where the answers come decisively nearer so (see `nearer`).
 * - `channel-statistics`: a scale for the weights of every output feature, and its bias, so that its mean and deviation are the original's.
 * - both, in this order.
 *
 * Zeros stay zeros. Labels are not used and nothing is trained. Layers that share a weight are fitted together (see `refitInOrder`).
 *
 * `compressed` must come from the original of the database by removing channels and blocks and zeroing weights: layers are matched by name. Layers
 * that are not `Refittable` stay as they are; a note says which, and another which of them share a weight with something else. Another
 * says which had fewer places than inputs: those stay near their compressed weights.
 *
 * One inference of the samples, and for a layer of K inputs an output, F outputs and S places S K^2 / 2 + iterations K^2 F multiplications
 * in ONNX Runtime; all of it twice where layers stand before a block that has left. Throws an InputError when the models do not fit each other.
 */
export async function recover(
  database: LayerDatabase,
  compressed: Model,
  { recovery = 'least-squares', ridge, iterations = ITERATIONS, signal, kept }: RecoveryOptions = {},
): Promise<{ readonly model: Model; readonly notes: readonly string[] }> {
  if (recovery === 'none') return { model: compressed, notes: [] };
  const { model, steps, sharing } = inRunningOrder(compressed);
  const shared = sharingNotes(sharing);
  if (steps.length === 0) return { model: compressed, notes: [NOTHING, ...shared] };
  const known = new Set([...sharing, ...steps.flat().map(({ layer }) => layer.name)]);
  const unfit = layersOf(compressed).layers.filter(({ name }) => !known.has(name));
  const notes = [...shared, ...unfitNotes(unfit.map(({ operator, name }) => `${operator} ${name}`))];
  const products = await openProducts(database.threads);
  try {
    const layers = steps.flat();
    const fits = recovery !== 'channel-statistics';
    const refittedTo = async (targets: ReadonlyMap<string, Target>) => {
      const wanted =
        kept && fits
          ? await mixedTargets(database, compressed, layers, { targets, kept })
          : { targets, kept };
      const fitting = { recovery, ridge, iterations };
      return refitInOrder(database, { model, steps }, { ...wanted, fitting, products, signal });
    };
    const targets = await database.targets();
    const behind = fits ? await targetsBehindBlocks(database, model, layers) : undefined;
    const asBefore = await refittedTo(targets);
    const refitted = behind
      ? await nearer(database, asBefore, await refittedTo(new Map([...targets, ...behind])))
      : asBefore;
    // The nodes in the order in which they came.
    const weights = constantsOf(refitted.model.graph);
    return {
      model: { ...compressed, graph: withConstants(compressed.graph, weights) },
      notes: [...notes, ...fewNotes(refitted.few)],
    };
  } finally {
    await products.release();
  }
}
