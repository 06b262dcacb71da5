import { InputError, show } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import type { DesignSpace } from '../design-space.js';
import type { CompressionMetric } from '../metrics.js';
import type { Model } from '../onnx/model.js';
import { computesInHalf, inSinglePrecision } from '../onnx/single-precision.js';
import { writeModel } from '../onnx/write.js';
import { type Applied, nonZeroOf, prepare } from '../plan.js';
import { traceChannels } from '../pruning/trace-channels.js';
import { storeAsFloat16 } from '../quantization/float16-storage.js';
import { openLayerDatabase } from '../recovery/database.js';
import { simplified } from '../simplify/simplified.js';
import { applyFullPlan } from './apply-full-plan.js';
import { blockOrder } from './block-order.js';
import { fullDesign } from './design-space.js';
import { fittingChoices, fittingChoicesFor } from './fitting-choices.js';
import type { FullPlan } from './full-plan.js';
import { floatAlone, quantizationsFor } from './quantization-choices.js';
import { remainingCounts } from './remaining.js';
import { stagesOf } from './stages.js';

/** What whole plans on a network are made with. */
export interface FullSpaceOptions {
  /** The name of the model, for messages. */
  readonly name: string;
  /** Samples for recovery and calibration; see `ApplyOptions`. */
  readonly calibration: Dataset;
  readonly objectives: readonly CompressionMetric[];
  readonly threads: number;
}

/** Metrics that zeros among the weights improve. */
const SEES_ZEROS: ReadonlySet<CompressionMetric> = new Set(['nonZeroRate', 'gzipSize', 'packedSize']);
/** Metrics that the way in which numbers are stored and computed improves; a container codes them in a way of its own. */
const SEES_QUANTIZATION: ReadonlySet<CompressionMetric> = new Set(['size', 'gzipSize', 'time', 'time1']);
/** Bytes of networks that are kept, so that one that is asked for again soon (for its times, for its file) is not made again. */
const MOST_KEPT = 2 ** 28;

/**
 * Whole plans on one network: channels, residual blocks, zeros, recovery, quantization (see `fullDesign`). What it is compared with is the network
 * after the free first steps. What cannot be done to the network is left out of the variables, with a note. Throws an InputError
 * when nothing can be.
 */
export async function openFullSpace(model: Model, options: FullSpaceOptions): Promise<DesignSpace<FullPlan>> {
  const { name, calibration, objectives, threads } = options;
  const free = await simplified(inSinglePrecision(model));
  const original = prepare(free);
  // Channels that were dead from the start count, biases that batch-norms left do not.
  const total = Math.max(prepare(model).total, original.total);
  const database = await openLayerDatabase(free, calibration, { threads });
  const apply = { calibration, threads, database };
  const traced = traceChannels(free.graph);
  const stages = stagesOf(free.graph, traced);
  const removable = await database.blocks();
  const { choices, notes } = objectives.some((objective) => SEES_QUANTIZATION.has(objective))
    ? await quantizationsFor(model, apply)
    : floatAlone;
  const zeros = original.layers.length > 0 && objectives.some((objective) => SEES_ZEROS.has(objective));
  if (stages.length === 0 && removable.length < 2 && choices.length === 1 && !zeros)
    throw new InputError(
      `a model must have channels or residual blocks to remove or layers to quantize, got none in ${show(name)} (${[...original.notes, ...traced.notes, ...notes].join('; ')})`,
    );
  const layers = original.layers.map((layer) => layer.name);
  const removes = stages.length > 0 || removable.length > 1 || zeros;
  const fitting = removes ? await fittingChoicesFor(database) : { ...fittingChoices, notes: [] };
  const blocks = await blockOrder(database, removable, fitting.recoveries[fitting.recoveries.length - 1]);
  const design = fullDesign({ stages, blocks, layers, quantizations: choices, zeros, fitting });
  const keep = recentlyMade();
  return {
    ...design,
    layers: original.layers,
    baseline: {
      bytes: writeModel(computesInHalf(model) ? storeAsFloat16(free).model : free),
      nonZero: nonZeroOf(original.tensors),
      total,
    },
    notes: [
      ...original.notes,
      ...traced.notes,
      ...(stages.length === 0 ? ['no channels can be removed: none are wide enough and free to go'] : []),
      ...notes,
      ...fitting.notes,
    ],
    make: (plan, signal) =>
      keep(JSON.stringify(plan), async () => {
        const applied = await applyFullPlan(model, plan, { ...apply, signal });
        const tensors = remainingCounts(original, applied.pruned);
        return {
          bytes: writeModel(applied.model),
          tensors,
          nonZero: nonZeroOf(tensors),
          total,
          notes: applied.notes,
        };
      }),
    // Which weights become zero depends on what channels leave, and on the samples.
    counts: () => undefined,
  };
}

/** Remembers what was made last, as many as fit in {@link MOST_KEPT}. */
function recentlyMade(): (key: string, make: () => Promise<Applied>) => Promise<Applied> {
  const kept = new Map<string, Applied>();
  let bytes = 0;
  return async (key, make) => {
    const known = kept.get(key);
    const made = known ?? (await make());
    kept.delete(key);
    kept.set(key, made);
    if (!known) bytes += made.bytes.length;
    for (const [oldest, { bytes: file }] of kept) {
      if (bytes <= MOST_KEPT || oldest === key) break;
      kept.delete(oldest);
      bytes -= file.length;
    }
    return made;
  };
}
