import type { Dataset } from './dataset.js';

/** The first `count` samples of a data set (all where there are fewer), read now and kept. */
export async function inMemory(dataset: Dataset, count: number): Promise<Dataset> {
  const held = Math.min(count, dataset.count);
  const size = dataset.sampleShape.reduce((product, side) => product * side, 1);
  const samples = new Float32Array(held * size);
  await dataset.read(0, held, samples);
  return {
    ...dataset,
    count: held,
    labels: dataset.labels.subarray(0, held),
    read: (first, rows, out) => out.set(samples.subarray(first * size, (first + rows) * size)),
  };
}
