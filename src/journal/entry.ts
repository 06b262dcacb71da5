import type { Fault, Origin } from '../archive.js';
import type { Outcome } from '../evaluation/evaluator.js';
import { doublesOf } from './line.js';

/** A line of a journal after the first: what came of one evaluation. */
export interface Entry {
  /** Place among the evaluations of the run, from 0. Lines stand in the order in which outcomes arrived. */
  readonly index: number;
  readonly origin: Origin;
  readonly round: number;
  readonly x: Float64Array;
  readonly outcome: Outcome;
  /** Seconds that the run had taken when the outcome arrived, without the time between an interruption and its resumption. */
  readonly elapsed: number;
}

/** An entry as the content of a line. */
export function contentOf({ index, origin, round, x, outcome, elapsed }: Entry): object {
  const { seconds, attempts } = outcome;
  return {
    index,
    origin,
    round,
    x,
    ...(outcome.failed
      ? { error: outcome.error, fault: outcome.fault }
      : { metrics: outcome.metrics, ...(outcome.g && { g: outcome.g }) }),
    seconds,
    attempts,
    elapsed,
  };
}

/** The entry of a line's content, or null where it is none for a problem of so many variables and metrics. */
export function entryOf(
  content: Readonly<Record<string, unknown>>,
  variables: number,
  metrics: number,
): Entry | null {
  const { index, origin, round, seconds, attempts, elapsed, error, fault } = content;
  const x = doublesOf(content['x']);
  const values = error === undefined ? doublesOf(content['metrics']) : new Float64Array(metrics);
  const g = content['g'] === undefined ? null : doublesOf(content['g']);
  const numbers = [index, round, seconds, attempts, elapsed].every((value) => typeof value === 'number');
  if (!numbers || x?.length !== variables || values?.length !== metrics) return null;
  const paid = { seconds: seconds as number, attempts: attempts as number };
  const outcome: Outcome =
    error === undefined
      ? { failed: false, metrics: values, g, ...paid }
      : { failed: true, error: String(error), fault: fault as Fault, ...paid };
  return {
    index: index as number,
    origin: origin as Origin,
    round: round as number,
    x,
    outcome,
    elapsed: elapsed as number,
  };
}
