import { after, indexOf, oddOf } from '../levels/trellis.js';
import { type PathFinder, pathFinder } from './best-path.js';
import type { Feedback } from './error-feedback.js';
import { type IndexCosts, indexCosts } from './index-costs.js';
import type { MatrixForm } from './packables.js';

/** A bit is worth so many squares of a step, in a column of mean importance. */
const WORTH = 0.14;
/** How often every column is chosen anew when all are. */
const SWEEPS = 2;
/** The mean magnitude of weights over the root of their mean square. */
const MEAN_OF_SPREAD = 0.7;

/**
 * The levels of a weight along the paths of a trellis, multiples of `step`, with error feedback. Column after column, in the order of the
 * feedback, the numbers of all rows are one path: the best there is for its column, weighed by error and bits, and its error is made
 * good by the columns after it. A path down the rows is followed in whatever order the columns are taken. Then every column is
 * chosen anew, given all others. `spread`: the root of the mean square of the weights. 1.5 rows x size^2 a block, and
 * 24 trials a number and sweep.
 */
export function dependentLevels(
  { values, matrix, signal }: MatrixWithSignal,
  feedback: readonly Feedback[],
  step: number,
  spread: number,
): Int32Array<ArrayBuffer> {
  const levels = new Int32Array(values.length);
  const work: Work = {
    values,
    signal,
    levels,
    matrix,
    step,
    finder: pathFinder(matrix.rows),
    costs: indexCosts((MEAN_OF_SPREAD * spread) / step),
  };
  for (const block of feedback) {
    const importance = meanImportance(block);
    chooseWithFeedback(work, block, importance);
    chooseAnew(work, block, importance);
  }
  return levels;
}

/** A weight as a matrix. */
export interface MatrixWithSignal {
  readonly values: Float32Array;
  readonly matrix: MatrixForm;
  /** The covariances of the inputs with the outputs, in the order of the values: see `signalOf`. */
  readonly signal: Float32Array;
}

interface Work extends MatrixWithSignal {
  readonly levels: Int32Array;
  readonly step: number;
  readonly finder: PathFinder;
  readonly costs: IndexCosts;
}

function chooseWithFeedback(
  { values, levels, matrix, step, finder, costs }: Work,
  { first, size: n, order, factor }: Feedback,
  importance: number,
): void {
  const { rows, rowStride, columnStride } = matrix;
  /** The columns in their order, with what the errors of those before add. */
  const wanted = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < n; i++)
      wanted[row * n + i] = values[row * rowStride + (first + order[i]) * columnStride];
  for (let i = 0; i < n; i++) {
    const line = i * n;
    const column = (first + order[i]) * columnStride;
    for (let row = 0; row < rows; row++) finder.targets[row] = wanted[row * n + i] / step;
    costs.update();
    finder.find(costs, WORTH * importance * factor[line + i] ** 2);
    countPath(finder.levels, costs);
    for (let row = 0; row < rows; row++) {
      const level = finder.levels[row];
      const start = row * n;
      levels[row * rowStride + column] = level;
      const error = (wanted[start + i] - level * step) / factor[line + i];
      for (let j = i + 1; j < n; j++) wanted[start + j] -= error * factor[line + j];
    }
  }
}

/** Coordinate descent on the error of the layer's outputs, a column at a time. */
function chooseAnew(
  { values, signal, levels, matrix, step, finder, costs }: Work,
  { first, size: n, order, covariance, damping }: Feedback,
  importance: number,
): void {
  const { rows, rowStride, columnStride } = matrix;
  const errors = new Float64Array(rows * n);
  /** The errors times the damped covariance. */
  const gradient = new Float64Array(rows * n);
  const move = (row: number, i: number, by: number) => {
    const start = row * n;
    const line = i * n;
    for (let j = 0; j < n; j++) gradient[start + j] += by * covariance[line + j];
    gradient[start + i] += by * damping;
    errors[start + i] += by;
  };
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < n; i++) {
      const at = row * rowStride + (first + i) * columnStride;
      errors[row * n + i] = values[at];
      gradient[row * n + i] += signal[at] + damping * values[at];
      if (levels[at] !== 0) move(row, i, -levels[at] * step);
    }
  costs.update();
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const i of order) {
      const column = (first + i) * columnStride;
      const variance = covariance[i * n + i] + damping;
      for (let row = 0; row < rows; row++) {
        const at = row * n + i;
        finder.targets[row] =
          (values[row * rowStride + column] - errors[at] + gradient[at] / variance) / step;
      }
      finder.find(costs, (WORTH * importance) / variance);
      for (let row = 0; row < rows; row++) {
        const at = row * rowStride + column;
        const by = (levels[at] - finder.levels[row]) * step;
        if (by === 0) continue;
        levels[at] = finder.levels[row];
        move(row, i, by);
      }
    }
}

/** What an error of one costs in the mean column, the columns after it making good what they can. */
function meanImportance({ size: n, factor }: Feedback): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 1 / factor[i * n + i] ** 2;
  return sum / n;
}

function countPath(levels: Int32Array, costs: IndexCosts): void {
  let state = 0;
  for (const level of levels) {
    const odd = oddOf(state);
    const index = indexOf(level, odd);
    costs.count(odd, index);
    state = after(state, index);
  }
}
