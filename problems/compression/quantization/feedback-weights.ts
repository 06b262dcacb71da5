import { feedbackOf, levelsWith } from '../coding/packing/error-feedback.js';
import type { Dataset } from '../data/dataset.js';
import { constantsOf } from '../onnx/constants.js';
import type { Model } from '../onnx/model.js';
import { toFloat32 } from '../onnx/tensor.js';
import { columnsOf } from '../recovery/columns.js';
import { indexOf } from '../recovery/patches.js';
import { refittableLayers } from '../recovery/refittable.js';
import { type InputMoments, inputMoments } from './input-moments.js';
import { type Int8Weights, quantizeWeights } from './int8-weights.js';

export interface FeedbackOptions {
  readonly calibration: Dataset;
  readonly threads: number;
  /** Samples used, the first so many. */
  readonly count: number;
  readonly signal?: AbortSignal;
  /** A scale for every output feature, rather than one in all. */
  readonly perChannel: boolean;
  /** The largest level, 127 or 63. */
  readonly levels: number;
  /** Names of layers that stay in float. */
  readonly exclude?: ReadonlySet<string>;
}

/**
 * The int8 weights of every layer that can be refitted, by the name of the weight, with the scales of `quantizeWeights`: the inputs of a
 * layer are rounded one after the other, and what each loses is made good by those after it among 256, so that the outputs change least on the samples, their
 * means above all (Frantar et al. 2022, "GPTQ"). One inference of the samples, and 128 multiplications a weight.
 */
export async function feedbackWeights(
  model: Model,
  { calibration, perChannel, levels, exclude, ...run }: FeedbackOptions,
): Promise<Map<string, Int8Weights>> {
  const constants = constantsOf(model.graph);
  const layers = refittableLayers(model).filter(
    ({ layer }) =>
      layer.operator !== 'ConvTranspose' &&
      !exclude?.has(layer.name) &&
      toFloat32(constants.get(layer.weight)!).every(Number.isFinite),
  );
  const moments = await inputMoments(model, layers, calibration, run);
  const found = new Map<string, Int8Weights>();
  for (const entry of layers) {
    const { geometry, layer } = entry;
    const { size, features, groups, rows } = geometry;
    const weights = toFloat32(constants.get(layer.weight)!);
    const channels = perChannel ? features : 1;
    const inner = perChannel ? (rows ? size : 1) : weights.length;
    const { scales } = quantizeWeights(weights, channels, inner, levels);
    const values = new Int8Array(weights.length);
    const each = features / groups;
    const matrix = { rows: 1, columns: size, rowStride: size, columnStride: 1 };
    const blocks = moments.get(layer.name)!;
    for (const [group, columns] of columnsOf(model, entry).entries()) {
      const feedback = blocks[group].map((block) => feedbackOf(block, dampingOf(block)));
      for (let f = 0; f < each; f++) {
        const feature = group * each + f;
        const row = Float32Array.from({ length: size }, (_, k) => columns[k * each + f]);
        const step = scales[perChannel ? feature : 0];
        levelsWith(row, matrix, feedback, step).forEach((level, k) => {
          values[indexOf(geometry, feature, k)] = Math.max(-levels, Math.min(levels, level));
        });
      }
    }
    found.set(layer.weight, { values, scales });
  }
  return found;
}

/** Added to the moments, as a share of the mean square: little, and more where few places say what they are. */
const dampingOf = ({ size, places }: InputMoments) => 0.01 + 0.3 * (size / places) ** 2;
