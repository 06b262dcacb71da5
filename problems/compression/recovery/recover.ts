import { InputError } from '../../../src/index.js';
import { openProducts, type Products } from '../inference/products.js';
import { openStepwiseRun } from '../inference/stepwise.js';
import { constantsOf, withConstants } from '../onnx/constants.js';
import type { Model } from '../onnx/model.js';
import { activatedLeastSquares } from './activated-least-squares.js';
import { columnsOf, withColumns } from './columns.js';
import type { LayerDatabase } from './database.js';
import { effortOf, ITERATIONS, usualRidge } from './effort.js';
import { maskedLeastSquares } from './masked-least-squares.js';
import { matchStatistics } from './match-statistics.js';
import { mixedTargets } from './mixed-targets.js';
import { layerData, type Moments, momentsOf, type Patches, repeatablePatches } from './moments.js';
import type { Recovery } from './recoveries.js';
import { type Few, fewNotes, NOTHING, sharingNotes } from './recovery-notes.js';
import { inRunningOrder, type Refittable } from './refittable.js';

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
 * - `channel-statistics`: a scale for the weights of every output feature, and its bias, so that its mean and deviation are the original's.
 * - both, in this order.
 *
 * Zeros stay zeros. Labels are not used and nothing is trained.
 *
 * `compressed` must come from the original of the database by removing channels and blocks and zeroing weights: layers are matched by name. Layers
 * that are not `Refittable` stay as they are; a note says so where these are all, and which of them share a weight. Another says which had
 * fewer places than inputs: those stay near their compressed weights.
 *
 * One inference of the samples, and for a layer of K inputs an output, F outputs and S places S K^2 / 2 + iterations K^2 F multiplications
 * in ONNX Runtime. Throws an InputError when the models do not fit each other.
 */
export async function recover(
  database: LayerDatabase,
  compressed: Model,
  { recovery = 'least-squares', ridge, iterations = ITERATIONS, signal, kept: given }: RecoveryOptions = {},
): Promise<{ readonly model: Model; readonly notes: readonly string[] }> {
  if (recovery === 'none') return { model: compressed, notes: [] };
  const { model, layers, sharing } = inRunningOrder(compressed);
  const notes = sharingNotes(sharing);
  if (layers.length === 0) return { model: compressed, notes: [NOTHING, ...notes] };
  const few: Few[] = [];
  const { threads, dataset } = database;
  const products = await openProducts(threads);
  try {
    const { targets, kept } =
      given && recovery !== 'channel-statistics'
        ? await mixedTargets(database, compressed, layers, given)
        : { targets: await database.targets(), kept: given };
    const run = await openStepwiseRun(model, dataset, { threads, signal });
    let current = model;
    for (const entry of layers) {
      signal?.throwIfAborted();
      const { layer, geometry } = entry;
      await run.advance(current.graph, layer.node);
      const data = layerData(entry, current.graph, targets, run, kept?.get(layer.weight));
      if (!data) continue;
      if (data.kept.length !== geometry.features)
        throw new InputError(
          `recovery needs to know the ${geometry.features} features that layer ${layer.name} has kept, got ${data.kept.length}`,
        );
      const patches = repeatablePatches(data);
      const moments = await momentsOf(data, products, patches);
      if (recovery !== 'channel-statistics' && moments[0].places < moments[0].size)
        few.push({ name: layer.name, ...moments[0] });
      const present = columnsOf(current, entry);
      const fitting = { recovery, ridge: ridge ?? usualRidge(moments[0]), iterations };
      const columns = await recovered(present, { entry, patches, moments }, fitting, products);
      if (columns.every((column) => column.every(Number.isFinite)))
        current = withColumns(current, entry, columns);
    }
    // The nodes in the order in which they came.
    const weights = constantsOf(current.graph);
    return {
      model: { ...compressed, graph: withConstants(compressed.graph, weights) },
      notes: [...notes, ...fewNotes(few)],
    };
  } finally {
    await products.release();
  }
}

interface Fitting {
  readonly recovery: Recovery;
  readonly ridge: number;
  readonly iterations: number;
}

/** What a layer is fitted with. */
interface Fitted {
  readonly entry: Refittable;
  readonly patches: Iterable<Patches>;
  readonly moments: readonly Moments[];
}

/** The weights of a layer changed, a group each. */
async function recovered(
  present: readonly Float32Array[],
  { entry, patches, moments }: Fitted,
  { recovery, ...fitting }: Fitting,
  products: Products,
): Promise<readonly Float32Array[]> {
  const { bias, geometry, activation } = entry;
  let columns = present;
  if (recovery !== 'channel-statistics') {
    const free = present.map((column) => {
      const mask = new Uint8Array(column.length);
      for (let i = 0; i < mask.length; i++) mask[i] = column[i] === 0 ? 0 : 1;
      return mask.fill(bias === null ? 0 : 1, mask.length - geometry.features / geometry.groups);
    });
    const { enough, ...rounds } = effortOf(geometry);
    const fitted: Float32Array[] = [];
    for (const [group, column] of present.entries())
      fitted.push(
        await maskedLeastSquares(moments[group], column, free[group], { ...fitting, enough }, products),
      );
    const seeing = { ...rounds, ridge: fitting.ridge, near: present, free };
    columns = activation
      ? await activatedLeastSquares(fitted, patches, moments, activation, seeing, products)
      : fitted;
  }
  if (recovery !== 'least-squares')
    for (const [group, column] of columns.entries()) matchStatistics(column, moments[group], bias !== null);
  return columns;
}
