import { algorithms } from '../algorithms/catalogue.js';
import type { Evaluation } from '../archive.js';
import type { ResolvedOptions } from '../options.js';
import type { Problem } from '../problem.js';
import { initialSample, type ModelRecord, proposeInfill } from '../surrogates/surrogate-assisted.js';
import type { Evaluate } from './evaluate.js';

/** Fit, solve, pick, evaluate, until the budget is spent. Returns whether the space was exhausted first. */
export async function searchAssisted(
  problem: Problem,
  { budget, initial, infill, seed, algorithm, populationSize, generations }: ResolvedOptions,
  surrogate: NonNullable<ResolvedOptions['surrogate']>,
  evaluations: readonly Evaluation[],
  models: ModelRecord[],
  evaluate: Evaluate,
): Promise<boolean> {
  const sample = initialSample(problem.space, initial, seed);
  await evaluate(sample.x, sample.count, { origin: 'initial', round: 0 });
  const targets = [...problem.objectives, ...problem.constraints].map(({ name }) => ({
    name,
    metric: surrogate[name],
  }));
  for (let round = 1; evaluations.length < budget; round++) {
    const proposal = proposeInfill(
      problem,
      evaluations,
      {
        targets,
        algorithm: algorithms[algorithm],
        populationSize,
        generations,
        infill: Math.min(infill, budget - evaluations.length),
        seed,
      },
      round,
    );
    if (proposal.count === 0) return true;
    models.push(...proposal.models);
    await evaluate(proposal.x, proposal.count, { origin: 'infill', round });
  }
  return false;
}
