/*
 * The parts of three libraries that the regressors use, as far as they use them. ml-cart and ml-regression carry no
 * types of their own, and those of ml-random-forest lean on names that they do not declare. None of these types is
 * public.
 */

declare module 'ml-cart' {
  export interface TreeOptions {
    readonly minNumSamples?: number;
    readonly gainThreshold?: number;
  }

  /** A node splits when it has both children: a row goes left when `row[splitColumn] < splitValue`. */
  export interface TreeNode {
    readonly left?: TreeNode;
    readonly right?: TreeNode;
    readonly splitColumn?: number;
    readonly splitValue?: number;
    /** Squared error that is left after the best split. */
    readonly gain?: number;
    /** The prediction of a leaf. */
    readonly distribution?: number;
  }

  export class DecisionTreeRegression {
    constructor(options?: TreeOptions);
    readonly root: TreeNode;
    train(x: readonly (readonly number[])[], y: readonly number[]): void;
    predict(x: readonly (readonly number[])[]): number[];
  }
}

declare module 'ml-random-forest' {
  import type { TreeNode, TreeOptions } from 'ml-cart';

  export interface ForestOptions {
    readonly nEstimators: number;
    readonly seed: number;
    readonly noOOB: boolean;
    readonly treeOptions?: TreeOptions;
  }

  export class RandomForestRegression {
    constructor(options: ForestOptions);
    readonly estimators: readonly { readonly root: TreeNode }[];
    /** For each tree the columns that it saw: its `splitColumn` counts in this list. */
    readonly indexes: readonly (readonly number[])[];
    /** One a row of the training set, unless `noOOB`. */
    readonly oobResults?: readonly { readonly predicted: number }[];
    train(x: readonly (readonly number[])[], y: readonly number[]): void;
    predict(x: readonly (readonly number[])[]): number[];
    selection(predictions: readonly number[]): number;
  }
}

declare module 'ml-regression' {
  export class MultivariateLinearRegression {
    constructor(
      x: readonly (readonly number[])[],
      y: readonly (readonly number[])[],
      options: { readonly statistics: boolean },
    );
    /** One row a column of x, then the intercept; one entry a row. */
    readonly weights: readonly (readonly number[])[];
  }
}
