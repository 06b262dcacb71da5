import { basename, resolve } from 'node:path';
import type { JournalOptions } from '../evaluation/execution.js';
import { hypervolumeRecord } from '../hypervolume-record.js';
import { optimize, type Run } from '../optimize.js';
import { type OptimizeOptions, resolveOptions } from '../options.js';
import { packageVersion } from '../package-version.js';
import type { Problem } from '../problem.js';
import { reportPage } from '../report/page.js';
import { runRecord } from '../report/run-record.js';
import { machine } from './machine.js';
import { type OutputFolder, openOutputFolder } from './output-folder.js';
import { progressLine } from './progress.js';
import { commandNotes } from './resume.js';
import { purposeOf, type SearchFlags } from './search-options.js';
import { stopOnSignals } from './signals.js';
import { type SummaryContext, summary } from './summary.js';
import { terminalOf } from './terminal.js';

/** A search that a command keeps in the folder of its flags. */
export interface KeptRun {
  readonly command: string;
  readonly flags: SearchFlags;
  readonly problem: Problem;
  readonly options: OptimizeOptions;
  /** Of what the problem is made from, for the record. */
  readonly versions: Readonly<Record<string, string>>;
  /** What else a run to be resumed must have in common: see `JournalOptions`. */
  inputs?(): Promise<JournalOptions['inputs']>;
  /** Writes what goes beside the record, and says what the record and the summary are to hold. */
  finish(run: Run, folder: OutputFolder): Promise<Finished>;
}

/** What the command knows of its finished run. */
export interface Finished {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly partsOf?: (x: Float64Array) => Readonly<Record<string, number>> | undefined;
  /** By the position of their evaluation: see `reportPage`. */
  readonly files: Readonly<Record<number, string>>;
  readonly context: Omit<SummaryContext, 'out' | 'resume'>;
}

/**
 * Runs the search with a progress line and a journal, writes record and page when it is over or a signal stops it, and prints the summary or the
 * record. Bad options are refused before anything is written.
 */
export async function keepRun(kept: KeptRun): Promise<void> {
  const { command, flags, problem, options, finish } = kept;
  resolveOptions(problem, options);
  const inputs = await kept.inputs?.();
  const purpose = purposeOf(flags);
  const folder = await openOutputFolder(flags.out, purpose);
  const stop = stopOnSignals(folder);
  try {
    const run = await search(problem, {
      ...options,
      signal: stop.signal,
      journal: {
        path: folder.journal,
        salvage: flags.salvage ?? false,
        fresh: purpose === 'replace',
        inputs,
        notes: { ...commandNotes(command, flags) },
      },
    });
    const versions = {
      fronteira: packageVersion(),
      node: process.versions.node,
      ...kept.versions,
      machine: machine(),
    };
    const { facts, partsOf, files, context } = await finish(run, folder);
    const record = runRecord(run, facts, versions, partsOf);
    await folder.write('run.json', `${JSON.stringify(record, null, 1)}\n`);
    await folder.write('report.html', reportPage([{ name: basename(resolve(flags.out)), record, files }]));
    await folder.publish();
    const told = { ...context, out: flags.out, resume: `fronteira ${command} --resume ${flags.out}` };
    const printed = flags.json ? JSON.stringify(record) : summary(run, told, terminalOf(process.stdout));
    process.stdout.write(`${printed}\n`);
  } finally {
    stop.end();
    folder.discard();
  }
}

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
