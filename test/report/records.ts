import type { EvaluationRecord, RunRecord } from '../../src/index.js';
import type { NamedRun } from '../../src/report/read-run.js';

export interface HandMade {
  readonly name?: string;
  /** Objective values of each evaluation: minimised `cost`, maximised `gain`; null for a failed evaluation. */
  readonly points: readonly (readonly [number, number] | null)[];
  readonly front?: readonly number[];
  readonly closest?: readonly number[];
  readonly history?: readonly number[];
  readonly referencePoint?: { readonly cost: number; readonly gain: number };
  readonly seed?: number;
  readonly infeasible?: readonly number[];
}

/** A run record written by hand: two variables, two objectives, the bound `gain >= 1`. */
export function handMade(made: HandMade): RunRecord {
  const { points, front = [], closest = [], infeasible = [], seed = 1 } = made;
  const evaluations = points.map((point, i): EvaluationRecord => {
    const failed = point === null;
    return {
      x: [i / 10, i % 2],
      metrics: failed ? {} : { cost: point[0], gain: point[1] },
      constraints: failed ? {} : { 'gain >= 1': 1 - point[1] },
      feasible: !failed && !infeasible.includes(i),
      seconds: 0.5,
      origin: i < 2 ? 'initial' : 'infill',
      round: Math.floor(i / 2),
      ...(failed && { error: `evaluation ${i} broke` }),
    };
  });
  return {
    problem: {
      name: 'shed',
      variables: {
        width: { kind: 'real', lower: 0, upper: 1 },
        roof: { kind: 'choice', values: ['tin', 'turf'] },
      },
      metrics: { cost: { role: 'minimize' }, gain: { role: 'maximize' } },
      constraints: ['gain >= 1'],
      facts: {},
    },
    options: { algorithm: 'nsga2', budget: points.length, seed, surrogate: null } as RunRecord['options'],
    versions: { fronteira: '0.0.0' },
    ended: 'budget',
    evaluations,
    failures: { count: 0, threw: 0, unusable: 0, timeout: 0, lost: 0 },
    front,
    closest,
    hypervolume: {
      value: made.history?.at(-1) ?? 0,
      referencePoint: made.referencePoint ?? { cost: 10, gain: 0 },
      history: made.history ?? points.map(() => 0),
    },
    models: [],
  } as RunRecord;
}

export const named = (made: HandMade): NamedRun => ({
  name: made.name ?? 'run',
  record: handMade(made),
  files: {},
});
