/**
 * The search of the compression problem on a real network: hypervolume of the front by configuration, the same budget for
 * each. Needs `../shared` (ResNet-20 and CIFAR-10 images).
 *
 *     node dist/benchmarks/compression-search.js [--seeds 5] [--budget 60] [--limit 1000] [--floor 0.85]
 */
import { openCompression } from '../problems/compression/index.js';
import { type OptimizeOptions, optimize } from '../src/index.js';
import { markdown, option, publish, repository, spreadOf } from './report.js';

const seeds = option('seeds', 5);
const budget = option('budget', 60);
const limit = option('limit', 1000);
const floor = option('floor', 0.85);
const configurations: readonly (readonly [string, OptimizeOptions])[] = [
  ['random search', { surrogate: false, algorithm: 'random' }],
  ['C-TAEA, population 5', { surrogate: false, populationSize: 5 }],
  ['C-TAEA, population 10', { surrogate: false, populationSize: 10 }],
  ['surrogate, mape', { surrogate: 'mape' }],
  ['surrogate, spearman', { surrogate: 'spearman' }],
  ['surrogate, auto', {}],
];

const values = new Map<string, number[]>(configurations.map(([name]) => [name, []]));
const solutions = new Map<string, number[]>(configurations.map(([name]) => [name, []]));
let reference = '';
for (let seed = 1; seed <= seeds; seed++) {
  const compression = await openCompression({
    model: `${repository}../shared/models/resnet20-cifar10.onnx`,
    data: `cifar10:${repository}../shared/data/cifar10/test_batch.bin`,
    limit,
    minAccuracy: floor,
    untimed: true,
    seed,
  });
  for (const [name, options] of configurations) {
    const { hypervolume, front } = await optimize(compression.problem, { ...options, budget, seed });
    values.get(name)!.push(hypervolume.value);
    solutions.get(name)!.push(front.length);
    reference = JSON.stringify(hypervolume.referencePoint);
    console.error(seed, name, hypervolume.value.toFixed(5), front.length);
  }
  await compression.close();
}

const rows = configurations.map(([name]) => {
  const { mean, deviation, lower, median, upper } = spreadOf(values.get(name)!);
  const cells = [mean, deviation, lower, median, upper].map((value) => value.toFixed(5));
  return [name, ...cells, spreadOf(solutions.get(name)!).mean.toFixed(1)];
});
publish('compression-search', 'The compression search on ResNet-20', [
  `Budget ${budget}, first ${limit} test images, accuracy floor ${floor}, seeds 1 to ${seeds}; objectives accuracy and nonZeroRate; hypervolume to ${reference}.`,
  markdown(
    [
      'configuration',
      'mean',
      'deviation',
      'lower quartile',
      'median',
      'upper quartile',
      'solutions on the front',
    ],
    rows,
  ),
]);
