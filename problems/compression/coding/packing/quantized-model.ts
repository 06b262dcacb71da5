import type { CodedTensor } from '../container/layout.js';
import { withLevels } from '../container/write.js';
import type { Grid } from '../levels/neighbourhood.js';
import type { Path } from '../levels/trellis.js';
import { centroidOffsets } from '../quantizers/centroid.js';
import { type Rule, reconstruct } from '../rule.js';
import { dependentLevels } from './dependent-levels.js';
import { type Feedback, feedbackOf, levelsWith } from './error-feedback.js';
import { gainsOf } from './gains.js';
import type { InputBlock } from './input-statistics.js';
import type { MatrixForm, Packable } from './packables.js';

/** The step of every weight, in the order of the weights. */
export type Choice = readonly number[];

/** What is added to the biases of layers, by their names. */
export type Shifts = ReadonlyMap<string, Float64Array>;

/** A model whose weights can be quantized in many ways, one after the other. */
export interface QuantizableModel {
  readonly weights: readonly Packable[];
  /** The coded tensors of a choice: its weights, and the biases with what the weights' errors do to
   * the mean outputs made good, and `more` added to them. */
  tensors(choice: Choice, more?: Shifts): CodedTensor[];
  /** The model that they stand for. */
  bytes(choice: Choice, more?: Shifts): Uint8Array<ArrayBuffer>;
}

/** Levels of a bias on its range: 2^8. */
const BIAS_STEPS = 127;
/** Added to the variances of inputs, as a share of their mean: moments of a few hundred samples are not to be trusted to the last. */
const DAMPING = 0.05;

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
  const feedback: (readonly Feedback[] | undefined)[] = [];
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
    const { values, matrix, grid, offset, dataType } = weight;
    const blocks = statistics.get(weight.name) ?? [];
    feedback[index] ??= blocks.map((block) => feedbackOf(block, DAMPING));
    const path = dependent && matrix && blocks.length > 0 ? pathOf(matrix, grid) : undefined;
    const unit = path ? step / 2 : step;
    const levels = path
      ? dependentLevels(values, matrix!, feedback[index], unit, spreadOf(values))
      : levelsWith(values, matrix, feedback[index], unit);
    const rule: Rule =
      blocks.length > 0
        ? { kind: 'gains', step: unit, gains: gainsOf(weight, levels, unit, blocks) }
        : centroidOffsets(values, levels, unit);
    const tensor: CodedTensor = { offset, dataType, grid, levels, rule, path };
    return { tensor, shift: meanShift(weight, tensor, blocks) };
  }

  const tensors = (choice: Choice, more?: Shifts) => {
    const coded = choice.map((step, index) => quantized(index, step));
    const shifts = new Map(weights.map(({ layer }, index) => [layer.name, coded[index].shift]));
    return [
      ...coded.map(({ tensor }) => tensor),
      ...biases.map((bias) =>
        codedBias(bias, bias.shared ? [] : [shifts.get(bias.layer.name), more?.get(bias.layer.name)]),
      ),
    ];
  };
  return {
    weights,
    tensors,
    bytes: (choice, more) => withLevels(file, tensors(choice, more)),
  };
}

interface Quantized {
  readonly tensor: CodedTensor;
  /** What the quantization takes from the mean of each output of the layer; null where that is not known. */
  readonly shift: Float64Array | null;
}

/** Paths go from output to output, for every input one. */
function pathOf({ rows, rowStride }: MatrixForm, grid: Grid): Path {
  return rows === grid.rows && rowStride === grid.columns * grid.taps ? 'down' : 'along';
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

function codedBias(bias: Packable, shifts: readonly (Float64Array | null | undefined)[]): CodedTensor {
  const { offset, dataType, grid } = bias;
  const values = bias.values.slice();
  for (const shift of shifts)
    if (shift?.length === values.length) for (let i = 0; i < values.length; i++) values[i] += shift[i];
  const range = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const step = shortFloat(range / BIAS_STEPS);
  const levels = Int32Array.from(values, (value) => Math.round(value / step));
  return {
    offset,
    dataType,
    grid,
    levels,
    rule: { kind: 'steps', steps: Float32Array.of(step), offsets: [0, 0] },
  };
}

/** The nearest number with 8 significant bits, which takes two bytes fewer of a container; 1 in place of 0. */
export function shortFloat(value: number): number {
  if (!(value >= 2 ** -126)) return 1;
  const unit = 2 ** (Math.floor(Math.log2(value)) - 7);
  return Math.round(value / unit) * unit;
}

/** Root of the mean square; 1 for zeros. */
export function spreadOf(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares / values.length) || 1;
}
