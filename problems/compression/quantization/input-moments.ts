import type { Dataset } from '../data/dataset.js';
import { type Activation, type ActivationOptions, forEachActivation } from '../inference/activations.js';
import { openProducts, type Products } from '../inference/products.js';
import { intsOf } from '../onnx/edit.js';
import type { Model, Node } from '../onnx/model.js';
import { addGram } from '../recovery/gram.js';
import { copyPatch, type LayerGeometry, positionsOf } from '../recovery/patches.js';
import type { Refittable } from '../recovery/refittable.js';

/** The second moments of some inputs of a layer, next to one another: means over places. */
export interface InputMoments {
  /** The first of the inputs, in those of its group. */
  readonly first: number;
  readonly size: number;
  /** size x size. */
  readonly covariance: Float64Array;
  /** That they are means of. */
  readonly places: number;
}

/** Inputs whose moments are taken together: of ResNet-20, of 576 inputs, 64 together come as far as all. */
const WIDEST = 256;
/** Places looked at, a layer. */
const PLACES = 4096;
/** Fewer inputs than these are multiplied faster here than in ONNX Runtime. */
const FEW = 32;

/**
 * The second moments of what each layer multiplies with its weights, not centred: by the name of the layer, of each group, in blocks of at most 256 inputs. One
 * inference of the samples, and 4096 places x 256 / 2 multiplications an input.
 *
 * The places of a sample lie evenly spaced, in each sample from another one on.
 */
export async function inputMoments(
  model: Model,
  layers: readonly Refittable[],
  dataset: Dataset,
  options: ActivationOptions,
): Promise<Map<string, InputMoments[][]>> {
  const nodeOf = ({ layer }: Refittable) => model.graph.nodes[layer.node];
  const inputOf = (entry: Refittable) => nodeOf(entry).inputs[0];
  const names = [...new Set(layers.map(inputOf))];
  const count = Math.min(options.count ?? dataset.count, dataset.count);
  const most = Math.max(1, Math.round(PLACES / count));
  const sums = new Map(layers.map(({ layer, geometry }) => [layer.name, emptySums(geometry)]));
  const products = await openProducts(options.threads);
  try {
    await forEachActivation(model, names, dataset, options, async (activation) => {
      for (const entry of layers)
        if (inputOf(entry) === names[activation.value]) {
          const dims = outputDimsOf(entry.geometry, nodeOf(entry), activation.dims);
          const patches = patchesOf(entry.geometry, activation, dims, most);
          await addPlaces(sums.get(entry.layer.name)!, patches, products);
        }
    });
  } finally {
    await products.release();
  }
  return new Map([...sums].map(([name, groups]) => [name, groups.map((blocks) => blocks.map(meansOf))]));
}

interface Sums {
  readonly first: number;
  readonly size: number;
  /** The lower triangle. */
  readonly sum: Float64Array;
  places: number;
}

function emptySums({ groups, size }: LayerGeometry): Sums[][] {
  const blocks = Math.ceil(size / WIDEST);
  const bounds = Array.from({ length: blocks + 1 }, (_, i) => Math.round((i * size) / blocks));
  return Array.from({ length: groups }, () =>
    bounds.slice(1).map((end, i) => {
      const width = end - bounds[i];
      return { first: bounds[i], size: width, sum: new Float64Array(width * width), places: 0 };
    }),
  );
}

/** The shape of what a layer makes of an input of these dims. */
function outputDimsOf(
  { window, features }: LayerGeometry,
  node: Node,
  dims: readonly number[],
): readonly number[] {
  if (!window) return [...dims.slice(0, -1), features];
  const axes = dims.length - 2;
  const pads = intsOf(node, 'pads') ?? [];
  const [kernel, strides, dilations] = [window.kernel, window.strides, window.dilations].map((each) =>
    each.slice(-axes),
  );
  const sides = dims.slice(2).map((side, axis) => {
    if (typeof window.pads === 'string') return Math.ceil(side / strides[axis]);
    const reach = dilations[axis] * (kernel[axis] - 1) + 1;
    return Math.floor((side + (pads[axis] ?? 0) + (pads[axes + axis] ?? 0) - reach) / strides[axis]) + 1;
  });
  return [dims[0], features, ...sides];
}

/** The inputs of the weights at some places of each sample of a batch, so many at the most, all groups one after the other, a row each. */
function patchesOf(
  geometry: LayerGeometry,
  { first, dims, data }: Activation,
  outputDims: readonly number[],
  most: number,
): { readonly rows: number; readonly inputs: Float32Array } {
  const places = positionsOf(geometry, outputDims);
  const perSample = Math.min(places, most);
  const rows = dims[0] * perSample;
  const size = geometry.groups * geometry.size;
  const inputs = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const sample = Math.floor(row / perSample);
    const start = ((first + sample) * GOLDEN_RATIO) % 1;
    const position = Math.floor((((row % perSample) + start) * places) / perSample);
    copyPatch(geometry, data, dims, { sample, position }, outputDims, inputs.subarray(row * size));
  }
  return { rows, inputs };
}

/** Multiples of it, without their whole parts, lie evenly in 0 .. 1. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

async function addPlaces(
  groups: readonly (readonly Sums[])[],
  { rows, inputs }: ReturnType<typeof patchesOf>,
  products: Products,
): Promise<void> {
  const all = inputs.length / rows;
  for (const [group, blocks] of groups.entries())
    for (const block of blocks) {
      const { first, size, sum } = block;
      const from = (group * all) / groups.length + first;
      const own = new Float32Array(rows * size);
      for (let row = 0; row < rows; row++)
        own.set(inputs.subarray(row * all + from, row * all + from + size), row * size);
      block.places += rows;
      if (size < FEW) addSquares(block, own);
      else await addGram(sum, own, rows, size, products);
    }
}

function addSquares({ sum, size }: Sums, rows: Float32Array): void {
  for (let start = 0; start < rows.length; start += size)
    for (let i = 0; i < size; i++) {
      const factor = rows[start + i];
      if (factor === 0) continue;
      for (let j = 0; j <= i; j++) sum[i * size + j] += factor * rows[start + j];
    }
}

function meansOf({ first, size, sum, places }: Sums): InputMoments {
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++)
      covariance[i * size + j] = covariance[j * size + i] = sum[i * size + j] / places;
  return { first, size, covariance, places };
}
