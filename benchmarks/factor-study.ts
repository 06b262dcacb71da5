/**
 * The factor study of a network: the full factorial of what is pruned (x1, x2), how much (x3 = x4) and quantization (x7), 90
 * combinations, and the rank correlations between accuracy, non-zero rate, size and time. On ResNet-20 of `../shared`, or
 * the stand-in:
 *
 *     node dist/benchmarks/factor-study.js [--network stand-in] [--limit 1000]
 */
import { openCompression } from '../problems/compression/index.js';
import {
  COMPRESSION_FACTORS,
  eachForItself,
  factorial,
  groupOf,
  optimize,
  rankCorrelations,
} from '../src/index.js';
import { markdown, option, publish, repository } from './report.js';

const METRICS = ['accuracy', 'nonZeroRate', 'size', 'time'] as const;
const at = process.argv.indexOf('--network');
const network = at < 0 ? 'resnet20' : process.argv[at + 1];
const limit = option('limit', 1000);

const { problem, close } = await openCompression({
  model: network === 'resnet20' ? `${repository}../shared/models/resnet20-cifar10.onnx` : 'stand-in',
  data: network === 'resnet20' ? `cifar10:${repository}../shared/data/cifar10/test_batch.bin` : 'stand-in',
  limit,
  seed: 1,
});
const vectors = factorial(problem, COMPRESSION_FACTORS);
const { evaluations } = await optimize(eachForItself(problem), {
  surrogate: false,
  algorithm: 'random',
  budget: vectors.length,
  seeds: vectors,
});
await close();

const points = evaluations.map(({ x, metrics }) => ({
  x: [...x],
  metrics: Object.fromEntries(problem.metricNames.map((name, i) => [name, metrics[i]])),
  group: groupOf(problem, COMPRESSION_FACTORS, x),
}));
const correlations = rankCorrelations(points, METRICS);
const groups = [...new Set(points.map(({ group }) => group))];
const spread = (group: string, metric: string) => {
  const values = points.filter((point) => point.group === group).map(({ metrics }) => metrics[metric]);
  const figure = (value: number) => (value >= 1000 ? value.toFixed(0) : value.toPrecision(3));
  return `${figure(Math.min(...values))} to ${figure(Math.max(...values))}`;
};
const untouched = points.filter(({ group }) => group === 'none').length;
publish(`factor-study-${network}`, `The factor study on ${network}`, [
  `${points.length} combinations: x1, x2 in {0, 1, 2}, x3 = x4 in {0.1, 0.25, 0.5, 0.75, 0.95}, x5 = x6 = 2, x7 in {0, 1}; first ${limit} images, seed 1. \`time\` is a ratio to the uncompressed network; the ${untouched} points with nothing done are that network itself, so that their spread in \`time\` (${spread('none', 'time')}) is the noise of this machine, and smaller differences mean nothing. \`fronteira study --factors\` draws the scatter.`,
  'Spearman rank correlations.',
  markdown(
    ['', ...METRICS],
    METRICS.map((metric, i) => [metric, ...correlations[i].map((rho) => rho.toFixed(2))]),
  ),
  'From least to largest, by what was done.',
  markdown(
    ['', 'points', ...METRICS],
    groups.map((group) => [
      group,
      String(points.filter((point) => point.group === group).length),
      ...METRICS.map((metric) => spread(group, metric)),
    ]),
  ),
]);
