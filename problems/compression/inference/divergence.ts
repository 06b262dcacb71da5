import type { Dataset } from '../data/dataset.js';
import { runSamples, type Sampling } from './run-samples.js';

/** How far the answers of a model are from those of another, without labels. */
export interface Divergence {
  /**
   * The sum of squared differences of the scores, as a share of the reference's sum of squares; scores are taken about their mean in
   * each sample. Unlike differences of probabilities it sees errors in samples that the reference is sure of.
   */
  of(bytes: Uint8Array): Promise<number>;
}

/** Runs the reference on the first `count` samples. */
export async function divergenceFrom(
  reference: Uint8Array,
  dataset: Dataset,
  sampling: Sampling,
): Promise<Divergence> {
  const scoresOf = async (bytes: Uint8Array) => {
    const all: Float64Array[] = [];
    await runSamples(bytes, dataset, sampling, undefined, ([{ data, dims }], valid) => {
      const classes = dims[1];
      for (let row = 0; row < valid; row++)
        all.push(centred(data.subarray(row * classes, (row + 1) * classes)));
    });
    return all;
  };
  const wanted = await scoresOf(reference);
  const whole = squares(wanted);
  return {
    async of(bytes) {
      const got = await scoresOf(bytes);
      const apart = squares(wanted.map((scores, i) => scores.map((score, k) => score - got[i][k])));
      return apart / (whole || 1);
    },
  };
}

function centred(scores: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(scores);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.map((x) => x - mean);
}

function squares(rows: readonly Float64Array[]): number {
  return rows.reduce((total, row) => row.reduce((sum, x) => sum + x * x, total), 0);
}
