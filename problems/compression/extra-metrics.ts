import { gzipSync } from 'node:zlib';
import { packedSizeOf } from './coding/packed-size.js';
import { comparedAnswers } from './inference/compared-answers.js';
import type { Inference } from './inference/evaluator.js';
import { multiplicationsOf } from './inference/multiplications.js';
import type { PairedDifference } from './inference/paired-difference.js';

/** What an evaluation measures where it is asked for, beside its answers and times. */
export type ExtraFigure = 'accuracyLow' | 'agreement' | 'gzipSize' | 'packedSize' | 'macs';

/** The figures of one network that were asked for. */
export interface ExtraFigures {
  readonly values: Readonly<Partial<Record<ExtraFigure, number>>>;
  /** Of the accuracies, against the uncompressed network; with `accuracyLow`. */
  readonly difference?: PairedDifference;
}

/** Measures what is named (other names are passed over) of a network with these predictions; nothing else is computed. */
export async function measureExtras(
  names: readonly string[],
  inference: Inference,
  bytes: Uint8Array,
  predictions: Int32Array,
  signal?: AbortSignal,
): Promise<ExtraFigures> {
  const asked = new Set(names);
  const paired = asked.has('accuracyLow') || asked.has('agreement');
  const beside = paired
    ? comparedAnswers(inference.labels, await inference.baselinePredictions(signal), predictions)
    : undefined;
  const values: Partial<Record<ExtraFigure, number>> = {};
  if (beside && asked.has('accuracyLow')) values.accuracyLow = beside.accuracy + beside.difference.low;
  if (beside && asked.has('agreement')) values.agreement = beside.agreement;
  if (asked.has('gzipSize')) values.gzipSize = gzipSync(bytes, { level: 9 }).length;
  if (asked.has('packedSize')) values.packedSize = packedSizeOf(bytes);
  if (asked.has('macs')) values.macs = await multiplicationsOf(bytes, inference.sampleShape);
  return asked.has('accuracyLow') ? { values, difference: beside!.difference } : { values };
}
