import type { Algorithm, Batch } from '../../algorithm.js';
import { type Evaluation, frontOf } from '../../archive.js';
import { randomOf } from '../../math/random.js';
import type { Problem } from '../../problem.js';
import { encodingOf } from '../encoding.js';
import { exploreFarthest, exploreUniformly, shareOfRound } from '../exploration.js';
import type { InfillRule, OwnInfillRule } from '../infill.js';
import type { Infill, ModelRecord } from '../model-record.js';
import { pickFromFront } from '../pick-from-front.js';
import { type FittedOutputs, fitOutputs, type ModelMemories } from './fitted-outputs.js';
import type { SearchEffort } from './maximise.js';
import type { ModelCandidate } from './output-model.js';
import { pickByImprovement } from './pick-by-improvement.js';
import { type FrontEffort, surrogateFront } from './surrogate-front.js';

/** What a round leaves to the next one. It follows from the evaluations: a run that is replayed makes it again. */
export interface AutoMemory {
  readonly models: ModelMemories;
  /** The surrogate front. */
  readonly front: Batch;
}

export const NO_MEMORY: AutoMemory = { models: new Map(), front: { x: new Float64Array(0), count: 0 } };

export interface AutoOptions extends FrontEffort {
  /** Solves the surrogate problem. */
  readonly algorithm: Algorithm;
  /** Points a round. */
  readonly infill: number;
  readonly infillRule: InfillRule | OwnInfillRule;
  /** The share of all infill points that go where nothing was tried. */
  readonly exploration: number;
  /** The metric that says what an evaluation costs, or null. */
  readonly cost: string | null;
  readonly seed: number;
  readonly effort?: SearchEffort;
}

/**
 * One round of Bayesian optimization: a Gaussian process an output (see `fitOutput`), the front of their means by `algorithm`, and
 * `infill` points by the rule, less those that explore (see `exploreFarthest`). Where nothing was measured yet, and where too few
 * new vectors are found, points drawn uniformly make up the number; fewer only when the space seems exhausted.
 *
 * A function of its arguments, of which `memory` is what the round before returned.
 */
export function proposeAuto(
  problem: Problem,
  evaluations: readonly Evaluation[],
  options: AutoOptions,
  round: number,
  memory: AutoMemory,
): Infill & { readonly memory: AutoMemory } {
  const { space } = problem;
  const { infill, seed } = options;
  const known = evaluations.map(({ x }) => x);
  const random = randomOf(seed, 'exploration', round);
  const picked: Float64Array[] = [];
  let models: ModelRecord[] = [];
  let next = memory;
  if (evaluations.some(({ error }) => error === null)) {
    const exploring = shareOfRound(options.exploration, infill, round);
    const outputs = fitOutputs(problem, evaluations, encodingOf(space), options.cost, memory.models, infill);
    const good = frontOf(evaluations).map((i) => known[i]);
    const stream = randomOf(seed, 'surrogate problem', round);
    const solved = surrogateFront(space, outputs, options.algorithm, options, memory.front, good, stream);
    const chosen = { ...options, infill: infill - exploring };
    picked.push(
      ...(options.infillRule === 'expected-hypervolume'
        ? pickByImprovement(problem, evaluations, outputs, solved, chosen, round)
        : pickFromFront(space, solved, evaluations, chosen.infill, options.infillRule)),
    );
    exploreFarthest(space, known, picked, exploring, random);
    models = recordsOf(outputs, round);
    next = {
      models: new Map(outputs.named.map(({ name, model }) => [name, model.memory])),
      front: { x: solved.x.slice(0, solved.size * space.length), count: solved.size },
    };
  }
  exploreUniformly(space, known, picked, infill, random);
  return { x: Float64Array.from(picked.flatMap((x) => [...x])), count: picked.length, models, memory: next };
}

function recordsOf({ named }: FittedOutputs, round: number): ModelRecord[] {
  const regressor = ({ covariance, rough, bent }: ModelCandidate) =>
    `gaussian-process, ${covariance}${rough ? ', rough' : ''}${bent ? ', warped inputs' : ''}`;
  return named.map(({ name, model, warning }) => ({
    round,
    name,
    regressor: regressor(model),
    metric: 'likelihood',
    transform: model.warping.name,
    score: model.score,
    candidates: model.candidates.map((candidate) => ({
      name: regressor(candidate),
      transform: candidate.warping.name,
      score: candidate.score,
    })),
    ...(warning !== undefined && { warning }),
  }));
}
