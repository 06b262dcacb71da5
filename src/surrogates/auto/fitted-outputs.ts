import { type Evaluation, frontOf } from '../../archive.js';
import type { Problem } from '../../problem.js';
import { type Encoding, encodeAll } from '../encoding.js';
import type { NoisePrior } from '../process/density.js';
import { costsOf } from './costs.js';
import { withinFence, withinViolation } from './far-values.js';
import { EXACT, NOISY } from './hyper-parameters.js';
import type { Role } from './kinds.js';
import type { Outlooks } from './outlook.js';
import { fitOutput, type ModelMemory, type OutputModel } from './output-model.js';

/** What the models keep from round to round, by the name of the output. */
export type ModelMemories = ReadonlyMap<string, ModelMemory>;

export interface NamedModel {
  readonly name: string;
  readonly model: OutputModel;
  /** What is to be doubted of it; absent where nothing is. */
  readonly warning?: string;
}

/** A Gaussian process for everything that a candidate is judged by. */
export interface FittedOutputs extends Outlooks {
  readonly objectives: readonly OutputModel[];
  /** Feasible at 0 and below. The last one keeps clear of where evaluations fail, once one has. */
  readonly constraints: readonly OutputModel[];
  readonly failure: OutputModel | null;
  /** What an evaluation costs, or null where all cost the same. */
  readonly cost: OutputModel | null;
  readonly named: readonly NamedModel[];
}

/** The further output: whether an evaluation fails. */
const FAILURE = 'evaluation fails';

/**
 * Fits every objective and constraint to the measured evaluations, and whether an evaluation fails (1/2, else -1/2) to all of them.
 * A metric declared noisy gets noise that is learnt. `cost` is the name of a metric above 0 (see `costsOf`), or null. `extra` is
 * the number of points that will be believed. Needs one measured evaluation.
 */
export function fitOutputs(
  problem: Problem,
  evaluations: readonly Evaluation[],
  encoding: Encoding,
  cost: string | null,
  memories: ModelMemories,
  extra: number,
): FittedOutputs {
  const measured = evaluations.filter(({ error }) => error === null);
  const x = encodeAll(encoding, measured);
  const noisy = (metric: number | undefined) =>
    metric !== undefined && problem.metrics[problem.metricNames[metric]].noisy ? NOISY : EXACT;
  const learn = (name: string, at: Float64Array, y: Float64Array, role: Role, noise: NoisePrior) => ({
    name,
    model: fitOutput(at, y, y.length, encoding.width, role, noise, memories.get(name), extra),
  });
  const valuesOf = (value: (evaluation: Evaluation) => number) => Float64Array.from(measured, value);
  const front = frontOf(evaluations);
  const objectives = problem.objectives.map(({ name, metric }, j) => {
    const reached = front.map((i) => evaluations[i].f[j]);
    const y = withinFence(
      valuesOf(({ f }) => f[j]),
      reached,
    );
    return learn(name, x, y, 'objective', noisy(metric));
  });
  const constraints = problem.constraints.map(({ name, bound }, k) => {
    const y = withinViolation(valuesOf(({ g }) => g[k]));
    return learn(name, x, y, 'constraint', noisy(bound?.metric));
  });
  if (measured.length < evaluations.length) {
    const fails = Float64Array.from(evaluations, ({ error }) => (error === null ? -0.5 : 0.5));
    constraints.push(learn(FAILURE, encodeAll(encoding, evaluations), fails, 'plain', NOISY));
  }
  const costs = cost === null ? null : costsOf(measured, problem.metricNames.indexOf(cost));
  const learntCost = costs && {
    ...learn(`cost: ${cost}`, x, costs.logarithms, 'plain', NOISY),
    ...(costs.warning !== undefined && { warning: costs.warning }),
  };
  return {
    objectives: objectives.map(({ model }) => model),
    constraints: constraints.map(({ model }) => model),
    failure: measured.length < evaluations.length ? constraints[constraints.length - 1].model : null,
    cost: learntCost?.model ?? null,
    named: [...objectives, ...constraints, ...(learntCost ? [learntCost] : [])],
  };
}
