import type { CodedTensor } from '../container/layout.js';
import type { Grid } from '../levels/neighbourhood.js';
import type { Path } from '../levels/trellis.js';
import { centroidOffsets } from '../quantizers/centroid.js';
import type { Rule } from '../rule.js';
import { dependentLevels } from './dependent-levels.js';
import { type Feedback, feedbackOf, levelsWith } from './error-feedback.js';
import { gainsOf, signalOf } from './gains.js';
import type { InputBlock } from './input-statistics.js';
import type { MatrixForm, Packable } from './packables.js';
import { shortFloat, spreadOf } from './steps.js';

/** What is known of the inputs of a layer: nothing where there are no blocks. */
export interface KnownInputs {
  readonly blocks: readonly InputBlock[];
  /** Of each block. */
  readonly feedback: readonly Feedback[];
  /** The covariances of the inputs with the outputs that the weight makes of them. */
  readonly signal: Float32Array;
}

/** Added to the variances of inputs, as a share of their mean: moments of a few hundred samples are not to be trusted to the last. */
const DAMPING = 0.05;

/** Rows x size^2 and size^3 a block. */
export function knownInputs(weight: Packable, blocks: readonly InputBlock[]): KnownInputs {
  return { blocks, feedback: blocks.map(dampedFeedback), signal: signalOf(weight, blocks) };
}

export function dampedFeedback(block: InputBlock): Feedback {
  return feedbackOf(block, DAMPING);
}

/**
 * A weight in levels: with error feedback and a gain for every row where its inputs are known, else number by number. `dependent`: the former follow
 * trellises, and `step` is that of one half of the levels: they are multiples of half of it.
 */
export function quantizedWeight(
  weight: Packable,
  { blocks, feedback, signal }: KnownInputs,
  step: number,
  dependent: boolean,
): CodedTensor {
  const { values, matrix, grid, offset, dataType } = weight;
  const path = dependent && matrix && blocks.length > 0 ? pathOf(matrix, grid) : undefined;
  const unit = path ? step / 2 : step;
  const levels = path
    ? dependentLevels({ values, matrix: matrix!, signal }, feedback, unit, spreadOf(values))
    : levelsWith(values, matrix, feedback, unit);
  const rule: Rule =
    blocks.length > 0
      ? { kind: 'gains', step: unit, gains: gainsOf(weight, levels, unit, signal) }
      : centroidOffsets(values, levels, unit);
  return { offset, dataType, grid, levels, rule, path };
}

/** Paths go from output to output, for every input one. */
function pathOf({ rows, rowStride }: MatrixForm, grid: Grid): Path {
  return rows === grid.rows && rowStride === grid.columns * grid.taps ? 'down' : 'along';
}

/** Levels of a bias on its range: 2^8. */
const BIAS_STEPS = 127;

/** A bias in levels; `values` in place of its own. */
export function quantizedBias({ offset, dataType, grid }: Packable, values: Float32Array): CodedTensor {
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
