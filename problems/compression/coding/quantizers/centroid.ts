import { InputError } from '../errors.js';
import type { StepRule, TableRule } from '../rule.js';

/** A level stands for the mean of the numbers that it was given to: no other table is nearer to them in squares. Zero stays zero. */
export function centroidTable(values: ArrayLike<number>, levels: Int32Array): TableRule {
  checkLengths(values, levels);
  let first = 0;
  let last = 0;
  for (const level of levels) {
    first = Math.min(first, level);
    last = Math.max(last, level);
  }
  if (last - first > 2 ** 16)
    throw new InputError(`a table of centroids must have at most 2^16 levels, got ${last - first + 1}`);
  const sums = new Float64Array(last - first + 1);
  const counts = new Float64Array(last - first + 1);
  levels.forEach((level, i) => {
    sums[level - first] += values[i];
    counts[level - first]++;
  });
  const table = Float32Array.from(sums, (sum, s) => (counts[s] > 0 ? sum / counts[s] : 0));
  table[-first] = 0;
  return { kind: 'table', first, values: table };
}

/**
 * The step rule of that step whose two offsets are best for the numbers, in squares: a table of centroids in two numbers. They
 * are rounded to 1 / 64 of a step, and lie above -1.
 */
export function centroidOffsets(values: ArrayLike<number>, levels: Int32Array, step: number): StepRule {
  checkLengths(values, levels);
  const sums = [0, 0];
  const counts = [0, 0];
  levels.forEach((level, i) => {
    if (level === 0) return;
    const which = Math.abs(level) === 1 ? 0 : 1;
    sums[which] += (Math.sign(level) * values[i]) / step - Math.abs(level);
    counts[which]++;
  });
  const offset = (which: 0 | 1) =>
    counts[which] === 0 ? 0 : Math.max(-63 / 64, Math.round((64 * sums[which]) / counts[which]) / 64);
  return { kind: 'steps', steps: Float32Array.of(step), offsets: [offset(0), offset(1)] };
}

function checkLengths(values: ArrayLike<number>, levels: Int32Array): void {
  if (values.length !== levels.length)
    throw new InputError(`there must be one level a number, got ${levels.length} for ${values.length}`);
}
