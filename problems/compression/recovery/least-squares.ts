import { InputError, randomOf } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { inMemory } from '../data/in-memory.js';
import { type Activation, forEachActivation } from '../inference/activations.js';
import { openProducts, type Products } from '../inference/products.js';
import { constantsOf, withConstants } from '../onnx/constants.js';
import { readsOf } from '../onnx/edit.js';
import { type Layer, layersOf } from '../onnx/layers.js';
import { ELEMENT_TYPE, type Graph, type Model, type Tensor } from '../onnx/model.js';
import { rawOf, sizeOf, toFloat32, withRawData } from '../onnx/tensor.js';
import { maskedLeastSquares } from './masked-least-squares.js';
import { copyOutputs, copyPatch, geometryOf, type LayerGeometry, positionsOf } from './patches.js';

export interface RecoveryOptions {
  /** Unlabelled is enough: only its samples are read. Disjoint from what accuracy is measured on. */
  readonly dataset: Dataset;
  /** Samples used, the first so many. Default 256. */
  readonly count?: number;
  /** Weight of staying near the compressed weights, in units of the mean square of an input. Default 1e-3. */
  readonly ridge?: number;
  /** Most iterations a layer. Default 40. */
  readonly iterations?: number;
  readonly threads: number;
  /** Draws the places of a picture that are looked at. Default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /**
   * Which output features of the original a layer has kept, by the name of its weight, ascending; all of them where a weight
   * is not named (see `keptIndices`).
   */
  readonly kept?: ReadonlyMap<string, readonly number[]>;
}

/**
 * The compressed model with the remaining weights of every layer refitted, one layer after the other, so that from the compressed
 * network's own inputs it gives the original layer's outputs as nearly as a linear layer can (least squares over places
 * drawn from the samples; He, Zhang and Sun, "Channel Pruning for Accelerating Very Deep Neural Networks", ICCV 2017,
 * equation 3, with every weight free). Zeros stay zeros. Labels are not used and nothing is trained.
 *
 * `compressed` must come from `original` by removing channels and zeroing weights: layers are matched by name. Layers of other
 * types than float32, whose weight or bias is read elsewhere too, or whose picture is not two-dimensional, stay as they are.
 *
 * A layer of K inputs an output, F outputs and S places costs O(S K^2 + iterations K^2 F) in ONNX Runtime. Throws an InputError
 * when the models do not fit the samples or each other.
 */
export async function recoverByLeastSquares(
  original: Model,
  compressed: Model,
  options: RecoveryOptions,
): Promise<Model> {
  const products = await openProducts(options.threads);
  try {
    // Every layer runs the samples again: they are read once.
    const dataset = await inMemory(options.dataset, options.count ?? 256);
    const targets = await targetsOf(original, { ...options, dataset });
    let current = compressed;
    for (const layer of layersOf(compressed).layers) {
      options.signal?.throwIfAborted();
      const target = targets.get(layer.name);
      if (target) current = await refitted(current, layer, target, { ...options, dataset }, products);
    }
    return current;
  } finally {
    await products.release();
  }
}

/** What a layer of the original gave at the places drawn. */
interface Target {
  readonly geometry: LayerGeometry;
  /** Width of the output picture; 1 for a product. */
  readonly width: number;
  /** Output positions drawn in each sample, `perSample` numbers a sample. */
  readonly positions: Int32Array;
  readonly perSample: number;
  /** Samples x perSample rows of features. */
  readonly outputs: Float32Array;
}

/** Places drawn a layer: a multiple of its inputs, within what can be held. */
const PLACES_AN_INPUT = 12;
const FEWEST_PLACES = 4096;
const MOST_PLACES = 24_576;

