import type { Products } from '../inference/products.js';
import { addGram, mirrored } from './gram.js';
import { type LayerData, type Patches, patchesOf } from './layer-data.js';

/**
 * Second moments of what a layer multiplies with its weights and of what it should give, sums over places. The inputs have a last column
 * of ones, for the bias: `size` counts it. Those of layers that share a weight have such a column for each of their biases, zero where another
 * of them is added.
 */
export interface Moments {
  readonly places: number;
  readonly size: number;
  readonly features: number;
  /** size x size. */
  readonly gram: Float32Array;
  /** size x features. */
  readonly right: Float32Array;
  /** Sums of the squares of what each feature should give. */
  readonly squares: Float64Array;
}

/** The moments of a layer, a group each, at the places of `patches`, which may be those of layers with its weight. O(places x size^2) in ONNX Runtime. */
export async function momentsOf(
  data: LayerData,
  products: Products,
  patches: Iterable<Patches> = patchesOf(data),
): Promise<Moments[]> {
  const { groups, size: inner, features } = data.geometry;
  const size = inner + data.biases;
  const each = features / groups;
  const sums = Array.from({ length: groups }, () => ({
    places: 0,
    size,
    features: each,
    gram: new Float64Array(size * size),
    right: new Float64Array(size * each),
    squares: new Float64Array(each),
  }));
  for (const { group, rows, inputs, wanted } of patches) {
    const sum = sums[group];
    sum.places += rows;
    await addGram(sum.gram, inputs, rows, size, products);
    add(sum.right, await products.multiplyTransposed(inputs, wanted, rows, size, each));
    for (let i = 0; i < wanted.length; i++) sum.squares[i % each] += wanted[i] ** 2;
  }
  return sums.map((sum) => ({
    ...sum,
    gram: mirrored(sum.gram, size),
    right: Float32Array.from(sum.right),
  }));
}

/** The moments at the places of both. */
export function momentsTogether(first: Moments, second: Moments): Moments {
  return {
    ...first,
    places: first.places + second.places,
    gram: first.gram.map((value, i) => value + second.gram[i]),
    right: first.right.map((value, i) => value + second.right[i]),
    squares: first.squares.map((value, i) => value + second.squares[i]),
  };
}

/** Adds numbers, one by one. */
export function add(sum: Float64Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += part[i];
}
