import type { Population } from '../../population.js';
import type { Scale } from '../../ranking/association.js';

/** How the diversity archive has come on, span of generations by span. */
export interface Advance {
  /** Whether the archive is on its way: it leads, and came nearer to the ideal point in each of the last spans. */
  underWay: boolean;
  generation: number;
  /** The number of spans in a row in which it came nearer. */
  spans: number;
  /** Its middle at the end of the last span: the median of every objective. */
  readonly middle: Float64Array;
  readonly values: Float64Array;
}

/** That of a new archive of up to `capacity` members. */
export function createAdvance(objectives: number, capacity: number): Advance {
  return {
    underWay: false,
    generation: 0,
    spans: 0,
    middle: new Float64Array(objectives).fill(Number.NaN),
    values: new Float64Array(capacity),
  };
}

/** Generations in a span. */
const SPAN = 20;
/** What is left of the distance, at most, where the archive is said to have come nearer. */
const NEARER = 0.9;
/** Spans in a row that make a way. */
const ENOUGH = 2;
/** The share of the other archive's distance below which a distance counts for nothing. */
const FLOOR = 0.1;

/**
 * Tells, once a generation, whether the diversity archive `da` is still far from any front: whether its middle comes
 * nearer to the ideal point span after span, by a factor (the geometric mean over the objectives). A front at rest keeps its
 * distance, and so does an archive whose members lie at the ideal point (TNK), since distances are taken with a tenth of that of
 * the convergence archive `ca`. From infinite values to infinite ones there is no way. O(m n log n) at the end of a span.
 */
export function followAdvance(advance: Advance, ca: Population, da: Population, { ideal }: Scale): void {
  if (++advance.generation % SPAN !== 0) return;
  const { middle, values } = advance;
  let factor = 1;
  for (let j = 0; j < ideal.length; j++) {
    const floor = FLOOR * (medianOf(ca, j, values) - ideal[j]) - ideal[j];
    const now = medianOf(da, j, values);
    factor *= (now + floor) / (middle[j] + floor);
    middle[j] = now;
  }
  advance.spans = factor ** (1 / ideal.length) < NEARER ? advance.spans + 1 : 0;
  advance.underWay = advance.spans >= ENOUGH;
}

function medianOf({ f, size, objectives: m }: Population, j: number, values: Float64Array): number {
  for (let i = 0; i < size; i++) values[i] = f[i * m + j];
  values.fill(Number.POSITIVE_INFINITY, size).sort();
  return values[size >> 1];
}
