/**
 * What a hundred evaluations buy: the share of the attainable hypervolume (feasible points, objectives normalised by the
 * true front's ideal and nadir point, reference point 1.1; protocol in `../shared/reference/hundred-evaluations`), on the way
 * and at the end.
 *
 *     node dist/benchmarks/hundred-evaluations.js [--seeds 5] [--configurations auto,spearman] [--problems tnk,osy]
 *
 * Every figure of a row is of the same seeds, 1 to `--seeds`. Any problem of the catalogue goes whose attainable hypervolume is known or
 * whose true front has a closed form. Without flags the table is kept in `results/`; of a part it is only printed.
 */
import { type CatalogueEntry, hundredEvaluations, problems } from '../problems/index.js';
import { hypervolume, type OptimizeOptions, optimize, type Run } from '../src/index.js';
import { listOption, markdown, option, publish, spreadOf } from './report.js';

const BUDGET = 100;
const STOPS = [25, 50, 75, 100];
const CONFIGURATIONS: Readonly<Record<string, OptimizeOptions>> = {
  auto: { surrogate: 'auto' },
  spearman: { surrogate: 'spearman' },
  mape: { surrogate: 'mape' },
  ctaea: { surrogate: false, populationSize: 10 },
  nsga2: { surrogate: false, algorithm: 'nsga2', populationSize: 10 },
  random: { surrogate: false, algorithm: 'random' },
};

const seeds = option('seeds', 5);
const names = listOption('problems', hundredEvaluations);
const chosen = listOption('configurations', Object.keys(CONFIGURATIONS));
const unknown = chosen.find((name) => !CONFIGURATIONS[name]);
if (unknown !== undefined)
  throw new Error(`the configurations are ${Object.keys(CONFIGURATIONS).join(', ')}, got ${unknown}`);

/** Seconds of CPU time a run, by configuration and problem. */
const seconds = chosen.map(() => names.map(() => 0));
const table: string[][] = [];
const curves: string[][] = [];
for (const [p, name] of names.entries()) {
  const entry = problems.find((problem) => problem.name === name);
  if (!entry) throw new Error(`there is no problem ${name}`);
  const row = [name];
  for (const [c, configuration] of chosen.entries()) {
    const shares: number[][] = STOPS.map(() => []);
    const started = process.cpuUsage();
    for (let seed = 1; seed <= seeds; seed++) {
      const run = await optimize(entry.create(), { ...CONFIGURATIONS[configuration], budget: BUDGET, seed });
      STOPS.forEach((stop, s) => {
        shares[s].push(attained(run, stop, entry));
      });
    }
    const { user, system } = process.cpuUsage(started);
    seconds[c][p] = (user + system) / 1e6 / seeds;
    const { mean, deviation, lower, upper } = spreadOf(shares[STOPS.length - 1]);
    row.push(`${mean.toFixed(3)} ± ${deviation.toFixed(3)} (${lower.toFixed(3)}–${upper.toFixed(3)})`);
    curves.push([
      name,
      configuration,
      ...shares.map((values) => quartiles(values)),
      seconds[c][p].toFixed(1),
    ]);
    console.error(curves[curves.length - 1].join('  '));
  }
  table.push(row);
}

const cpu = seconds.map((values) => values.reduce((sum, value) => sum + value, 0) / names.length);
publish(
  'hundred-evaluations',
  'A hundred evaluations',
  [
    `Share of the attainable hypervolume after ${BUDGET} evaluations: mean ± standard deviation (quartiles) of seeds 1 to ${seeds}.`,
    markdown(
      ['problem', ...chosen],
      [...table, ['CPU seconds a run, mean', ...cpu.map((value) => value.toFixed(1))]],
    ),
    'On the way: median (quartiles) after so many evaluations, and CPU seconds a run.',
    markdown(['problem', 'configuration', ...STOPS.map(String), 'CPU s'], curves),
  ],
  process.argv.length === 2 || process.argv.slice(2).every((flag) => /^(--seeds|\d+)$/.test(flag)),
);

function quartiles(values: readonly number[]): string {
  const { lower, median, upper } = spreadOf(values);
  return `${median.toFixed(3)} (${lower.toFixed(3)}–${upper.toFixed(3)})`;
}

/** The share that the first `count` evaluations attain. */
function attained(run: Run, count: number, { name, reference, front }: CatalogueEntry): number {
  if (!reference) throw new Error(`the ideal and nadir point of ${name} are not known`);
  const { ideal, nadir } = reference;
  const corner = ideal.map(() => 1.1);
  const normalised = (f: Float64Array) =>
    f.map((value, i) => {
      const j = i % ideal.length;
      return (value - ideal[j]) / (nadir[j] - ideal[j]);
    });
  const whole = reference.hypervolume ?? attainable(name, front, normalised, corner);
  const feasible = run.evaluations.slice(0, count).filter((evaluation) => evaluation.feasible);
  const points = feasible.flatMap(({ f }) => [...normalised(f)]);
  return hypervolume(points, feasible.length, corner) / whole;
}

/** By many points of the true front: a little less than the front itself has. */
function attainable(
  name: string,
  front: CatalogueEntry['front'],
  normalised: (f: Float64Array) => Float64Array,
  corner: readonly number[],
): number {
  if (!front) throw new Error(`the attainable hypervolume of ${name} is not known`);
  const points = normalised(front(corner.length === 2 ? 10_000 : 2_000));
  return hypervolume(points, points.length / corner.length, corner);
}
