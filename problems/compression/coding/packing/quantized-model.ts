import type { CodedTensor } from '../container/layout.js';
import { withLevels } from '../container/write.js';
import { reconstruct } from '../rule.js';
import type { InputBlock } from './input-statistics.js';
import type { Packable } from './packables.js';
import { type KnownInputs, knownInputs, quantizedBias, quantizedWeight } from './quantized-weight.js';

/** The step of every weight, in the order of the weights; 0 leaves it as it is. */
export type Choice = readonly number[];

/** A model whose weights can be quantized in many ways, one after the other. */
export interface QuantizableModel {
  readonly weights: readonly Packable[];
  /** The coded tensors of a choice: its weights, and all biases with what the weights' errors do to the mean outputs made good. */
  tensors(choice: Choice): CodedTensor[];
  /** The model that they stand for. */
  bytes(choice: Choice): Uint8Array<ArrayBuffer>;
}

/**
 * `statistics` by the name of the weight, of the inputs that its layer has: a weight without them is quantized number by
 * number. `dependent`: the others follow trellises, and a step is that of one half of the levels: they are multiples of half of it.
 */
export function quantizableModel(
  file: Uint8Array,
  packables: readonly Packable[],
  statistics: ReadonlyMap<string, readonly InputBlock[]>,
  dependent: boolean,
): QuantizableModel {
  const weights = packables.filter(({ role }) => role === 'weight');
  const biases = packables.filter(({ role }) => role === 'bias');
  const inputs: (KnownInputs | undefined)[] = [];
  const known = new Map<number, Map<number, Quantized>>();

  function quantized(index: number, step: number): Quantized {
    const ofWeight = known.get(index) ?? new Map<number, Quantized>();
    known.set(index, ofWeight);
    const found = ofWeight.get(step) ?? quantize(index, step);
    // The last few only: levels take as much memory as the weights.
    ofWeight.delete(step);
    ofWeight.set(step, found);
    if (ofWeight.size > 2) ofWeight.delete(ofWeight.keys().next().value!);
    return found;
  }

  function quantize(index: number, step: number): Quantized {
    const weight = weights[index];
    inputs[index] ??= knownInputs(weight, statistics.get(weight.name) ?? []);
    const tensor = quantizedWeight(weight, inputs[index], step, dependent);
    return { tensor, shift: meanShift(weight, tensor, inputs[index].blocks) };
  }

  const tensors = (choice: Choice) => {
    const coded = choice.map((step, index) => (step > 0 ? quantized(index, step) : undefined));
    const shifts = new Map(weights.map(({ layer }, index) => [layer?.name, coded[index]?.shift]));
    return [
      ...coded.flatMap((found) => (found ? [found.tensor] : [])),
      ...biases.map((bias) =>
        quantizedBias(bias, shifted(bias.values, bias.shared ? null : shifts.get(bias.layer?.name))),
      ),
    ];
  };
  return {
    weights,
    tensors,
    bytes: (choice) => withLevels(file, tensors(choice)),
  };
}

interface Quantized {
  readonly tensor: CodedTensor;
  /** What the quantization takes from the mean of each output of the layer; null where that is not known. */
  readonly shift: Float64Array | null;
}

function meanShift(
  weight: Packable,
  tensor: CodedTensor,
  blocks: readonly InputBlock[],
): Float64Array | null {
  const { matrix, values } = weight;
  if (!matrix || blocks.length === 0) return null;
  const rebuilt = reconstruct(tensor.levels, tensor.rule, tensor.grid);
  const shift = new Float64Array(matrix.rows);
  for (const { first, size, mean } of blocks)
    for (let row = 0; row < matrix.rows; row++)
      for (let column = 0; column < size; column++) {
        const at = row * matrix.rowStride + (first + column) * matrix.columnStride;
        shift[row] += (values[at] - rebuilt[at]) * mean[column];
      }
  return shift;
}

function shifted(values: Float32Array, shift: Float64Array | null | undefined): Float32Array {
  return shift?.length === values.length ? values.map((value, i) => value + shift[i]) : values;
}
