import { frontOf, measured } from '../../src/archive.js';
import { hypervolumeRecord } from '../../src/hypervolume-record.js';
import { defineProblem, minimize, type RunRecord, randomOf, real, runRecord } from '../../src/index.js';
import { resolveOptions } from '../../src/options.js';

/** A run at random of a problem with four variables and so many objectives, all minimised, and no constraint. */
export function madeUp({
  evaluations: count,
  objectives,
}: {
  evaluations: number;
  objectives: number;
}): RunRecord {
  const names = Array.from({ length: objectives }, (_, j) => `f${j + 1}`);
  const problem = defineProblem({
    name: 'made-up',
    variables: { a: real(0, 1), b: real(0, 1), c: real(0, 1), d: real(0, 1) },
    metrics: Object.fromEntries(names.map((name) => [name, minimize({ range: [0, 2] })])),
    evaluateBatch: () => {},
  });
  const random = randomOf(1, 'made up');
  const evaluations = Array.from({ length: count }, (_, i) => {
    const x = Float64Array.from({ length: 4 }, () => random.uniform());
    const f = Float64Array.from(names, (_, j) => x[j % 4] + (1 - x[(j + 1) % 4]) ** 2);
    return measured(problem, x, f, new Float64Array(0), { seconds: 0.01, origin: 'initial', round: i });
  });
  const front = frontOf(evaluations).map((evaluation) => ({ evaluation }));
  const history = hypervolumeRecord(problem, objectives > 2 ? [] : evaluations, null);
  return runRecord(
    {
      problem,
      options: resolveOptions(problem, { surrogate: false, budget: count }),
      evaluations,
      front,
      closest: [],
      hypervolume: objectives > 2 ? { ...history, history: evaluations.map(() => 0) } : history,
      models: [],
      ended: 'budget',
    } as never,
    {},
    {},
  );
}
