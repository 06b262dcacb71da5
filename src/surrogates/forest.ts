import { RandomForestRegression } from 'ml-random-forest';
import { seedOf } from '../math/random.js';
import { flatten, isStump, predictTrees, rowsOf, sidesOf, treeOptions } from './flat-tree.js';
import type { Predictor, Regressor } from './regressor.js';
import { rescaled, standardise, standardised } from './standardised.js';

/** Trees of a forest: a sample is left out by about 9 of them. */
export const FOREST_SIZE = 25;

/**
 * A random forest: ml-random-forest's, with bootstrap samples, all columns open to every tree, and the mean of the
 * trees. Their variance is not offered: it is no measure of the error of the forest.
 *
 * Some trees' roots may be left unsplit by ml-cart (see `isStump`). Such a root is split here, with the means of
 * all the samples on either side, since the library does not keep the bootstrap sample in which the split was
 * perfect.
 *
 * The library's out-of-bag predictions stand in for cross-validation, which would cost it most of a round (2 to 3
 * ms a tree at 100 samples). They are a little pessimistic, about 9 trees predicting where 25 will; and they are
 * not used when a root had to be repaired, as they come from the roots before.
 */
export const forest: Regressor = {
  name: 'forest',
  averages: true,
  fit: standardised('forest', 2, (x, z, n, d, seed) =>
    predictorOf(train(x, z, n, d, seed, true), x, z, n, d),
  ),
  fitHeldOut(x, y, n, d, seed) {
    const { mean, scale, z } = standardise('forest', x, y, n, d);
    if (scale === 0) return null;
    const library = trainOutOfBag(x, z, n, d, seed);
    if (!library) return null;
    if (library.estimators.some(({ root }) => isStump(root))) return null;
    const predictions = Float64Array.from(
      library.oobResults ?? [],
      ({ predicted }) => mean + scale * predicted,
    );
    if (predictions.length !== n || !predictions.every(Number.isFinite)) return null;
    return { predictor: rescaled(predictorOf(library, x, z, n, d), mean, scale), predictions };
  },
};

/**
 * The library takes the mean of the trees that left a sample out, and throws where there is none. NaN says it
 * better.
 */
class Forest extends RandomForestRegression {
  override selection(predictions: readonly number[]): number {
    return predictions.length === 0 ? Number.NaN : super.selection(predictions);
  }
}

function train(x: Float64Array, z: Float64Array, n: number, d: number, seed: number, noOOB: boolean): Forest {
  const library = new Forest({ nEstimators: FOREST_SIZE, seed: seedOf(seed, 'forest'), noOOB, treeOptions });
  library.train(rowsOf(x, n, d), Array.from(z));
  return library;
}

/** Null when the library throws, as it does over a bootstrap sample that leaves nothing out. */
function trainOutOfBag(x: Float64Array, z: Float64Array, n: number, d: number, seed: number): Forest | null {
  try {
    return train(x, z, n, d, seed, false);
  } catch {
    return null;
  }
}

function predictorOf(
  { estimators, indexes }: Forest,
  x: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
): Predictor {
  const flat = flatten(
    estimators.map(({ root }, t) => ({
      root,
      columns: indexes[t],
      ...(isStump(root) && { repaired: sidesOf(root, indexes[t], x, z, n, d) }),
    })),
  );
  return {
    hasVariance: false,
    predict: (rows, count, out) => predictTrees(flat, rows, count, d, out),
  };
}
