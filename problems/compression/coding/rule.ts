import type { Grid } from './levels/neighbourhood.js';

/**
 * How numbers come back from levels. Products and sums of doubles alone, rounded to float32 at the end, so that every
 * engine gives the same bits.
 */
export type Rule = StepRule | GainRule | TableRule;

/** A level q stands for 0 where it is 0, else for `sign(q) step (|q| + offset)`. */
export interface StepRule {
  readonly kind: 'steps';
  /** One step, or one for every row of the tensor. */
  readonly steps: Float32Array;
  /** The offset of the levels 1 and -1, and that of the others. */
  readonly offsets: readonly [number, number];
}

/** A level q of row r stands for `q step gains[r] / 128`. */
export interface GainRule {
  readonly kind: 'gains';
  readonly step: number;
  /** One a row; 128 leaves the step as it is. */
  readonly gains: Uint8Array;
}

/** The gain that leaves a step as it is. */
export const UNIT_GAIN = 128;

/** A level q stands for `values[q - first]`. */
export interface TableRule {
  readonly kind: 'table';
  readonly first: number;
  readonly values: Float32Array;
}

/** The numbers that levels stand for, row-major as they are. A level outside of a table stands for its nearest end. O(n). */
export function reconstruct(
  levels: Int32Array,
  rule: Rule,
  grid: Pick<Grid, 'rows'>,
): Float32Array<ArrayBuffer> {
  if (rule.kind === 'gains') return reconstruct(levels, withSteps(rule), grid);
  const out = new Float32Array(levels.length);
  if (rule.kind === 'table') {
    const { first, values } = rule;
    for (let i = 0; i < out.length; i++)
      out[i] = values[Math.max(0, Math.min(values.length - 1, levels[i] - first))];
    return out;
  }
  // A container keeps them as float32.
  const [one, more] = rule.offsets.map(Math.fround);
  const perRow = rule.steps.length === 1 ? out.length : out.length / grid.rows;
  for (let i = 0, row = 0; i < out.length; row++) {
    const step = rule.steps[row];
    const nearest = Math.fround(step * (1 + one));
    for (const end = i + perRow; i < end; i++) {
      const q = levels[i];
      if (q === 0) continue;
      if (q === 1) out[i] = nearest;
      else if (q === -1) out[i] = -nearest;
      else out[i] = q > 0 ? step * (q + more) : step * (q - more);
    }
  }
  return out;
}

function withSteps({ step, gains }: GainRule): StepRule {
  // Exact but for the last rounding: a float32 by a byte.
  const steps = Float32Array.from(gains, (gain) => (Math.fround(step) * gain) / UNIT_GAIN);
  return { kind: 'steps', steps, offsets: [0, 0] };
}
