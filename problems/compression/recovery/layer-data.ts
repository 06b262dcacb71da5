import type { Activation } from '../inference/activations.js';
import type { StepwiseRun } from '../inference/stepwise.js';
import type { Graph } from '../onnx/model.js';
import type { ActivationFunction } from './activation-function.js';
import { copyOutputs, copyPatch, type LayerGeometry } from './patches.js';
import { forEachPlace, type Target } from './places.js';
import type { Refittable } from './refittable.js';

/** What a layer reads and should give. */
export interface LayerData {
  readonly geometry: LayerGeometry;
  readonly target: Target;
  /** Which features of the target the layer has kept. */
  readonly kept: readonly number[];
  readonly inputs: readonly Activation[];
  /** What the network adds to the output of the layer before it is compared with the target. */
  readonly shortcut?: readonly Activation[];
  /** How many biases the layers with its weight have, and which of these is its own. */
  readonly biases: number;
  readonly ownBias: number;
  readonly activation: ActivationFunction | null;
}

/**
 * What a layer reads and should give, where the run has come to it; undefined where a value is missing or no float32. `kept` is needed when
 * the layer has lost features.
 */
export function layerData(
  { layer, geometry, shortcut: branch, bias, biases, activation }: Refittable,
  graph: Graph,
  targets: ReadonlyMap<string, Target>,
  run: StepwiseRun,
  kept?: readonly number[],
): LayerData | undefined {
  const target = targets.get(layer.name);
  const inputs = run.value(graph.nodes[layer.node].inputs[0]);
  const summed = branch !== null && !target?.alone;
  const shortcut = summed ? run.value(branch) : undefined;
  if (!target || !inputs || (summed && !shortcut)) return undefined;
  const features = kept ?? Array.from({ length: target.geometry.features }, (_, i) => i);
  return {
    geometry,
    target,
    kept: features,
    inputs,
    shortcut,
    biases: biases.length,
    ownBias: biases.indexOf(bias),
    // What it sees of a sum is not what it sees of a part.
    activation: branch !== null && target.alone ? null : activation,
  };
}

/** What one group of a layer reads and should give at the places of a batch. */
export interface Patches {
  readonly group: number;
  readonly rows: number;
  /** rows x size, the columns of the biases among them (see {@link Moments}). */
  readonly inputs: Float32Array;
  /** rows x features: what the layer should give, less what the network adds to it. */
  readonly wanted: Float32Array;
  /** rows x features: what the network adds. */
  readonly added: Float32Array;
  /** What the network sees of the sum. */
  readonly activation: ActivationFunction | null;
}

/** Bytes of patches that are held rather than copied from the inputs whenever they are read. */
const MOST_HELD = 2 ** 28;

/** The places of layers, to be read more than once: some thousand together, every group of them. */
export function repeatablePatches(...layers: readonly LayerData[]): Iterable<Patches> {
  let bytes = 0;
  for (const { target, geometry, biases } of layers) {
    const { groups, size, features } = geometry;
    bytes += 4 * target.positions.length * (groups * (size + biases) + 2 * features);
  }
  const read = function* () {
    for (const data of layers) yield* patchesOf(data);
  };
  return bytes <= MOST_HELD ? [...read()] : { [Symbol.iterator]: read };
}

/** Rows of a product at the least, where there are as many: fewer hardly pay for the sum of the results, more lose digits in float32. */
const ROWS = 1024;

/** The places of a layer, some thousand together. */
export function* patchesOf({
  geometry,
  target,
  kept,
  inputs,
  shortcut,
  biases,
  ownBias,
  activation,
}: LayerData): Generator<Patches> {
  const { groups, size: inner, features } = geometry;
  const size = inner + biases;
  const each = features / groups;
  const patch = new Float32Array(groups * inner);
  const sums = new Float32Array(features);
  for (const together of inThousands(inputs, target.perSample)) {
    const rows = together.reduce((sum, { dims }) => sum + dims[0] * target.perSample, 0);
    const patches = new Float32Array(groups * rows * size);
    const wanted = new Float32Array(groups * rows * each);
    const added = new Float32Array(groups * rows * each);
    const start = together[0].first * target.perSample;
    for (const { first, dims, data: elements } of together) {
      const sum = shortcut?.find((branch) => branch.first === first);
      forEachPlace(target, first, dims[0], (at, place) => {
        copyPatch(geometry, elements, dims, place, target.dims, patch);
        if (sum) copyOutputs(geometry, sum.data, sum.dims, place, sums);
        for (let group = 0; group < groups; group++) {
          const line = group * rows + at - start;
          patches.set(patch.subarray(group * inner, (group + 1) * inner), line * size);
          patches[line * size + inner + ownBias] = 1;
          for (let f = 0; f < each; f++) {
            const feature = group * each + f;
            added[line * each + f] = sums[feature];
            wanted[line * each + f] =
              target.outputs[at * target.geometry.features + kept[feature]] - sums[feature];
          }
        }
      });
    }
    for (let group = 0; group < groups; group++) {
      const part = (array: Float32Array, width: number) =>
        array.subarray(group * rows * width, (group + 1) * rows * width);
      yield {
        group,
        rows,
        inputs: part(patches, size),
        wanted: part(wanted, each),
        added: part(added, each),
        activation,
      };
    }
  }
}

/** Batches, as many together as have enough places. */
function* inThousands(inputs: readonly Activation[], perSample: number): Generator<readonly Activation[]> {
  let together: Activation[] = [];
  let rows = 0;
  for (const batch of inputs) {
    together.push(batch);
    rows += batch.dims[0] * perSample;
    if (rows < ROWS) continue;
    yield together;
    together = [];
    rows = 0;
  }
  if (together.length > 0) yield together;
}
