import type { TreeNode } from 'ml-cart';

/**
 * Trees laid out in flat arrays, one entry a node. A node's left child is the next node; `right` is the index of
 * its right child, or -1 when the node is a leaf. A row goes left when `row[column] < value`; a leaf predicts
 * `value`.
 */
export interface FlatTrees {
  /** The index of each tree's root. */
  readonly roots: Int32Array;
  readonly column: Int32Array;
  readonly right: Int32Array;
  readonly value: Float64Array;
}

/**
 * A tree to lay out: its root, the columns that its `splitColumn` counts in, and what its root predicts where
 * repaired.
 */
export interface LibraryTree {
  readonly root: TreeNode;
  /** Null when the tree saw all columns in order. */
  readonly columns: readonly number[] | null;
  /** Predictions left and right of the root's split where the library failed to make it: see {@link isStump}. */
  readonly repaired?: readonly [number, number];
}

/**
 * True when ml-cart left a root without the split that it had found to be perfect. The library asks of a split that
 * the squared error it leaves differs from the parent's, and for the root takes 0 as the parent's: a root that one
 * split explains in full, such as a 0/1 step, stays a leaf that predicts the mean. (At inner nodes the same step
 * fails on `gain > gainThreshold`, with the threshold 0; we train with the threshold -1, which lets it pass.) The
 * split itself is kept on the node, so the repair is to make it.
 */
export function isStump({ left, gain, splitColumn }: TreeNode): boolean {
  return left === undefined && gain === 0 && splitColumn !== undefined;
}

/** The options that every tree is trained with: see {@link isStump}. */
export const treeOptions = { minNumSamples: 3, gainThreshold: -1 } as const;

export function flatten(trees: readonly LibraryTree[]): FlatTrees {
  const column: number[] = [];
  const right: number[] = [];
  const value: number[] = [];
  const add = (c: number, v: number) => {
    column.push(c);
    value.push(v);
    return right.push(-1) - 1;
  };
  const place = (node: TreeNode, columns: LibraryTree['columns']): number => {
    if (!node.left || !node.right) return add(0, node.distribution ?? Number.NaN);
    const at = add(columnOf(node, columns), node.splitValue ?? Number.NaN);
    place(node.left, columns);
    right[at] = place(node.right, columns);
    return at;
  };
  const roots = trees.map(({ root, columns, repaired }) => {
    if (!repaired) return place(root, columns);
    const at = add(columnOf(root, columns), root.splitValue ?? Number.NaN);
    add(0, repaired[0]);
    right[at] = add(0, repaired[1]);
    return at;
  });
  return {
    roots: Int32Array.from(roots),
    column: Int32Array.from(column),
    right: Int32Array.from(right),
    value: Float64Array.from(value),
  };
}

/**
 * Predicts `count` rows of `x` (count x d, row-major): the mean over the trees, summed in their order, as the
 * library does.
 */
export function predictTrees(
  { roots, column, right, value }: FlatTrees,
  x: Float64Array,
  count: number,
  d: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = i * d;
    let sum = 0;
    for (let t = 0; t < roots.length; t++) {
      let node = roots[t];
      while (right[node] >= 0) node = x[row + column[node]] < value[node] ? node + 1 : right[node];
      sum += value[node];
    }
    out[i] = sum / roots.length;
  }
}

/** The means of the outputs on either side of the split that a root was left without. */
export function sidesOf(
  root: TreeNode,
  columns: LibraryTree['columns'],
  x: Float64Array,
  z: Float64Array,
  n: number,
  d: number,
): readonly [number, number] {
  const column = columnOf(root, columns);
  const threshold = root.splitValue ?? Number.NaN;
  const sum = [0, 0];
  const size = [0, 0];
  for (let i = 0; i < n; i++) {
    const side = x[i * d + column] < threshold ? 0 : 1;
    sum[side] += z[i];
    size[side]++;
  }
  return [sum[0] / size[0], sum[1] / size[1]];
}

/** The samples as the libraries take them. */
export function rowsOf(x: Float64Array, n: number, d: number): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from(x.subarray(i * d, i * d + d)));
}

function columnOf({ splitColumn = 0 }: TreeNode, columns: LibraryTree['columns']): number {
  return columns ? columns[splitColumn] : splitColumn;
}
