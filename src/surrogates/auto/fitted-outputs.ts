import { type Evaluation, frontOf } from '../../archive.js';
import type { Problem } from '../../problem.js';
import type { Encoding } from '../encoding.js';
import type { NoisePrior } from '../process/density.js';
import { withinFence, withinViolation } from './far-values.js';
import { EXACT, NOISY } from './hyper-parameters.js';
import type { Role } from './kinds.js';
import type { Outlooks } from './outlook.js';
import { fitOutput, type ModelMemory, type OutputModel } from './output-model.js';

/** What the models keep from round to round, by the name of the output. */
export type ModelMemories = ReadonlyMap<string, ModelMemory>;

/** A Gaussian process for everything that a candidate is judged by. */
export interface FittedOutputs extends Outlooks {
  readonly objectives: readonly OutputModel[];
  /** Feasible at 0 and below. The last one keeps clear of where evaluations fail, once one has. */
  readonly constraints: readonly OutputModel[];
  readonly failure: OutputModel | null;
  /** What an evaluation costs, or null where all cost the same. */
  readonly cost: OutputModel | null;
  readonly named: readonly { readonly name: string; readonly model: OutputModel }[];
}

/** The further output: whether an evaluation fails. */
const FAILURE = 'evaluation fails';

/**
 * Fits every objective and constraint to the measured evaluations, and whether an evaluation fails (1/2, else -1/2) to all of them.
 * A metric declared noisy gets noise that is learnt. `cost` is the name of a metric above 0, or null. `extra` is
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
  const learn = (
    name: string,
    samples: readonly Evaluation[],
    value: (evaluation: Evaluation) => number,
    role: Role,
    noise: NoisePrior,
    within: (y: Float64Array) => Float64Array = (y) => y,
  ) => {
    const y = within(Float64Array.from(samples, value));
    const at = samples === measured ? x : encodeAll(encoding, samples);
    return {
      name,
      model: fitOutput(at, y, y.length, encoding.width, role, noise, memories.get(name), extra),
    };
  };
  const front = frontOf(evaluations);
  const objectives = problem.objectives.map(({ name, metric }, j) => {
    const reached = front.map((i) => evaluations[i].f[j]);
    return learn(
      name,
      measured,
      ({ f }) => f[j],
      'objective',
      noisy(metric),
      (y) => withinFence(y, reached),
    );
  });
  const constraints = problem.constraints.map(({ name, bound }, k) =>
    learn(name, measured, ({ g }) => g[k], 'constraint', noisy(bound?.metric), withinViolation),
  );
  if (measured.length < evaluations.length)
    constraints.push(
      learn(FAILURE, evaluations, ({ error }) => (error === null ? -0.5 : 0.5), 'plain', NOISY),
    );
  const metric = cost === null ? -1 : problem.metricNames.indexOf(cost);
  const least = measured.reduce(
    (low, { metrics }) => (metrics[metric] > 0 ? Math.min(low, metrics[metric]) : low),
    1,
  );
  const costs =
    metric < 0
      ? []
      : [
          learn(
            `cost: ${cost}`,
            measured,
            ({ metrics }) => Math.log(Math.max(metrics[metric] || 0, least)),
            'plain',
            NOISY,
          ),
        ];
  return {
    objectives: objectives.map(({ model }) => model),
    constraints: constraints.map(({ model }) => model),
    failure: measured.length < evaluations.length ? constraints[constraints.length - 1].model : null,
    cost: costs[0]?.model ?? null,
    named: [...objectives, ...constraints, ...costs],
  };
}

/** The decision vectors of the evaluations, a row each, as regressors see them. */
function encodeAll(encoding: Encoding, evaluations: readonly Evaluation[]): Float64Array {
  const x = Float64Array.from(evaluations.flatMap((evaluation) => [...evaluation.x]));
  const encoded = new Float64Array(evaluations.length * encoding.width);
  encoding.encode(x, evaluations.length, encoded);
  return encoded;
}
