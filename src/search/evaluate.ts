import type { Evaluation, Proposal } from '../archive.js';

/**
 * Pays for the first `count` rows of `x`, in order, until the budget is spent, and returns their evaluations in that order; a
 * vector that was paid for before is returned and not paid for again.
 */
export type Evaluate = (x: Float64Array, count: number, proposal: Proposal) => Promise<Evaluation[]>;
