import { InputError, show } from '../../../src/index.js';
import type { DataOptions, Dataset } from './dataset.js';

/** Samples kept as bytes, one plane a channel, each plane row-major. */
export interface ByteSamples {
  readonly name: string;
  /** `[channels, height, width]` */
  readonly sampleShape: readonly [number, number, number];
  readonly labels: Int32Array;
  readonly classNames?: readonly string[];
  readonly bytes: Uint8Array;
  /** Bytes from the start of one sample to the start of the next. */
  readonly stride: number;
  /** Where the first sample starts in `bytes`. */
  readonly offset: number;
}

/**
 * A data set over pixels that stay bytes (a quarter of the memory of floats): `read` looks each one up in `table`
 * (channels x 256, see {@link normalisationTable}), about 1 nanosecond a pixel.
 */
export function byteDataset(samples: ByteSamples, table: Float32Array): Dataset {
  const { name, sampleShape, labels, classNames, bytes, stride, offset } = samples;
  const [channels, height, width] = sampleShape;
  const plane = height * width;
  return {
    name,
    count: labels.length,
    sampleShape,
    labels,
    ...(classNames && { classNames }),
    read(first, count, out) {
      for (let i = 0, to = 0; i < count; i++) {
        let from = (first + i) * stride + offset;
        for (let channel = 0; channel < channels; channel++) {
          const row = channel << 8;
          for (const end = from + plane; from < end; ) out[to++] = table[row | bytes[from++]];
        }
      }
    },
  };
}

/**
 * The normalised value of each byte in each channel: `(byte / 255 - mean) / std`, computed in double precision and
 * rounded once. Channels x 256, row-major. Without a mean it is 0, without a std 1. Throws an InputError on a mean or
 * std of another length, on one that is no number to divide by, and when a value is past the range of float32.
 */
export function normalisationTable(channels: number, { mean, std }: DataOptions): Float32Array {
  checkPerChannel('mean', mean, channels);
  checkPerChannel('std', std, channels);
  const unusable = std?.find((value) => value <= 0);
  if (unusable !== undefined) throw new InputError(`every std must be above 0, got ${unusable}`);
  const table = new Float32Array(channels * 256);
  for (let channel = 0; channel < channels; channel++) {
    const [shift, scale] = [mean?.[channel] ?? 0, std?.[channel] ?? 1];
    const row = table.subarray(channel * 256, (channel + 1) * 256);
    for (let byte = 0; byte < 256; byte++) row[byte] = (byte / 255 - shift) / scale;
    if (!row.every(Number.isFinite))
      throw new InputError(
        `mean and std must give pixels within the range of float32, got mean ${shift} and std ${scale} for channel ${channel}`,
      );
  }
  return table;
}

/**
 * The number of samples to use of `available`: all, or at most the limit. Throws an InputError on a limit that is
 * no whole number from 1.
 */
export function limited(available: number, { limit }: DataOptions): number {
  if (limit === undefined) return available;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new InputError(`the limit on samples must be a whole number from 1, got ${show(limit)}`);
  return Math.min(limit, available);
}

function checkPerChannel(what: string, values: readonly number[] | undefined, channels: number): void {
  if (values === undefined) return;
  if (values.length !== channels)
    throw new InputError(
      `${what} must have one number a channel, ${channels} for this data, got ${values.length}`,
    );
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new InputError(`every ${what} must be a finite number, got ${show(bad)}`);
}
