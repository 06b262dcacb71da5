import type { Algorithm } from '../algorithm.js';
import type { Evaluation } from '../archive.js';
import type { ResolvedOptions } from '../options.js';
import type { Problem } from '../problem.js';
import type { SurrogateChoice } from '../surrogate-choice.js';
import { NO_MEMORY, proposeAuto } from '../surrogates/auto/propose.js';
import { initialSample } from '../surrogates/exploration.js';
import type { Infill, ModelRecord } from '../surrogates/model-record.js';
import { proposeInfill } from '../surrogates/surrogate-assisted.js';
import type { Evaluate } from './evaluate.js';

/** Fit, solve, pick, evaluate, until the budget is spent. Returns whether the space was exhausted first. */
export async function searchAssisted(
  problem: Problem,
  algorithm: Algorithm,
  options: ResolvedOptions,
  choice: SurrogateChoice,
  evaluations: readonly Evaluation[],
  models: ModelRecord[],
  left: () => number,
  evaluate: Evaluate,
): Promise<boolean> {
  // What the run began with has its part in the initial sample.
  const initial = Math.max(0, options.initial - evaluations.length);
  const sample = initialSample(problem.space, initial, options.seed);
  await evaluate(sample.x, sample.count, { origin: 'initial', round: 0 });
  const propose = proposer(problem, algorithm, options, choice, evaluations);
  for (let round = 1; left() > 0; round++) {
    const proposal = propose(round, Math.min(options.infill, left()));
    if (proposal.count === 0) return true;
    models.push(...proposal.models);
    await evaluate(proposal.x, proposal.count, { origin: 'infill', round });
  }
  return false;
}

/** The infill points of a round: `auto` carries what its models have learnt from round to round. */
function proposer(
  problem: Problem,
  algorithm: Algorithm,
  { folds, seed, populationSize, generations, exploration, cost }: ResolvedOptions,
  { surrogate, regressors, infillRule }: SurrogateChoice,
  evaluations: readonly Evaluation[],
): (round: number, infill: number) => Infill {
  const common = { algorithm, populationSize, generations, infillRule, exploration, seed };
  if (surrogate === null || surrogate === 'auto') {
    let memory = NO_MEMORY;
    return (round, infill) => {
      const proposal = proposeAuto(problem, evaluations, { ...common, infill, cost }, round, memory);
      memory = proposal.memory;
      return proposal;
    };
  }
  const targets = [...problem.objectives, ...problem.constraints].map(({ name }) => ({
    name,
    metric: surrogate[name],
  }));
  return (round, infill) =>
    proposeInfill(problem, evaluations, { ...common, targets, regressors, infill, folds }, round);
}
