import type { Variables } from '../../src/index.js';
import type { Layer } from './onnx/layers.js';
import type { Applied, TensorCount } from './plan.js';

/** How decision vectors become networks. */
export interface DesignSpace<P> {
  readonly variables: Variables;
  readonly words: VariableWords;
  readonly layers: readonly Pick<Layer, 'name' | 'kind'>[];
  /** The uncompressed network that candidates are compared with: an .onnx file, and the elements of its weights and biases. */
  readonly baseline: {
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly nonZero: number;
    readonly total: number;
  };
  /** What is left as it is, and why. */
  readonly notes: readonly string[];
  /** Vectors that are worth an evaluation whatever the network. */
  readonly seeds: readonly Float64Array[];
  /** The values that stand for all that mean the same plan: what has no effect beside the others is set to its first value. */
  canonical(values: DesignValues): DesignValues;
  /** What a vector means. Throws an InputError when it lies outside the domain. */
  planOf(x: ArrayLike<number>): P;
  /** The network of a plan; the same bytes whenever and wherever it is made. */
  make(plan: P, signal?: AbortSignal): Promise<Applied>;
  /** What a plan leaves of every tensor, where that can be told without making the network. */
  counts(plan: P): readonly TensorCount[] | undefined;
}

/** The values of the variables by their names. */
export type DesignValues = Readonly<Record<string, unknown>>;

/** What variables and the numbers of their values mean, for people. */
export type VariableWords = Readonly<
  Record<string, { readonly label: string; readonly values?: readonly string[] }>
>;

/** The share that is left of every layer, in the order of the layers; one whose tensors all belong to an earlier layer has none of its own. */
export function layerRates(tensors: readonly TensorCount[]): Record<string, number> {
  const counts = new Map<string, { nonZero: number; total: number }>();
  for (const { layer, nonZero, total } of tensors) {
    const sum = counts.get(layer) ?? { nonZero: 0, total: 0 };
    counts.set(layer, { nonZero: sum.nonZero + nonZero, total: sum.total + total });
  }
  return Object.fromEntries([...counts].map(([layer, { nonZero, total }]) => [layer, nonZero / total]));
}
