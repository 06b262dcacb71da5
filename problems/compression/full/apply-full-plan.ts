import type { Dataset } from '../data/dataset.js';
import { observeActivations } from '../inference/activations.js';
import { evaluateConstants } from '../inference/constants.js';
import { mapTensors } from '../onnx/edit.js';
import { layersOf } from '../onnx/layers.js';
import type { Model } from '../onnx/model.js';
import { dataOf, widthOf, withRawData } from '../onnx/tensor.js';
import { selectChannels } from '../pruning/channel-selection.js';
import { keptIndices, removeChannels } from '../pruning/remove-channels.js';
import { traceChannels } from '../pruning/trace-channels.js';
import { quantizationOf } from '../quantization/activation-range.js';
import { quantizeDynamic } from '../quantization/dynamic-int8.js';
import { activationsToObserve, quantizeStatic } from '../quantization/static-int8.js';
import { recoverByLeastSquares } from '../recovery/least-squares.js';
import { foldBatchNorms } from '../simplify/batch-norm.js';
import { foldConstants } from '../simplify/constants.js';
import { flushDenormals } from '../simplify/denormals.js';
import type { FullPlan } from './full-plan.js';
import { zeroWeights } from './zero-weights.js';

/** What recovery and calibration work with. */
export interface ApplyOptions {
  /** Samples, of which no labels are read, for recovery and calibration: disjoint from those that measure accuracy. */
  readonly calibration: Dataset;
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/**
 * The network that a plan makes of a model: simplified, then pruned, recovered and quantized. `notes` say what was left as
 * it is, and why. Throws an InputError when the plan does not fit the model or the samples do not.
 */
export async function applyFullPlan(
  model: Model,
  plan: FullPlan,
  options: ApplyOptions,
): Promise<{ readonly model: Model; readonly notes: readonly string[] }> {
  const original = await simplified(model);
  const { channels, zeros, recovery = 'none', quantization = { kind: 'none' } } = plan;
  const notes: string[] = [];
  let current = original;
  let kept: ReadonlyMap<string, readonly number[]> | undefined;
  if (channels) {
    const traced = traceChannels(original.graph);
    const { scope = 'local', criterion = 'l1' } = channels;
    const removed = selectChannels(original.graph, traced, { ...channels, scope, criterion });
    current = removeChannels(original, traced, removed);
    kept = keptIndices(traced, removed);
    notes.push(...traced.notes);
  }
  if (zeros) current = zeroWeights(current, zeros.share, zeros.scope ?? 'global');
  if (recovery === 'least-squares')
    current = await recoverByLeastSquares(original, current, {
      ...options,
      dataset: options.calibration,
      kept,
    });
  if (quantization.kind === 'dynamic-int8') {
    const quantized = quantizeDynamic(current, layersOf(current).layers);
    return { model: quantized.model, notes: [...notes, ...quantized.notes] };
  }
  if (quantization.kind !== 'static-int8') return { model: current, notes };
  const { perChannel = true, calibration = 'min-max', reducedRange } = quantization;
  const exclude = new Set(quantization.exclude);
  const names = activationsToObserve(current, exclude);
  const observed = await observeActivations(current, names, options.calibration, { ...options, count: 256 });
  const activations = new Map([...observed].map(([name, seen]) => [name, quantizationOf(seen, calibration)]));
  const quantized = quantizeStatic(current, { activations, perChannel, reducedRange, exclude });
  return { model: quantized.model, notes: [...notes, ...quantized.notes] };
}

/** The free first steps, for a model and for what it is compared with. */
export async function simplified(model: Model): Promise<Model> {
  const flushed = mapTensors(model, (tensor) => {
    if (tensor.dataLocation !== 0 || widthOf(tensor.dataType) === undefined) return tensor;
    const data = dataOf(tensor).slice();
    return flushDenormals(data, tensor.dataType) > 0 ? withRawData(tensor, data) : tensor;
  });
  return foldBatchNorms(await foldConstants(flushed, evaluateConstants));
}
