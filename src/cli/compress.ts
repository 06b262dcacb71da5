import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { algorithms } from '../algorithms/catalogue.js';
import { InputError, show } from '../errors.js';
import type { Evaluator } from '../evaluation/evaluator.js';
import { threadsEach, workers } from '../evaluation/workers.js';
import { hypervolumeRecord } from '../hypervolume-record.js';
import { optimize, type Run } from '../optimize.js';
import { type OptimizeOptions, resolveOptions } from '../options.js';
import { packageVersion } from '../package-version.js';
import type { Problem } from '../problem.js';
import { reportPage } from '../report/page.js';
import { runRecord } from '../report/run-record.js';
import { nameList, numberIn, surrogateOption, wholeNumber } from './arguments.js';
import { type Compression, loadCompression, WORKER_MODULE } from './compression.js';
import { machine } from './machine.js';
import { type NetworkFlags, withNetworkOptions } from './network-options.js';
import { networkFiles, networkName, type Reported, writeNetworks } from './networks.js';
import { checkOutputFolder, openOutputFolder, type Purpose } from './output-folder.js';
import { progressLine } from './progress.js';
import { commandNotes, resumeFrom } from './resume.js';
import { stopOnSignals } from './signals.js';
import { summary } from './summary.js';
import { terminalOf } from './terminal.js';

interface CompressFlags extends NetworkFlags {
  readonly minAccuracy: number;
  readonly out: string;
  readonly force?: boolean;
  /** The folder of the run to go on with. */
  readonly resume?: string;
  readonly salvage?: boolean;
  readonly workers?: number;
  readonly timeout?: number;
  readonly retries?: number;
  /** As `CompressionOptions.reportData`. */
  readonly reportData?: string;
  readonly objectives?: string[];
  readonly untimed?: boolean;
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
      '--resume <dir>',
      'go on with the interrupted run in a folder; its other options need not be given again',
      resumeFrom(command),
    )
    .option('--salvage', 'go on without damaged lines of the journal; their evaluations are paid for again')
    .option(
      '--workers <n>',
      'worker processes that evaluate at once; times are measured while all others wait',
      wholeNumber('--workers', 1, 256),
    )
    .option(
      '--timeout <seconds>',
      'count an evaluation that takes longer as failed',
      numberIn('--timeout', 0.001, 1e6),
    )
    .option('--retries <n>', 'further attempts where an evaluation fails', wholeNumber('--retries', 0, 100))
    .option(
      '--objectives <names>',
      'metrics to optimise: accuracy, accuracyLow, agreement, nonZeroRate, size, gzipSize, packedSize, time, time1, macs, top5, macroF1; default: accuracy,nonZeroRate, in the full space accuracy,size,time',
      nameList('--objectives'),
    )
    .option('--untimed', 'leave out the metrics that a clock measures: an evaluation then costs about half')
    .option(
      '--report-data <spec>',
      'labelled data, as --data but none of it, that the solutions are measured on once more at the end',
    )
    .option(
      '--surrogate <metric>',
      'auto; or choose regressors by mse, mape, spearman or random; none: no surrogate; or objectives=mape,constraints=spearman',
      surrogateOption,
      'auto',
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
  const purpose = purposeOf(flags);
  await checkOutputFolder(flags.out, purpose);
  const { openCompression } = await loadCompression();
  const threads = threadsOf(flags);
  const compression = await openCompression({ ...flags, threads });
  try {
    const options = { ...optimizeOptions(flags), seeds: compression.seeds };
    resolveOptions(compression.problem, options); // refuses bad options before anything is written
    const inputs = await compression.fingerprint();
    const folder = await openOutputFolder(flags.out, purpose);
    const stop = stopOnSignals(folder);
    try {
      const run = await search(compression.problem, {
        ...options,
        signal: stop.signal,
        evaluator: flags.workers === undefined ? undefined : workersFor(flags, threads),
        timeout: flags.timeout === undefined ? undefined : 1000 * flags.timeout,
        retries: flags.retries,
        journal: {
          path: folder.journal,
          salvage: flags.salvage ?? false,
          fresh: purpose === 'replace',
          inputs,
          notes: { ...commandNotes('compress', flags) },
        },
      });
      const versions = {
        fronteira: packageVersion(),
        node: process.versions.node,
        ...compression.versions,
        machine: machine(),
      };
      const { rates, reported } = await writeNetworks(compression, run, folder);
      const facts = { ...compression.facts, ...(compression.report && { reported }) };
      const record = runRecord(run, facts, versions, (x) => rates.get(x) ?? compression.layerRates(x));
      await folder.write('run.json', `${JSON.stringify(record, null, 1)}\n`);
      await folder.write(
        'report.html',
        reportPage([{ name: basename(resolve(flags.out)), record, files: networkFiles(run) }]),
      );
      await folder.publish();
      const printed = flags.json ? JSON.stringify(record) : closing(compression, run, reported, flags.out);
      process.stdout.write(`${printed}\n`);
    } finally {
      stop.end();
      folder.discard();
    }
  } finally {
    await compression.close();
  }
}

function purposeOf({ resume, force, out }: CompressFlags): Purpose {
  if (resume === undefined) return force ? 'replace' : 'new';
  if (force) throw new InputError('--force replaces a run and --resume goes on with it, got both');
  if (resolve(out) !== resume)
    throw new InputError(`--resume writes to the folder of its run, got another with --out, ${show(out)}`);
  return 'resume';
}

/** Workers share the cores; a time is a time on the threads of one of them. */
function threadsOf({ workers: count, threads }: CompressFlags): number | undefined {
  if (threads !== undefined || count === undefined) return threads;
  return threadsEach(count);
}

function workersFor(flags: CompressFlags, threads: number | undefined): Evaluator {
  const { model, data, limit, mean, std, space, calibration, minAccuracy, objectives, untimed, seed } = flags;
  return workers({
    module: WORKER_MODULE,
    options: { model, data, limit, mean, std, space, calibration, minAccuracy, objectives, untimed, seed },
    count: flags.workers,
    threads,
  });
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
async function search(problem: Problem, options: OptimizeOptions): Promise<Run> {
  const line = progressLine(process.stderr);
  options.signal?.addEventListener('abort', () => line.end());
  try {
    return await optimize(problem, {
      ...options,
      onNotice: (sentence) => process.stderr.write(`fronteira: ${sentence}\n`),
      onProgress: (progress) =>
        line.update(progress, () => hypervolumeRecord(problem, progress.evaluations, null).value),
    });
  } finally {
    line.end();
  }
}

const closing = ({ baseline, notes, report }: Compression, run: Run, reported: Reported, out: string) =>
  summary(
    run,
    {
      notes,
      baseline,
      out,
      resume: `fronteira compress --resume ${out}`,
      fileOf: (evaluation) => `${networkName(evaluation)}.onnx`,
      report: report && { data: report.data, images: report.images, figures: reported },
    },
    terminalOf(process.stdout),
  );
