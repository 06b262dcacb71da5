import type { Dataset } from '../../data/dataset.js';
import { openProducts, type Products } from '../../inference/products.js';
import { openStepwiseRun } from '../../inference/stepwise.js';
import { ELEMENT_TYPE, type Model } from '../../onnx/model.js';
import { readModel } from '../../onnx/read.js';
import { withColumns } from '../../recovery/columns.js';
import { openLayerDatabase } from '../../recovery/database.js';
import { type LayerData, layerData, repeatablePatches } from '../../recovery/layer-data.js';
import { type Moments, momentsOf } from '../../recovery/moments.js';
import type { Target } from '../../recovery/places.js';
import { inRunningOrder } from '../../recovery/running-order.js';
import type { CodedTensor } from '../container/layout.js';
import { reconstruct } from '../rule.js';
import { signalOf } from './gains.js';
import type { InputBlock } from './input-statistics.js';
import type { Packable } from './packables.js';
import type { Choice, QuantizableModel } from './quantized-model.js';
import { dampedFeedback, quantizedBias, quantizedWeight } from './quantized-weight.js';
import { refitted } from './refitted.js';

/** Quantizes a model layer by layer. */
export interface Sequence {
  /** The coded tensors of a choice. */
  tensors(choice: Choice): Promise<CodedTensor[]>;
}

export interface SequenceOptions {
  readonly calibration: Dataset;
  readonly threads: number;
  /** Levels along trellises: see `quantizableModel`. */
  readonly dependent: boolean;
  readonly signal?: AbortSignal;
}

/** Layers of more inputs an output are not refitted: their second moments would take minutes. */
const MOST_INPUTS = 1280;
/** Places that a layer must have for every input to be refitted: with fewer it would be fitted to the samples, and its weights take more bytes. */
const PLACES_AN_INPUT = 8;

/**
 * The layers one after the other, each for the inputs that those quantized before it leave: first its weights are refitted, so that from these inputs it
 * gives what the original layer gave from its own (where a branch is added to its output, the sum: it also makes good what the branch has lost); then
 * they are quantized with error feedback on the moments of these inputs; and its bias takes what is left of the mean. So errors do not add up
 * along the layers (Frantar et al. 2022, "GPTQ", with the targets of Li et al. 2025, "GPTAQ"). What `plain` gives
 * stays where a layer can't be refitted; but for the bias also where it has more than 1280 inputs an output, or fewer than eight places for each. `model`: as `plain` was
 * opened with. A call costs one inference of the samples and for each layer of K inputs and F outputs places x K^2 + K^3 + F K^2.
 */
export async function openSequence(
  model: Model,
  packables: readonly Packable[],
  plain: QuantizableModel,
  { calibration, threads, dependent, signal }: SequenceOptions,
): Promise<Sequence> {
  const database = await openLayerDatabase(model, calibration, { threads, signal });
  const targets = database.dataset.count > 1 ? await database.targets() : new Map<string, Target>();
  const byName = new Map(packables.map((packable) => [packable.name, packable]));
  return {
    async tensors(choice) {
      const coded = new Map(plain.tensors(choice).map((tensor) => [tensor.offset, tensor]));
      const steps = new Map(plain.weights.map(({ name }, index) => [name, choice[index]]));
      const { model: ordered, layers } = inRunningOrder(readModel(plain.bytes(choice), 'the model'));
      const run = await openStepwiseRun(ordered, database.dataset, { threads, signal });
      const products = await openProducts(threads);
      try {
        let current = ordered;
        for (const entry of layers) {
          const weight = byName.get(entry.layer.weight);
          if (!weight?.matrix || weight.dataType !== ELEMENT_TYPE.float32) continue;
          await run.advance(current.graph, entry.layer.node);
          const data = layerData(entry, current.graph, targets, run);
          if (!data) continue;
          const bias = entry.bias === null ? undefined : byName.get(entry.bias);
          const present = coded.get(weight.offset)!;
          const step = steps.get(weight.name)!;
          const { tensor, biases } = isRefittable(weight.matrix.columns, data.target.positions.length)
            ? await quantizedFor(data, weight, step, { products, dependent, centred: bias !== undefined })
            : { tensor: present, biases: await biasesFor(data, weight, present) };
          coded.set(weight.offset, tensor);
          const codedBias = bias && quantizedBias(bias, biases);
          if (bias) coded.set(bias.offset, codedBias!);
          current = withColumns(current, entry, [columnsOf(weight, tensor, codedBias)]);
        }
      } finally {
        await products.release();
      }
      return [...coded.values()];
    },
  };
}

