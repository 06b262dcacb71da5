import type { Dataset } from './dataset.js';

/** Samples that are read at once: some MiB of pixels. */
const AT_ONCE = 64;

/** The samples of a data set in order, the first `most` of them, some at a time: views of a buffer that the next ones overwrite. */
export async function* throughSamples(
  data: Dataset,
  most = data.count,
): AsyncGenerator<Float32Array<ArrayBuffer>> {
  const sample = data.sampleShape.reduce((product, side) => product * side, 1);
  const samples = new Float32Array(AT_ONCE * sample);
  const end = Math.min(most, data.count);
  for (let first = 0; first < end; first += AT_ONCE) {
    const size = Math.min(AT_ONCE, end - first);
    await data.read(first, size, samples);
    yield samples.subarray(0, size * sample);
  }
}
