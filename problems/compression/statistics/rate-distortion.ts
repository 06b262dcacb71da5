import type {
  NetworkOnData,
  QuantizerCell,
  RateDistortion,
  RateDistortionPoint,
} from '../../../src/index.js';
import { InputError, SCOPES, show } from '../../../src/index.js';
import { packablesOf } from '../coding/packing/packables.js';
import { quantizerNamed, quantizers } from '../coding/quantizers/catalogue.js';
import { loadBeside } from '../data/load-beside.js';
import { fingerprintOf } from '../fingerprint.js';
import { openInference } from '../inference/evaluator.js';
import { versionsOf } from '../inference/runtime.js';
import { loadModel } from '../onnx/load.js';
import { readModel } from '../onnx/read.js';
import { modelPath } from '../open.js';
import { prepare } from '../plan.js';
import { sampleShapeOf } from '../problem.js';
import { quantizedWeights } from './quantized-weights.js';

/**
 * Opens a model and data for a rate-distortion study: what its weights cost under a quantizer, and how many answers stay right,
 * by real inference. Weights alone are quantized; biases, few and of other ranges, stay as they are.
 *
 * Throws an InputError on an unusable model (no constant weights, NaN or infinite ones) and whatever opening data throws.
 */
export async function openRateDistortion(request: NetworkOnData): Promise<RateDistortion> {
  const { limit, mean, std, threads } = request;
  const path = modelPath(request.model);
  const loaded = loadModel(path);
  const { bytes, notes } = prepare(loaded);
  const weights = packablesOf(readModel(bytes, path)).filter(({ role }) => role === 'weight');
  if (weights.length === 0)
    throw new InputError(
      `a model must have layers with constant weights to be quantized, got none in ${show(request.model)}${notes.map((note) => ` (${note})`).join('')}`,
    );
  const sampleShape = sampleShapeOf(loaded);
  const dataset = await loadBeside(path, request.data, { limit, mean, std, sampleShape });
  const inference = await openInference({ baseline: bytes, dataset, threads });
  const answers = async (model: Uint8Array, signal?: AbortSignal) => {
    const { correct, top5, count } = await inference.evaluate(model, { signal });
    return { correct, withinFive: Math.round(top5 * count) };
  };
  try {
    return {
      data: dataset.name,
      images: dataset.count,
      weights: weights.reduce((sum, { values }) => sum + values.length, 0),
      baseline: await answers(bytes),
      fingerprint: await fingerprintOf(bytes, dataset),
      versions: versionsOf(inference.runtime),
      notes,
      async measure(cell, signal): Promise<RateDistortionPoint> {
        const { entropy, bits, bytes: quantized } = quantizedWeights(bytes, weights, cell);
        return { ...cell, entropy, bits, ...(await answers(quantized, signal)) };
      },
      close: () => inference.close(),
    };
  } catch (error) {
    await inference.close();
    throw error;
  }
}

/** Every quantizer of the catalogue at every number of levels (its own, where it has one) and scope, the coarsest first. */
export function quantizerCells(
  levels: readonly number[] = POWERS,
  names: readonly string[] = quantizers.map(({ name }) => name),
  scopes: readonly QuantizerCell['scope'][] = SCOPES,
): QuantizerCell[] {
  names.forEach(quantizerNamed);
  const wrong = levels.find(
    (count) => !(Number.isInteger(Math.log2(count)) && count >= 4 && count <= 2 ** 16),
  );
  if (wrong !== undefined)
    throw new InputError(`levels must be powers of two from 4 to 65536, got ${show(wrong)}`);
  return quantizers
    .filter(({ name }) => names.includes(name))
    .flatMap((family) =>
      (family.levels === undefined ? levels : [family.levels]).flatMap((count) =>
        scopes.map((scope) => ({ quantizer: family.name, levels: count, scope })),
      ),
    )
    .sort((a, b) => a.levels - b.levels);
}

/** 2^2 to 2^12. */
const POWERS: readonly number[] = Array.from({ length: 11 }, (_, i) => 2 ** (i + 2));