function isRefittable(inputs: number, places: number): boolean {
  return inputs <= MOST_INPUTS && places >= PLACES_AN_INPUT * inputs;
}

interface Fitting {
  readonly products: Products;
  readonly dependent: boolean;
  /** Whether a bias takes the means. */
  readonly centred: boolean;
}

/** The weight refitted and quantized for the inputs that there are, and what the bias is then to be. */
async function quantizedFor(
  data: LayerData,
  weight: Packable,
  step: number,
  { products, dependent, centred }: Fitting,
): Promise<{ readonly tensor: CodedTensor; readonly biases: Float32Array }> {
  const [moments] = await momentsOf(data, products);
  const { block, cross, means } = momentsAbout(moments, centred);
  const feedback = dampedFeedback(block);
  const values = refitted(weight.values, weight.matrix!, { covariance: block.covariance, cross }, feedback);
  const moved = { ...weight, values };
  const blocks = [block];
  const inputs = { blocks, feedback: [feedback], signal: signalOf(moved, blocks) };
  const tensor = quantizedWeight(moved, inputs, step, dependent);
  return { tensor, biases: leftOf(means, block.mean, weight, tensor) };
}

/** Covariances of the inputs, those of inputs and wanted outputs (size x features), and the means of what is wanted. */
function momentsAbout({ gram, right, places, size, features }: Moments, centred: boolean) {
  const n = size - 1;
  const mean = Float64Array.from({ length: n }, (_, i) => (centred ? gram[i * size + n] / places : 0));
  const means = Float64Array.from({ length: features }, (_, f) => right[n * features + f] / places);
  const covariance = new Float64Array(n * n);
  const cross = new Float64Array(n * features);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) covariance[i * n + j] = gram[i * size + j] / places - mean[i] * mean[j];
    for (let f = 0; f < features; f++)
      cross[i * features + f] = right[i * features + f] / places - mean[i] * means[f];
  }
  const block: InputBlock = { first: 0, size: n, mean, covariance };
  return { block, cross, means };
}

/** What the bias of a layer is to be, whose weight is quantized. One pass over the places. */
async function biasesFor(data: LayerData, weight: Packable, tensor: CodedTensor): Promise<Float32Array> {
  const { size, features } = data.geometry;
  const mean = new Float64Array(size);
  const means = new Float64Array(features);
  const count = data.target.positions.length;
  for (const { rows, inputs, wanted } of repeatablePatches(data)) {
    for (let row = 0, at = 0; row < rows; row++, at++)
      for (let i = 0; i < size; i++) mean[i] += inputs[at++] / count;
    for (let row = 0, at = 0; row < rows; row++)
      for (let f = 0; f < features; f++) means[f] += wanted[at++] / count;
  }
  return leftOf(means, mean, weight, tensor);
}

/** Means less what the weight gives of them. */
function leftOf(
  means: Float64Array,
  mean: Float64Array,
  { matrix }: Packable,
  { levels, rule, grid }: CodedTensor,
): Float32Array {
  const { rowStride, columnStride } = matrix!;
  const rebuilt = reconstruct(levels, rule, grid);
  return Float32Array.from(means, (wanted, row) => {
    let left = wanted;
    for (let i = 0; i < mean.length; i++) left -= rebuilt[row * rowStride + i * columnStride] * mean[i];
    return left;
  });
}

/** The layer as `withColumns` takes it: its inputs x features, and its bias. */
function columnsOf(
  { matrix }: Packable,
  { levels, rule, grid }: CodedTensor,
  bias: CodedTensor | undefined,
): Float32Array {
  const { rows, columns, rowStride, columnStride } = matrix!;
  const rebuilt = reconstruct(levels, rule, grid);
  const out = new Float32Array((columns + 1) * rows);
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++)
      out[column * rows + row] = rebuilt[row * rowStride + column * columnStride];
  if (bias) out.set(reconstruct(bias.levels, bias.rule, bias.grid), columns * rows);
  return out;
}
