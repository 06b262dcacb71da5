import type { Algorithm, Batch } from '../algorithm.js';
import { bestOf } from '../algorithms/known.js';
import type { Evaluation } from '../archive.js';
import { randomOf } from '../math/random.js';
import type { ResolvedOptions } from '../options.js';
import { createPopulation, type Shape } from '../population.js';
import type { Problem } from '../problem.js';
import type { Evaluate } from './evaluate.js';

/** Generations in a row that bring nothing new before the space counts as exhausted. */
const IDLE_GENERATIONS = 100;

/**
 * Ask, evaluate, tell, until the budget is spent. The first population begins with the best of what the run began with.
 * Returns whether the space was exhausted first.
 */
export async function searchDirect(
  problem: Problem,
  algorithm: Algorithm,
  { seed, populationSize }: ResolvedOptions,
  begun: readonly Evaluation[],
  left: () => number,
  evaluate: Evaluate,
): Promise<boolean> {
  const random = randomOf(seed, 'search');
  const shape = {
    variables: problem.space.length,
    objectives: problem.objectives.length,
    constraints: problem.constraints.length,
  };
  const state = algorithm.create(problem.space, shape, {
    populationSize,
    seeds: bestSeeds(begun, shape, populationSize),
  });
  let idle = 0;
  for (let generation = 0; left() > 0; generation++) {
    const batch = algorithm.ask(state, random);
    const before = left();
    if (batch.count === 0 || idle > IDLE_GENERATIONS) return true;
    const origin = generation === 0 ? 'initial' : 'offspring';
    const told = (await evaluate(batch.x, batch.count, { origin, round: generation })).filter(
      ({ error }) => error === null,
    );
    const concatenated = (part: 'x' | 'f' | 'g') =>
      Float64Array.from(told.flatMap((evaluation) => [...evaluation[part]]));
    algorithm.tell(state, { x: concatenated('x'), count: told.length }, concatenated('f'), concatenated('g'));
    idle = left() < before ? 0 : idle + 1;
  }
  return false;
}

function bestSeeds(begun: readonly Evaluation[], shape: Shape, places: number): Batch {
  const measured = begun.filter(({ error }) => error === null);
  const all = createPopulation(measured.length, shape);
  for (const { x, f, g, violation } of measured) {
    all.x.set(x, all.size * shape.variables);
    all.f.set(f, all.size * shape.objectives);
    all.g.set(g, all.size * shape.constraints);
    all.cv[all.size++] = violation;
  }
  const { x, size } = bestOf(all, shape, places);
  return { x, count: size };
}
