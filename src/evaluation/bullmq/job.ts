import { createHash } from 'node:crypto';
import { doublesOf, plainText } from '../../journal/line.js';
import type { EvaluationContext } from '../../problem.js';
import type { Agreement } from '../load-problem.js';
import type { Attempt } from '../measure.js';
import type { FileHashes } from './files.js';

/** One attempt at one decision vector, as it travels. */
export interface EvaluationJob {
  /** Doubles in the form of a journal: JSON lacks -0. */
  readonly x: unknown;
  readonly seed: number;
  readonly measure: EvaluationContext['measure'];
  readonly timeout: number | null;
  readonly run: Agreement;
  readonly options: unknown;
  readonly files: FileHashes;
}

/** What a worker sends back. */
export type JobResult =
  | { readonly kind: 'attempt'; readonly attempt: unknown }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The server has lost a file that the job needs. */
  | { readonly kind: 'no files' };

/**
 * The name of an attempt follows from what it measures: a run that is resumed finds the jobs that it had sent before, and what
 * has been answered meanwhile.
 */
export function jobId(job: EvaluationJob, attempt: number): string {
  const { timeout: _, ...content } = job;
  return `${createHash('sha256').update(plainText(content)).digest('hex').slice(0, 32)}-${attempt}`;
}

export function sentAttempt(attempt: Attempt): JobResult {
  return { kind: 'attempt', attempt: JSON.parse(plainText(attempt)) };
}

export function arrivedAttempt(sent: unknown): Attempt {
  const { error, fault, metrics, g } = sent as Record<string, unknown>;
  if (fault !== undefined) return { error: String(error), fault: fault as 'threw' };
  const values = doublesOf(metrics);
  if (values === null) return { error: 'a worker answered without figures', fault: 'unusable' };
  return { metrics: values, g: g === null ? null : doublesOf(g) };
}
