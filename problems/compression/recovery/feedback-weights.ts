import { feedbackOf, levelsWith } from '../coding/packing/error-feedback.js';
import type { Dataset } from '../data/dataset.js';
import { constantsOf } from '../onnx/constants.js';
import type { Model } from '../onnx/model.js';
import { toFloat32 } from '../onnx/tensor.js';
import { type Int8Weights, quantizeWeights } from '../quantization/int8-weights.js';
import { columnsOf } from './columns.js';
import { openLayerDatabase } from './database.js';
import { covarianceOf } from './inverse.js';
import { indexOf } from './patches.js';

export interface FeedbackOptions {
  readonly calibration: Dataset;
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** A scale for every output feature, rather than one in all. */
  readonly perChannel: boolean;
  /** The largest level, 127 or 63. */
  readonly levels: number;
}

/**
 * The int8 weights of every layer that can be refitted, by the name of the weight, with the scales of `quantizeWeights`: the inputs of a
 * layer are rounded one after the other, and what each loses is made good by those after it, so that the outputs change least on the samples
 * (Frantar et al. 2022, "GPTQ"). K^3 + K^2 F / 2 multiplications a layer of K inputs an output and F outputs.
 */
export async function feedbackWeights(
  model: Model,
  { calibration, threads, signal, perChannel, levels }: FeedbackOptions,
): Promise<Map<string, Int8Weights>> {
  const database = await openLayerDatabase(model, calibration, { threads, signal });
  const constants = constantsOf(model.graph);
  const found = new Map<string, Int8Weights>();
  for (const { entry, moments } of await database.layers()) {
    const { geometry, layer } = entry;
    const { size, features, groups, rows } = geometry;
    const weights = toFloat32(constants.get(layer.weight)!);
    if (!weights.every(Number.isFinite)) continue;
    const channels = perChannel ? features : 1;
    const inner = perChannel ? (rows ? size : 1) : weights.length;
    const { scales } = quantizeWeights(weights, channels, inner, levels);
    const values = new Int8Array(weights.length);
    const each = features / groups;
    for (const [group, columns] of columnsOf(model, entry).entries()) {
      const covariance = covarianceOf(moments[group], 0, size, false);
      const feedback = feedbackOf({ first: 0, size, mean: new Float64Array(size), covariance });
      for (let f = 0; f < each; f++) {
        const feature = group * each + f;
        const row = Float32Array.from({ length: size }, (_, k) => columns[k * each + f]);
        const matrix = { rows: 1, columns: size, rowStride: size, columnStride: 1 };
        const step = scales[perChannel ? feature : 0];
        levelsWith(row, matrix, [feedback], step).forEach((level, k) => {
          values[indexOf(geometry, feature, k)] = Math.max(-levels, Math.min(levels, level));
        });
      }
    }
    found.set(layer.weight, { values, scales });
  }
  return found;
}
