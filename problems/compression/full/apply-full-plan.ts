import type { Dataset } from '../data/dataset.js';
import { evaluateConstants } from '../inference/constants.js';
import { constantsOf, withConstants } from '../onnx/constants.js';
import { inVersion4, mapTensors } from '../onnx/edit.js';
import type { Model } from '../onnx/model.js';
import { dataOf, rawOf, toFloat32, widthOf, withRawData } from '../onnx/tensor.js';
import { isMeasured, selectChannels } from '../pruning/channel-selection.js';
import { removeDeadChannels } from '../pruning/dead-channels.js';
import { keptIndices, removeChannels } from '../pruning/remove-channels.js';
import { traceChannels } from '../pruning/trace-channels.js';
import { whyWhole } from '../pruning/whole-groups.js';
import { quantize } from '../quantization/catalogue.js';
import { checkExcluded } from '../quantization/quantization.js';
import { type LayerDatabase, openLayerDatabase } from '../recovery/database.js';
import { recover } from '../recovery/recover.js';
import { foldBatchNorms } from '../simplify/batch-norm.js';
import { foldConstants } from '../simplify/constants.js';
import { flushDenormals } from '../simplify/denormals.js';
import { withoutPassThrough } from '../simplify/pass-through.js';
import { foldShapes } from '../simplify/shapes.js';
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
  const { channels, zeros, recovery = 'none', quantization = { kind: 'none' } } = plan;
  const original = options.database?.original ?? (await simplified(model));
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
    const { scope = 'local', criterion = 'l1' } = channels;
    const scores = isMeasured(criterion) ? await scoresOf(criterion, database!) : undefined;
    const selection = { ...channels, scope, criterion, scores };
    const removed = selectChannels(original.graph, traced, selection);
    current = removeChannels(original, traced, removed);
    kept = keptIndices(traced, removed);
    costs &&= costsWithout(original, costs, (costly) => removeChannels(costly, traced, removed));
    notes.push(...traced.notes, ...whyWhole(traced, removed, selection));
  }
  if (zeros) current = zeroWeights(current, zeros.share, zeros.scope ?? 'global', costs);
  if (recovery !== 'none') {
    const recovered = await recover(database!, current, { recovery, kept, signal: options.signal });
    current = recovered.model;
    notes.push(...recovered.notes);
  }
  if (zeros) current = removeDeadChannels(current);
  const quantized = await quantize(current, quantization, options);
  return { model: quantized.model, pruned: current, notes: [...notes, ...quantized.notes] };
}

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

/** The free first steps, for a model and for what it is compared with. */
export async function simplified(model: Model): Promise<Model> {
  const flushed = mapTensors(model, (tensor) => {
    if (tensor.dataLocation !== 0 || widthOf(tensor.dataType) === undefined) return tensor;
    const data = dataOf(tensor).slice();
    return flushDenormals(data, tensor.dataType) > 0 ? withRawData(tensor, data) : tensor;
  });
  const shaped = await foldShapes(inVersion4(flushed), evaluateConstants);
  const plain = withoutPassThrough(await foldConstants(shaped, evaluateConstants));
  return removeDeadChannels(foldBatchNorms(plain));
}
