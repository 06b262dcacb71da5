import { Command } from 'commander';
import type { Evaluator } from '../evaluation/evaluator.js';
import { threadsEach, workers } from '../evaluation/workers.js';
import type { Run } from '../optimize.js';
import { nameList, numberIn } from './arguments.js';
import { type Compression, loadCompression, WORKER_MODULE } from './compression.js';
import { type Finished, keepRun } from './kept-run.js';
import { type NetworkFlags, withNetworkOptions } from './network-options.js';
import { networkFiles, networkName, writeNetworks } from './networks.js';
import { checkOutputFolder, type OutputFolder } from './output-folder.js';
import {
  optimizeOptions,
  purposeOf,
  type SearchFlags,
  withRunOptions,
  withSearchOptions,
} from './search-options.js';

interface CompressFlags extends NetworkFlags, SearchFlags {
  readonly minAccuracy: number;
  /** As `CompressionOptions.reportData`. */
  readonly reportData?: string;
  readonly objectives?: string[];
  readonly untimed?: boolean;
}

/** `fronteira compress`: searches the Pareto front of compressed versions of a network and writes them as .onnx files. */
export function compressCommand(): Command {
  const command = new Command('compress').description(
    'search the Pareto front of compressed versions of an ONNX network, every candidate run for real',
  );
  withNetworkOptions(command, 'print the run record instead of a summary').requiredOption(
    '--min-accuracy <fraction>',
    'smallest accuracy of a solution, in [0, 1]',
    numberIn('--min-accuracy', 0, 1),
  );
  withRunOptions(command, 'run.json and front/*.onnx')
    .option(
      '--objectives <names>',
      'metrics to optimise: accuracy, accuracyLow, agreement, nonZeroRate, size, gzipSize, packedSize, time, time1, macs, top5, macroF1; default: accuracy,nonZeroRate, in the full space accuracy,size,time (without --untimed)',
      nameList('--objectives'),
    )
    .option('--untimed', 'leave out the metrics that a clock measures: an evaluation then costs about half')
    .option(
      '--report-data <spec>',
      'labelled data, as --data but none of it, that the solutions are measured on once more at the end',
    );
  return withSearchOptions(command).action(compress);
}

async function compress(flags: CompressFlags): Promise<void> {
  await checkOutputFolder(flags.out, purposeOf(flags));
  const { openCompression } = await loadCompression();
  const threads = threadsOf(flags);
  const compression = await openCompression({ ...flags, threads });
  try {
    await keepRun({
      command: 'compress',
      flags,
      problem: compression.problem,
      options: {
        ...optimizeOptions(flags),
        seeds: compression.seeds,
        evaluator: flags.workers === undefined ? undefined : workersFor(flags, threads),
      },
      versions: compression.versions,
      inputs: () => compression.fingerprint(),
      finish: (run, folder) => finish(compression, run, folder),
    });
  } finally {
    await compression.close();
  }
}

async function finish(compression: Compression, run: Run, folder: OutputFolder): Promise<Finished> {
  const { baseline, notes, report } = compression;
  const { rates, reported } = await writeNetworks(compression, run, folder);
  return {
    facts: { ...compression.facts, ...(report && { reported }) },
    partsOf: (x) => rates.get(x) ?? compression.layerRates(x),
    files: networkFiles(run),
    context: {
      notes,
      baseline,
      head: 'file',
      nameOf: (evaluation) => `${networkName(evaluation)}.onnx`,
      report: report && { data: report.data, images: report.images, figures: reported },
    },
  };
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
