import { InputError } from '../errors.js';
import type { StepRule } from '../rule.js';
import { rangeOf, type ScalarQuantizer } from './scalar.js';

/**
 * Quantizes each row of a tensor (output channel; row-major, `rows` equal rows) with a quantizer of its own, made for the
 * range of the row. The quantizers must be those of one kind with a single step, such as `(range) => midtread(stepOf(range, 16))`.
 */
export function perChannel(
  values: Float32Array,
  rows: number,
  quantizerOf: (range: number) => ScalarQuantizer,
): { readonly levels: Int32Array; readonly rule: StepRule } {
  if (!(Number.isInteger(rows) && rows >= 1 && values.length % rows === 0))
    throw new InputError(`the rows must divide the ${values.length} numbers evenly, got ${rows}`);
  const size = values.length / rows;
  const levels = new Int32Array(values.length);
  const steps = new Float32Array(rows);
  let offsets: StepRule['offsets'] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * size, (row + 1) * size);
    const { rule, quantize } = quantizerOf(rangeOf(part));
    if (rule.kind !== 'steps' || rule.steps.length !== 1)
      throw new InputError('a channel must be quantized in even steps, got a quantizer with a table');
    levels.set(quantize(part), row * size);
    steps[row] = rule.steps[0];
    offsets = rule.offsets;
  }
  return { levels, rule: { kind: 'steps', steps, offsets } };
}
