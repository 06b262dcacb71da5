/**
 * The study of selection metrics: how the regressors of the surrogates are best chosen. Sixteen combinations, MSE, MAPE,
 * Spearman and random for the objectives x the same for the constraint, 2 infill points a round, against plain C-TAEA at
 * two populations; the same evaluations for each. On the stand-in network, or on ResNet-20 of `../shared`:
 *
 *     node dist/benchmarks/metrics-study.js [--network resnet20] [--seeds 5] [--budget 100] [--generations 1000]
 *         [--limit 1000] [--floor 0.9] [--runs DIR] [--print]
 *
 * The full study takes hours. Every run is kept in `--runs` (default `runs/metrics-study-NETWORK` beside the benchmarks),
 * finished ones are not run again, and one that was interrupted goes on from its journal: the same command again goes
 * on. `--print` keeps nothing in `results/`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { openCompression } from '../problems/compression/index.js';
import { type OptimizeOptions, runStudy, studyResult } from '../src/index.js';
import { studyCharts } from '../src/report/static-charts.js';
import { verdict } from '../src/study/verdict.js';
import { environment, markdown, option, publish, repository, spreadOf } from './report.js';

const text = (name: string, otherwise: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};

const METRICS = ['mse', 'mape', 'spearman', 'random'] as const;
const network = text('network', 'stand-in');
const onResNet = network === 'resnet20';
const seeds = option('seeds', 5);
const budget = option('budget', 100);
const generations = option('generations', 1000);
const limit = option('limit', 1000);
const floor = option('floor', onResNet ? 0.85 : 0.9);
const folder = text('runs', `${repository}runs/metrics-study-${network}`);

const name = (objectives: string, constraints: string) => `${objectives} / ${constraints}`;
const configurations: Record<string, OptimizeOptions> = Object.fromEntries([
  ...METRICS.flatMap((objectives) =>
    METRICS.map((constraints) => [
      name(objectives, constraints),
      { surrogate: { objectives, constraints }, populationSize: 50, generations, infill: 2 },
    ]),
  ),
  ['C-TAEA 5 x 20', { surrogate: false, populationSize: 5 }],
  ['C-TAEA 10 x 10', { surrogate: false, populationSize: 10 }],
]);

const study = {
  name: 'selection metrics',
  problems: [{ name: network, compression: {} }],
  configurations,
  options: { budget },
  seeds: Array.from({ length: seeds }, (_, i) => i + 1),
};

const before = process.cpuUsage();
const cells = await runStudy(study, {
  folder,
  versions: {},
  async open(_, seed) {
    const { problem, facts, versions, close } = await openCompression({
      model: onResNet ? `${repository}../shared/models/resnet20-cifar10.onnx` : 'stand-in',
      data: onResNet ? `cifar10:${repository}../shared/data/cifar10/test_batch.bin` : 'stand-in',
      limit,
      minAccuracy: floor,
      untimed: true,
      seed,
    });
    return { problem, facts, versions, close };
  },
  onCell: ({ configuration, seed }, done, all) =>
    console.error(`${done + 1}/${all}`, configuration, 'seed', seed, `${cpuSeconds()} s CPU`),
});

const [result] = studyResult(cells);
const found = new Map(result.configurations.map((one) => [one.configuration, one]));
const figures = (configuration: string) => {
  const { mean, deviation } = found.get(configuration)!;
  return `${mean.toFixed(5)} ± ${deviation.toFixed(5)}`;
};
/** Mean and deviation over all runs of the configurations of some names. */
function pooled(taken: (configuration: string) => boolean): string {
  const { mean, deviation } = spreadOf(
    result.configurations.filter(({ configuration }) => taken(configuration)).flatMap(({ values }) => values),
  );
  return `${mean.toFixed(5)} ± ${deviation.toFixed(5)}`;
}

const sure = result.comparisons.filter(({ p }) => p < 0.05);
const paragraphs = [
  `Network ${network}, first ${limit} images, accuracy floor ${floor}, ${budget} evaluations, population 50 x ${generations} generations on the surrogates, 2 infill points, seeds 1 to ${seeds}. Objectives accuracy and nonZeroRate; hypervolume to ${JSON.stringify(result.referencePoint)}.${shortened()}`,
  'Mean and deviation of the hypervolume; rows: the metric for the objectives, columns: the metric for the constraint.',
  markdown(
    ['', ...METRICS],
    METRICS.map((objectives) => [
      objectives,
      ...METRICS.map((constraints) => figures(name(objectives, constraints))),
    ]),
  ),
  markdown(
    ['configuration', 'mean', 'deviation', 'lower quartile', 'median', 'upper quartile', 'wins'],
    [...result.configurations]
      .sort((a, b) => b.mean - a.mean)
      .map(({ configuration, mean, deviation, quartiles, wins, values }) => [
        configuration,
        ...[mean, deviation, quartiles[1], quartiles[2], quartiles[3]].map((value) => value.toFixed(5)),
        `${wins} of ${values.length}`,
      ]),
  ),
  `![Box plots](metrics-study-${network}.svg)`,
  verdict(result),
  ...(sure.length === 0
    ? []
    : [sure.map(({ better, worse, p }) => `${better} over ${worse} (p ${p.toPrecision(2)})`).join('; ')]),
  'Pooled over the metrics of the other kind: the metric for the objectives, then the metric for the constraint.',
  markdown(
    ['', ...METRICS],
    [
      ['objectives', ...METRICS.map((metric) => pooled((key) => key.startsWith(`${metric} /`)))],
      ['constraint', ...METRICS.map((metric) => pooled((key) => key.endsWith(`/ ${metric}`)))],
    ],
  ),
];
if (process.argv.includes('--print')) console.log([environment(), ...paragraphs].join('\n\n'));
else {
  publish(`metrics-study-${network}`, `The study of selection metrics on ${network}`, paragraphs);
  mkdirSync(`${repository}benchmarks/results`, { recursive: true });
  const charts = await studyCharts([result]);
  writeFileSync(`${repository}benchmarks/results/metrics-study-${network}.svg`, charts['study-boxes.svg']);
}

function shortened(): string {
  const full = seeds >= 5 && budget >= 100 && generations >= 1000;
  return full ? '' : ' **This is a shortened form of the study: read nothing into small differences.**';
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / 1e6);
}