async function targetsOf(model: Model, options: RecoveryOptions): Promise<Map<string, Target>> {
  const { graph } = model;
  const found = refittable(graph, layersOf(model).layers);
  const names = found.map(({ layer }) => graph.nodes[layer.node].outputs[0]);
  const { count } = options.dataset;
  const targets = new Map<string, Target>();
  const take = ({ value, first, dims, data }: Activation) => {
    const { layer, geometry } = found[value];
    const target = targets.get(layer.name) ?? newTarget(layer, geometry, dims, count, options.seed ?? 1);
    targets.set(layer.name, target);
    const { perSample, positions, outputs } = target;
    for (let sample = 0; sample < dims[0]; sample++)
      for (let p = 0; p < perSample; p++) {
        const row = (first + sample) * perSample + p;
        const out = outputs.subarray(row * geometry.features, (row + 1) * geometry.features);
        copyOutputs(geometry, data, dims, { sample, position: positions[row] }, out);
      }
  };
  await forEachActivation(model, names, options.dataset, options, take);
  return targets;
}

function newTarget(
  layer: Layer,
  geometry: LayerGeometry,
  dims: readonly number[],
  count: number,
  seed: number,
): Target {
  const all = positionsOf(geometry, dims);
  const wanted = Math.min(MOST_PLACES, Math.max(FEWEST_PLACES, PLACES_AN_INPUT * geometry.size));
  const perSample = Math.min(all, Math.max(1, Math.round(wanted / count)));
  const random = randomOf(seed, 'places', layer.name);
  const positions = new Int32Array(count * perSample);
  const deck = Int32Array.from({ length: all }, (_, i) => i);
  for (let sample = 0; sample < count; sample++) {
    if (perSample < all) random.shuffle(deck);
    positions.set(deck.subarray(0, perSample), sample * perSample);
  }
  return {
    geometry,
    width: geometry.window ? dims[3] : 1,
    positions,
    perSample,
    outputs: new Float32Array(count * perSample * geometry.features),
  };
}

/** The layers that can be refitted, with their geometry. */
function refittable(graph: Graph, layers: readonly Layer[]) {
  const constants = constantsOf(graph);
  const reads = readsOf(graph);
  const own = (name: string | null) => name === null || reads.get(name) === 1;
  return layers.flatMap((layer) => {
    const node = graph.nodes[layer.node];
    const weight = constants.get(layer.weight)!;
    const geometry = geometryOf(layer, node, weight);
    const floats = [layer.weight, ...(layer.bias ? [layer.bias] : [])].every(
      (name) => constants.get(name)!.dataType === ELEMENT_TYPE.float32,
    );
    const plain = node.inputs[1] === layer.weight && own(layer.weight) && own(layer.bias);
    return geometry && floats && plain ? [{ layer, geometry }] : [];
  });
}

async function refitted(
  model: Model,
  layer: Layer,
  target: Target,
  options: RecoveryOptions,
  products: Products,
): Promise<Model> {
  const { graph } = model;
  const [found] = refittable(graph, [layer]);
  if (!found) return model;
  const { geometry } = found;
  const { groups, size, features } = geometry;
  const constants = constantsOf(graph);
  const weight = constants.get(layer.weight)!;
  // The bias of a MatMul is added by another node: then the layer's own output has none.
  const bias = layer.bias !== null && layer.adder === layer.node ? constants.get(layer.bias) : undefined;
  if (bias && sizeOf(bias) !== features) return model;
  const kept =
    options.kept?.get(layer.weight) ?? Array.from({ length: target.geometry.features }, (_, i) => i);
  if (kept.length !== features)
    throw new InputError(
      `recovery needs to know the ${features} features that layer ${layer.name} has kept, got ${kept.length}`,
    );
  const equations = await normalEquations(
    model,
    layer,
    geometry,
    target,
    kept,
    bias !== undefined,
    options,
    products,
  );
  const { columns, starts, masks } = unknownsOf(geometry, toFloat32(weight), bias && toFloat32(bias));
  const weights = new Float32Array(sizeOf(weight));
  const biases = new Float32Array(features);
  const each = features / groups;
  for (let group = 0; group < groups; group++) {
    const solution = await maskedLeastSquares(
      { size: columns, features: each, gram: equations[group].gram, right: equations[group].right },
      starts[group],
      masks[group],
      { ridge: options.ridge ?? 1e-3, iterations: options.iterations ?? 40 },
      products,
    );
    if (!solution.every(Number.isFinite)) return model;
    for (let f = 0; f < each; f++) {
      const feature = group * each + f;
      for (let k = 0; k < size; k++)
        weights[geometry.rows ? feature * size + k : k * features + feature] = solution[k * each + f];
      if (bias) biases[feature] = solution[size * each + f];
    }
  }
  const changed = new Map<string, Tensor>([
    [layer.weight, withRawData(weight, rawOf(weight.dataType, weights))],
  ]);
  if (bias) changed.set(layer.bias!, withRawData(bias, rawOf(bias.dataType, biases)));
  return { ...model, graph: withConstants(graph, changed) };
}

