import { Command } from 'commander';
import { algorithms } from '../algorithms/catalogue.js';
import { hypervolumeRecord } from '../hypervolume-record.js';
import { optimize, type Run } from '../optimize.js';
import { type OptimizeOptions, resolveOptions } from '../options.js';
import { runRecord } from '../report/run-record.js';
import { nameList, numberIn, surrogateOption, wholeNumber } from './arguments.js';
import { type Compression, loadCompression } from './compression.js';
import { type NetworkFlags, withNetworkOptions } from './network-options.js';
import { checkOutputFolder, type OutputFolder, openOutputFolder } from './output-folder.js';
import { packageVersion } from './package.js';
import { progressLine } from './progress.js';
import { stopOnSignals } from './signals.js';
import { table } from './table.js';
import { counted } from './words.js';

interface CompressFlags extends NetworkFlags {
  readonly minAccuracy: number;
  readonly out: string;
  readonly force?: boolean;
  readonly objectives: string[];
  readonly surrogate: false | string | Record<string, string>;
  readonly algorithm: string;
  readonly budget: number;
  readonly initial?: number;
  readonly infill: number;
  readonly population?: number;
  readonly generations?: number;
}

/** `fronteira compress`: searches the Pareto front of compressed versions of a network and writes them as .onnx files. */
export function compressCommand(): Command {
  const command = new Command('compress').description(
    'search the Pareto front of compressed versions of an ONNX network, every candidate run for real',
  );
  return withNetworkOptions(command, 'print the run record instead of a summary')
    .requiredOption(
      '--min-accuracy <fraction>',
      'smallest accuracy of a solution, in [0, 1]',
      numberIn('--min-accuracy', 0, 1),
    )
    .requiredOption('--out <dir>', 'folder for run.json and front/*.onnx')
    .option('--force', 'replace the results in a folder that is not empty')
    .option(
      '--objectives <names>',
      'metrics to optimise: accuracy, nonZeroRate, size, time, top5, macroF1',
      nameList('--objectives'),
      ['accuracy', 'nonZeroRate'],
    )
    .option(
      '--surrogate <metric>',
      'choose regressors by mse, mape, spearman or random; none: no surrogate; or objectives=mape,constraints=spearman',
      surrogateOption,
      'spearman',
    )
    .option('--algorithm <name>', `one of ${Object.keys(algorithms).join(', ')}`, 'ctaea')
    .option('--budget <n>', 'evaluations in all', wholeNumber('--budget', 1), 100)
    .option('--initial <n>', 'size of the initial sample', wholeNumber('--initial', 1))
    .option('--infill <n>', 'evaluations a round', wholeNumber('--infill', 1), 2)
    .option('--population <n>', 'population of the algorithm', wholeNumber('--population', 2))
    .option(
      '--generations <n>',
      'generations that solve the surrogate problem',
      wholeNumber('--generations', 1),
    )
    .action(compress);
}

async function compress(flags: CompressFlags): Promise<void> {
  await checkOutputFolder(flags.out, flags.force ?? false);
  const { openCompression } = await loadCompression();
  const compression = await openCompression(flags);
  try {
    const options = optimizeOptions(flags);
    resolveOptions(compression.problem, options); // refuses bad options before anything is written
    const folder = await openOutputFolder(flags.out, flags.force ?? false);
    const stop = stopOnSignals(folder);
    try {
      const run = await search(compression, options, stop.signal);
      const versions = { fronteira: packageVersion(), node: process.versions.node, ...compression.versions };
      const record = runRecord(run, compression.facts, versions);
      await writeFront(compression, run, folder);
      await folder.write('run.json', `${JSON.stringify(record, null, 1)}\n`);
      await folder.publish();
      const printed = flags.json ? JSON.stringify(record) : summary(compression, run, flags.out);
      process.stdout.write(`${printed}\n`);
    } finally {
      stop.end();
      folder.discard();
    }
  } finally {
    await compression.close();
  }
}

function optimizeOptions(flags: CompressFlags): OptimizeOptions {
  return {
    algorithm: flags.algorithm as OptimizeOptions['algorithm'],
    surrogate: flags.surrogate as OptimizeOptions['surrogate'],
    budget: flags.budget,
    initial: flags.initial,
    infill: flags.infill,
    populationSize: flags.population,
    generations: flags.generations,
    seed: flags.seed,
  };
}

/** Runs the search with a progress line. */
async function search({ problem }: Compression, options: OptimizeOptions, signal: AbortSignal): Promise<Run> {
  const line = progressLine(process.stderr);
  signal.addEventListener('abort', () => line.end());
  try {
    return await optimize(problem, {
      ...options,
      signal,
      onProgress: (progress) =>
        line.update(progress, () => hypervolumeRecord(problem, progress.evaluations, null).value),
    });
  } finally {
    line.end();
  }
}

/** One .onnx a solution, named by its position in `evaluations`, with its vector, plan and metrics beside it. */
async function writeFront(compression: Compression, { front }: Run, folder: OutputFolder): Promise<void> {
  for (const { evaluation, x, metrics } of front) {
    const { bytes, plan, notes } = compression.candidate(x);
    const name = fileName(evaluation);
    await folder.write(`front/${name}.onnx`, bytes);
    const beside = { evaluation, x: [...x], metrics, measuredOn: compression.measuredOn, plan, notes };
    await folder.write(`front/${name}.json`, `${JSON.stringify(beside, null, 1)}\n`);
  }
}

const fileName = (evaluation: number) => String(evaluation).padStart(3, '0');

function summary({ problem, baseline, notes }: Compression, run: Run, out: string): string {
  const { evaluations, front, closest, hypervolume, options } = run;
  const names = problem.metricNames;
  const row = (head: string, metrics: Readonly<Record<string, number>>) => [
    head,
    ...names.map((name) =>
      Number.isInteger(metrics[name]) ? String(metrics[name]) : metrics[name].toPrecision(4),
    ),
  ];
  const failures = evaluations.filter(({ error }) => error !== null).length;
  const [first] = problem.objectives;
  const shown = [...(front.length > 0 ? front : closest)].sort(
    (a, b) => first.sign * (a.metrics[first.name] - b.metrics[first.name]),
  );
  return [
    ...notes.map((note) => `note: ${note}`),
    run.ended === 'aborted'
      ? `stopped after ${evaluations.length} of ${options.budget} evaluations`
      : counted(evaluations.length, 'evaluation'),
    ...(failures > 0 ? [`${failures} of them failed (see run.json)`] : []),
    front.length > 0
      ? `${counted(front.length, 'solution')} on the front, hypervolume ${hypervolume.value.toPrecision(5)}`
      : 'no feasible solution was found; the closest:',
    '',
    table([
      ['file', ...names],
      row('(uncompressed)', baseline),
      ...shown.map(({ evaluation, metrics }) =>
        row(front.length > 0 ? `${fileName(evaluation)}.onnx` : fileName(evaluation), metrics),
      ),
    ]),
    '',
    `written to ${out}`,
  ].join('\n');
}
