import { Command } from 'commander';
import { InputError } from '../errors.js';
import { withSeed } from './arguments.js';
import { keepRun } from './kept-run.js';
import { checkOutputFolder } from './output-folder.js';
import {
  optimizeOptions,
  purposeOf,
  type SearchFlags,
  withRunOptions,
  withSearchOptions,
} from './search-options.js';
import { handedOut, openProblem } from './study-problems.js';

interface OptimizeFlags extends SearchFlags {
  /** The argument, kept with the flags so that a run can be resumed without it. */
  readonly problem?: string;
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
  await checkOutputFolder(flags.out, purposeOf(flags));
  const described = /[\\/.]/.test(name) ? { name, module: name } : name;
  const opened = await openProblem(described, process.cwd(), flags.seed, handedOut(flags.workers));
  const { problem, evaluator, facts, versions, partsOf } = opened;
  try {
    await keepRun({
      command: 'optimize',
      flags,
      problem,
      options: { ...optimizeOptions(flags), evaluator },
      versions,
      finish: async () => ({
        facts,
        partsOf,
        files: {},
        context: { notes: [], baseline: null, head: 'evaluation', nameOf: String, variables: true },
      }),
    });
  } finally {
    await opened.close();
  }
}
