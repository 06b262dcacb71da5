import type { Dataset } from '../data/dataset.js';
import { constantsOf, withConstants } from '../onnx/constants.js';
import type { Model } from '../onnx/model.js';
import { computesInHalf, inSinglePrecision } from '../onnx/single-precision.js';
import { rawOf, toFloat32, withRawData } from '../onnx/tensor.js';
import { type ChannelCriterion, isMeasured, selectChannels } from '../pruning/channel-selection.js';
import { removeDeadChannels } from '../pruning/dead-channels.js';
import { keptIndices, removeChannels } from '../pruning/remove-channels.js';
import { withoutBlocks } from '../pruning/residual-blocks.js';
import { traceChannels } from '../pruning/trace-channels.js';
import { whyWhole } from '../pruning/whole-groups.js';
import { quantize } from '../quantization/catalogue.js';
import { storeAsFloat16 } from '../quantization/float16-storage.js';
import { checkExcluded } from '../quantization/quantization.js';
import { type LayerDatabase, openLayerDatabase } from '../recovery/database.js';
import { recover } from '../recovery/recover.js';
import type { Recovery } from '../recovery/recoveries.js';
import { removableBlocks } from '../recovery/removable-blocks.js';
import { simplified } from '../simplify/simplified.js';
import type { FullPlan } from './full-plan.js';
import { zeroWeights } from './zero-weights.js';

/** What recovery and calibration work with. */
export interface ApplyOptions {
  /** Samples, of which no labels are read, for recovery and calibration: disjoint from those that measure accuracy. */
  readonly calibration: Dataset;
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** What is known of the layers of the model, opened with `openLayerDatabase` on the model simplified: spares many plans the same work. */
  readonly database?: LayerDatabase;
}

/** What a plan makes of a model. */
export interface AppliedPlan {
  readonly model: Model;
  /** The same before it was quantized. */
  readonly pruned: Model;
  /** What was left as it is, and why. */
  readonly notes: readonly string[];
}

/**
 * The network that a plan makes of a model: simplified, then pruned, recovered and quantized. Throws an InputError when the
 * plan does not fit the model or the samples do not.
 */
export async function applyFullPlan(
  model: Model,
  plan: FullPlan,
  options: ApplyOptions,
): Promise<AppliedPlan> {
  const { channels, blocks = [], zeros, recovery = 'none', quantization = { kind: 'none' } } = plan;
  const original = options.database?.original ?? (await simplified(inSinglePrecision(model)));
  checkExcluded(original, quantization);
  const needed =
    recovery !== 'none' ||
    zeros?.criterion === 'second-order' ||
    (channels?.criterion !== undefined && isMeasured(channels.criterion));
  const database =
    options.database ??
    (needed ? await openLayerDatabase(original, options.calibration, options) : undefined);
  const notes: string[] = [];
  let current = original;
  let costs = zeros?.criterion === 'second-order' ? await database!.zeroCosts() : undefined;
  let kept: ReadonlyMap<string, readonly number[]> | undefined;
  if (channels) {
    const traced = traceChannels(original.graph);
    const { scope = 'local', criterion = usualCriterion(scope, recovery) } = channels;
    const scores = isMeasured(criterion) ? await scoresOf(criterion, database!) : undefined;
    const selection = { ...channels, scope, criterion, scores };
    const removed = selectChannels(original.graph, traced, selection);
    current = removeChannels(original, traced, removed);
    kept = keptIndices(traced, removed);
    costs &&= costsWithout(original, costs, (costly) => removeChannels(costly, traced, removed));
    notes.push(...traced.notes, ...whyWhole(traced, removed, selection));
  }
  if (blocks.length > 0) {
    const removable = await (database?.blocks() ?? removableBlocks(original, options.calibration, options));
    current = withoutBlocks(current, blocks, removable);
  }
  if (zeros) current = zeroWeights(current, zeros.share, zeros.scope ?? 'global', costs);
  if (recovery !== 'none') {
    const recovered = await recover(database!, current, { recovery, kept, signal: options.signal });
    current = recovered.model;
    notes.push(...recovered.notes);
  }
  if (zeros) current = removeDeadChannels(current);
  const quantized = await quantize(current, quantization, options);
  notes.push(...quantized.notes);
  // What was float16 is stored so again; it was widened to be worked with.
  const half = computesInHalf(model);
  if (half) notes.push('the model computed in float16, and computes in float32 now');
  return { model: half ? storeAsFloat16(quantized.model).model : quantized.model, pruned: current, notes };
}

/**
 * By the error that the layers are refitted to where they are, in every group by itself: with half of its channels (`multipleOf` 8, 512 samples)
 * ResNet-20 has 68.9 % so and 58.9 % by `l1`. Not in all groups together, where each filter is measured for itself.
 */
const usualCriterion = (scope: 'local' | 'global', recovery: Recovery): ChannelCriterion =>
  scope === 'local' && recovery.startsWith('least-squares') ? 'least-squares' : 'l1';

const scoresOf = (criterion: 'mean-activation' | 'least-squares', database: LayerDatabase) =>
  criterion === 'least-squares' ? database.channelCosts() : database.channelActivations();

/** The costs of the weights that are left when channels go: they are cut as the weights are. */
function costsWithout(
  { graph, ...model }: Model,
  costs: ReadonlyMap<string, Float32Array>,
  cut: (model: Model) => Model,
): Map<string, Float32Array> {
  const constants = constantsOf(graph);
  const costly = new Map(
    [...costs].map(([name, values]) => {
      const weight = constants.get(name)!;
      return [name, withRawData(weight, rawOf(weight.dataType, values.slice()))] as const;
    }),
  );
  const left = constantsOf(cut({ ...model, graph: withConstants(graph, costly) }).graph);
  return new Map([...costs.keys()].map((name) => [name, toFloat32(left.get(name)!)]));
}
