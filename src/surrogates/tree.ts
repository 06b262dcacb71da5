import { DecisionTreeRegression } from 'ml-cart';
import { flatten, isStump, predictTrees, rowsOf, sidesOf, treeOptions } from './flat-tree.js';
import type { Regressor } from './regressor.js';
import { standardised } from './standardised.js';

/**
 * One regression tree: ml-cart's, grown until a node has 3 samples or none of its splits helps. A root that the
 * library fails to split is split here (see `isStump`). The fit costs about O(n^2 d) a level, a prediction the
 * depth of the tree.
 */
export const tree: Regressor = {
  name: 'tree',
  averages: true,
  fit: standardised('tree', 2, (x, z, n, d) => {
    const library = new DecisionTreeRegression(treeOptions);
    library.train(rowsOf(x, n, d), Array.from(z));
    const { root } = library;
    const flat = flatten([
      { root, columns: null, ...(isStump(root) && { repaired: sidesOf(root, null, x, z, n, d) }) },
    ]);
    return {
      hasVariance: false,
      predict: (rows, count, out) => predictTrees(flat, rows, count, d, out),
    };
  }),
};
