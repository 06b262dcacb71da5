/**
 * What a hundred evaluations buy: the share of the attainable hypervolume on ten problems (feasible points, objectives
 * normalised by the true front's ideal and nadir point, reference point 1.1; protocol in
 * `../shared/reference/hundred-evaluations`).
 *
 *     node dist/benchmarks/hundred-evaluations.js [--seeds 5]
 */
import { hundredEvaluations, problems } from '../problems/index.js';
import { hypervolume, type OptimizeOptions, optimize, type Run } from '../src/index.js';
import { markdown, option, publish, spreadOf } from './report.js';

const seeds = option('seeds', 5);
const configurations: readonly (readonly [string, OptimizeOptions])[] = [
  ['random search', { surrogate: false, algorithm: 'random' }],
  ['C-TAEA 10 x 10', { surrogate: false, populationSize: 10 }],
  ['surrogate, mape', { surrogate: 'mape' }],
  ['surrogate, spearman', { surrogate: 'spearman' }],
];

const rows: string[][] = [];
let cpuSeconds = 0;
let assistedRuns = 0;
for (const name of hundredEvaluations) {
  const entry = problems.find((problem) => problem.name === name)!;
  const cells = [name];
  for (const [, options] of configurations) {
    const shares: number[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const started = process.cpuUsage();
      const run = await optimize(entry.create(), { ...options, budget: 100, seed });
      const { user, system } = process.cpuUsage(started);
      if (options.surrogate) {
        cpuSeconds += (user + system) / 1e6;
        assistedRuns++;
      }
      shares.push(attained(run, entry.reference!));
    }
    const { mean, deviation, lower, upper } = spreadOf(shares);
    cells.push(`${mean.toFixed(3)} ± ${deviation.toFixed(3)} (${lower.toFixed(3)}–${upper.toFixed(3)})`);
  }
  rows.push(cells);
  console.error(cells.join('  '));
}

publish('hundred-evaluations', 'A hundred evaluations', [
  `Share of the attainable hypervolume: mean ± standard deviation (quartiles) of seeds 1 to ${seeds}.`,
  markdown(['problem', ...configurations.map(([name]) => name)], rows),
  `A run with a surrogate took ${(cpuSeconds / assistedRuns).toFixed(1)} s of CPU time on average.`,
]);

function attained(
  run: Run,
  {
    ideal,
    nadir,
    hypervolume: whole,
  }: { ideal: readonly number[]; nadir: readonly number[]; hypervolume?: number },
): number {
  const points = run.front.flatMap(({ evaluation }) =>
    [...run.evaluations[evaluation].f].map((value, j) => (value - ideal[j]) / (nadir[j] - ideal[j])),
  );
  return (
    hypervolume(
      points,
      run.front.length,
      ideal.map(() => 1.1),
    ) / whole!
  );
}
