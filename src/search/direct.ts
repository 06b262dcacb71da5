import { algorithms } from '../algorithms/catalogue.js';
import { randomOf } from '../math/random.js';
import type { ResolvedOptions } from '../options.js';
import type { Problem } from '../problem.js';
import type { Evaluate } from './evaluate.js';

/** Generations in a row that bring nothing new before the space counts as exhausted. */
const IDLE_GENERATIONS = 100;

/** Ask, evaluate, tell, until the budget is spent. Returns whether the space was exhausted first. */
export async function searchDirect(
  problem: Problem,
  { seed, algorithm: name, populationSize }: ResolvedOptions,
  left: () => number,
  evaluate: Evaluate,
): Promise<boolean> {
  const algorithm = algorithms[name];
  const random = randomOf(seed, 'search');
  const shape = {
    variables: problem.space.length,
    objectives: problem.objectives.length,
    constraints: problem.constraints.length,
  };
  const state = algorithm.create(problem.space, shape, { populationSize }) as never;
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
