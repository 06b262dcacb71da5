import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import type { Evaluator } from '../evaluation/evaluator.js';
import { threadsEach, workers } from '../evaluation/workers.js';
import type { Run } from '../optimize.js';
import { resolveOptions } from '../options.js';
import { packageVersion } from '../package-version.js';
import { reportPage } from '../report/page.js';
import { runRecord } from '../report/run-record.js';
import { nameList, numberIn } from './arguments.js';
import { type Compression, loadCompression, WORKER_MODULE } from './compression.js';
import { machine } from './machine.js';
import { type NetworkFlags, withNetworkOptions } from './network-options.js';
import { networkFiles, networkName, type Reported, writeNetworks } from './networks.js';
import { checkOutputFolder, openOutputFolder } from './output-folder.js';
import {
  journalOf,
  optimizeOptions,
  purposeOf,
  type SearchFlags,
  search,
  withRunOptions,
  withSearchOptions,
} from './search-options.js';
import { stopOnSignals } from './signals.js';
import { summary } from './summary.js';
import { terminalOf } from './terminal.js';

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
        journal: journalOf('compress', flags, folder, inputs),
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

const closing = ({ baseline, notes, report }: Compression, run: Run, reported: Reported, out: string) =>
  summary(
    run,
    {
      notes,
      baseline,
      out,
      resume: `fronteira compress --resume ${out}`,
      head: 'file',
      nameOf: (evaluation) => `${networkName(evaluation)}.onnx`,
      report: report && { data: report.data, images: report.images, figures: reported },
    },
    terminalOf(process.stdout),
  );
