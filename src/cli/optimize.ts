import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../errors.js';
import { resolveOptions } from '../options.js';
import { packageVersion } from '../package-version.js';
import { reportPage } from '../report/page.js';
import { runRecord } from '../report/run-record.js';
import { withSeed } from './arguments.js';
import { machine } from './machine.js';
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
import { handedOut, openProblem } from './study-problems.js';
import { summary } from './summary.js';
import { terminalOf } from './terminal.js';

interface OptimizeFlags extends SearchFlags {
  /** The argument, kept with the flags so that a run can be resumed without it. */
  readonly problem?: string;
  readonly json?: boolean;
}

/** `fronteira optimize`: searches the Pareto front of a problem of the catalogue or of the user's own. */
export function optimizeCommand(): Command {
  const command = new Command('optimize')
    .description('search the Pareto front of a problem: one of `fronteira problems`, or a module of your own')
    .argument('[problem]', 'a name, or the path of a module that exports a problem (or makes one) by default')
    .option('--json', 'print the run record instead of a summary');
  return withSearchOptions(withRunOptions(withSeed(command), 'run.json and report.html')).action(run);
}

async function run(argument: string | undefined, given: OptimizeFlags): Promise<void> {
  const name = argument ?? given.problem;
  if (name === undefined)
    throw new InputError('optimize needs a problem: a name of `fronteira problems`, or a module, got none');
  const flags = { ...given, problem: name };
  const purpose = purposeOf(flags);
  await checkOutputFolder(flags.out, purpose);
  const described = /[\\/.]/.test(name) ? { name, module: name } : name;
  const opened = await openProblem(described, process.cwd(), flags.seed, handedOut(flags.workers));
  const { problem, evaluator, facts } = opened;
  try {
    resolveOptions(problem, optimizeOptions(flags)); // refuses bad options before anything is written
    const folder = await openOutputFolder(flags.out, purpose);
    const stop = stopOnSignals(folder);
    try {
      const found = await search(problem, {
        ...optimizeOptions(flags),
        signal: stop.signal,
        evaluator,
        journal: journalOf('optimize', flags, folder),
      });
      const versions = { fronteira: packageVersion(), node: process.versions.node, machine: machine() };
      const record = runRecord(found, facts, versions);
      await folder.write('run.json', `${JSON.stringify(record, null, 1)}\n`);
      const page = reportPage([{ name: basename(resolve(flags.out)), record, files: {} }]);
      await folder.write('report.html', page);
      await folder.publish();
      const context = {
        notes: [],
        baseline: null,
        out: flags.out,
        resume: `fronteira optimize --resume ${flags.out}`,
        head: 'evaluation',
        nameOf: String,
        variables: true,
      };
      const printed = flags.json
        ? JSON.stringify(record)
        : summary(found, context, terminalOf(process.stdout));
      process.stdout.write(`${printed}\n`);
    } finally {
      stop.end();
      folder.discard();
    }
  } finally {
    await opened.close();
  }
}
