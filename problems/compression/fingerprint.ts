import { createHash } from 'node:crypto';
import type { Dataset } from './data/dataset.js';
import { throughSamples } from './data/through-samples.js';

/**
 * What a run's figures depend on, as SHA-256 in hexadecimal: the model's bytes (data files included), and each set of data as the
 * network sees it (normalised samples and labels, in order). One pass over the data.
 */
export async function fingerprintOf(
  model: Uint8Array,
  dataset: Dataset,
  calibration?: Dataset,
): Promise<{ readonly model: string; readonly data: string; readonly calibration?: string }> {
  return {
    model: createHash('sha256').update(model).digest('hex'),
    data: await hashOf(dataset),
    ...(calibration && { calibration: await hashOf(calibration) }),
  };
}

async function hashOf(dataset: Dataset): Promise<string> {
  const { count, sampleShape, labels, classNames } = dataset;
  const hash = createHash('sha256').update(JSON.stringify({ count, sampleShape, classNames }));
  hash.update(bytesOf(labels));
  for await (const samples of throughSamples(dataset)) hash.update(bytesOf(samples));
  return hash.digest('hex');
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
