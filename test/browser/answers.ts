import type { Dataset } from '../../problems/compression/index.js';

/** Some pictures of a data set as the input of a network. */
export interface Batch {
  readonly data: Float32Array;
  /** `count, ...sampleShape`. */
  readonly dims: readonly number[];
}

/** The first `count` pictures. */
export async function batchOf(dataset: Dataset, count: number): Promise<Batch> {
  const size = dataset.sampleShape.reduce((product, dim) => product * dim, 1);
  const data = new Float32Array(count * size);
  await dataset.read(0, count, data);
  return { data, dims: [count, ...dataset.sampleShape] };
}

/** The class of highest score of every picture; of equal ones the first. */
export function classesOf(scores: ArrayLike<number>, count: number): number[] {
  const width = scores.length / count;
  return Array.from({ length: count }, (_, picture) => {
    let best = 0;
    for (let c = 1; c < width; c++)
      if (scores[picture * width + c] > scores[picture * width + best]) best = c;
    return best;
  });
}