/** Present weights and which of them are free, by group, as columns of features; the bias is the last row. */
function unknownsOf(
  { groups, size, features, rows }: LayerGeometry,
  weights: Float32Array,
  bias?: Float32Array,
) {
  const columns = size + (bias ? 1 : 0);
  const each = features / groups;
  const starts: Float32Array[] = [];
  const masks: Uint8Array[] = [];
  for (let group = 0; group < groups; group++) {
    const start = new Float32Array(columns * each);
    const mask = new Uint8Array(columns * each);
    for (let f = 0; f < each; f++) {
      const feature = group * each + f;
      for (let k = 0; k < size; k++) {
        const value = weights[rows ? feature * size + k : k * features + feature];
        start[k * each + f] = value;
        mask[k * each + f] = value === 0 ? 0 : 1;
      }
      if (bias) {
        start[size * each + f] = bias[feature];
        mask[size * each + f] = 1;
      }
    }
    starts.push(start);
    masks.push(mask);
  }
  return { columns, starts, masks };
}

/** Sums of patch by patch and patch by target over all places, by group. */
async function normalEquations(
  model: Model,
  layer: Layer,
  geometry: LayerGeometry,
  target: Target,
  kept: readonly number[],
  withBias: boolean,
  options: RecoveryOptions,
  products: Products,
): Promise<{ gram: Float32Array; right: Float32Array }[]> {
  const { groups, size, features } = geometry;
  const columns = size + (withBias ? 1 : 0);
  const each = features / groups;
  const sums = Array.from({ length: groups }, () => ({
    gram: new Float64Array(columns * columns),
    right: new Float64Array(columns * each),
  }));
  const patch = new Float32Array(groups * size);
  const gather = async ({ first, dims, data }: Activation) => {
    const rows = dims[0] * target.perSample;
    const patches = new Float32Array(groups * rows * columns);
    const wanted = new Float32Array(groups * rows * each);
    for (let row = 0; row < rows; row++) {
      const sample = Math.floor(row / target.perSample);
      const at = first * target.perSample + row;
      copyPatch(geometry, data, dims, { sample, position: target.positions[at] }, target.width, patch);
      for (let group = 0; group < groups; group++) {
        const place = group * rows + row;
        patches.set(patch.subarray(group * size, (group + 1) * size), place * columns);
        if (withBias) patches[place * columns + size] = 1;
        for (let f = 0; f < each; f++)
          wanted[place * each + f] = target.outputs[at * target.geometry.features + kept[group * each + f]];
      }
    }
    for (let group = 0; group < groups; group++) {
      const p = patches.subarray(group * rows * columns, (group + 1) * rows * columns);
      const y = wanted.subarray(group * rows * each, (group + 1) * rows * each);
      add(sums[group].gram, await products.multiplyTransposed(p, p, rows, columns, columns));
      add(sums[group].right, await products.multiplyTransposed(p, y, rows, columns, each));
    }
  };
  const input = model.graph.nodes[layer.node].inputs[0];
  await forEachActivation(model, [input], options.dataset, options, gather);
  return sums.map(({ gram, right }) => ({ gram: Float32Array.from(gram), right: Float32Array.from(right) }));
}

function add(sum: Float64Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += part[i];
}
