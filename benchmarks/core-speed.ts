/**
 * The speed of the evolutionary core: CPU seconds of whole runs, medians after one run to warm up, beside the figures of
 * `../shared/reference/speed.json` where they are there (measured on another day: compare with care).
 *
 *     node dist/benchmarks/core-speed.js [--runs 7]
 */
import { existsSync, readFileSync } from 'node:fs';
import { zdt1 } from '../problems/zdt.js';
import {
  type Algorithm,
  algorithms,
  evolve,
  hypervolume,
  numericFunction,
  type Problem,
  randomOf,
} from '../src/index.js';
import { gappedZdt1 } from './gapped-zdt1.js';
import { markdown, option, publish, repository } from './report.js';

const runs = option('runs', 7);
const GENERATIONS = 1000;
const others = referenceFigures();
const tasks: readonly {
  algorithm: keyof typeof algorithms;
  problem: Problem;
  size: number;
  beside: string;
}[] = [
  { algorithm: 'ctaea', problem: gappedZdt1(), size: 50, beside: others.ctaea },
  { algorithm: 'nsga2', problem: gappedZdt1(), size: 50, beside: others.nsga2 },
  { algorithm: 'nsga3', problem: gappedZdt1(), size: 50, beside: '' },
  { algorithm: 'nsga2', problem: zdt1(), size: 100, beside: others.zdt1 },
];

const rows = tasks.map(({ algorithm, problem, size, beside }) => {
  const results = Array.from({ length: runs + 1 }, (_, seed) =>
    measure(algorithm, problem, size, seed),
  ).slice(1);
  return [
    algorithm,
    `${problem.name}, ${problem.space.length} variables`,
    `${size} x ${GENERATIONS}`,
    median(results.map(({ seconds }) => seconds)).toFixed(3),
    median(results.map(({ volume }) => volume)).toFixed(4),
    beside,
  ];
});

publish('core-speed', 'The speed of the evolutionary core', [
  `CPU seconds of a run, median of ${runs} after a first that is not counted; hypervolume with reference point (1.1, 1.1).`,
  markdown(['algorithm', 'problem', 'population x generations', 'CPU s', 'hypervolume', 'others'], rows),
]);

function measure(name: keyof typeof algorithms, problem: Problem, populationSize: number, seed: number) {
  const shape = {
    variables: problem.space.length,
    objectives: problem.objectives.length,
    constraints: problem.constraints.length,
  };
  const evaluate = numericFunction(problem);
  const random = randomOf(seed, 'core-speed');
  const options = { populationSize, generations: GENERATIONS };
  const started = process.cpuUsage();
  const result = evolve(
    algorithms[name] as Algorithm<never>,
    problem.space,
    shape,
    options,
    evaluate,
    random,
  );
  const { user, system } = process.cpuUsage(started);
  const points: number[] = [];
  for (let i = 0; i < result.size; i++)
    if (result.cv[i] <= 0) points.push(result.f[2 * i], result.f[2 * i + 1]);
  return { seconds: (user + system) / 1e6, volume: hypervolume(points, points.length / 2, [1.1, 1.1]) };
}

function referenceFigures(): { ctaea: string; nsga2: string; zdt1: string } {
  const file = `${repository}../shared/reference/speed.json`;
  if (!existsSync(file)) return { ctaea: '', nsga2: '', zdt1: '' };
  const { pymooCtaea, pymooNsga2, pagmo2Nsga2 } = JSON.parse(readFileSync(file, 'utf8'));
  return {
    ctaea: `pymoo ${pymooCtaea.millisecondsPerGeneration} s`,
    nsga2: `pymoo ${pymooNsga2.millisecondsPerGeneration} s`,
    zdt1: `pagmo2 ${pagmo2Nsga2.cpuSeconds} s, hypervolume ${pagmo2Nsga2.hv}`,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
