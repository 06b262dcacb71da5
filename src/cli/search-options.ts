import { resolve } from 'node:path';
import type { Command } from 'commander';
import { algorithms } from '../algorithms/catalogue.js';
import { InputError, show } from '../errors.js';
import type { OptimizeOptions } from '../options.js';
import { regressors } from '../surrogates/catalogue.js';
import { infillRules } from '../surrogates/infill.js';
import { nameList, numberIn, surrogateOption, wholeNumber } from './arguments.js';
import type { Purpose } from './output-folder.js';
import { resumeFrom } from './resume.js';

/** How a search goes about it, and where it is kept. */
export interface SearchFlags {
  readonly out: string;
  readonly force?: boolean;
  /** The folder of the run to go on with. */
  readonly resume?: string;
  readonly salvage?: boolean;
  readonly workers?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly surrogate: false | string | Record<string, string>;
  readonly regressors?: readonly string[];
  readonly infillRule?: string;
  readonly algorithm: string;
  readonly budget: number;
  readonly initial?: number;
  readonly infill: number;
  readonly population?: number;
  readonly generations?: number;
  readonly seed: number;
  /** Print the record instead of a summary. */
  readonly json?: boolean;
}

/** Adds where a run is kept, how it is gone on with and who evaluates; `written` says what `--out` will hold. */
export function withRunOptions(command: Command, written: string): Command {
  return command
    .requiredOption('--out <dir>', `folder for ${written}`)
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
    .option('--retries <n>', 'further attempts where an evaluation fails', wholeNumber('--retries', 0, 100));
}

/** Adds how the search chooses what to evaluate. */
export function withSearchOptions(command: Command): Command {
  return command
    .option(
      '--surrogate <metric>',
      'auto; or choose regressors by mse, mape, spearman or random; none: no surrogate; or objectives=mape,constraints=spearman',
      surrogateOption,
      'auto',
    )
    .option(
      '--regressors <names>',
      `the pool to choose from, of ${regressors.map(({ name }) => name).join(', ')}; all by default`,
      nameList('--regressors'),
    )
    .option('--algorithm <name>', `one of ${Object.keys(algorithms).join(', ')}`, 'ctaea')
    .option('--budget <n>', 'evaluations in all', wholeNumber('--budget', 1), 100)
    .option('--initial <n>', 'size of the initial sample', wholeNumber('--initial', 1))
    .option('--infill <n>', 'evaluations a round', wholeNumber('--infill', 1), 2)
    .option('--infill-rule <name>', `one of ${infillRules.join(', ')}; the default goes by the surrogate`)
    .option('--population <n>', 'population of the algorithm', wholeNumber('--population', 2))
    .option(
      '--generations <n>',
      'generations that solve the surrogate problem',
      wholeNumber('--generations', 1),
    );
}

/** What the flags ask of the folder. Throws an InputError where they contradict each other. */
export function purposeOf({ resume, force, out }: SearchFlags): Purpose {
  if (resume === undefined) return force ? 'replace' : 'new';
  if (force) throw new InputError('--force replaces a run and --resume goes on with it, got both');
  if (resolve(out) !== resume)
    throw new InputError(`--resume writes to the folder of its run, got another with --out, ${show(out)}`);
  return 'resume';
}

/** The options of `optimize` that the flags give. */
export function optimizeOptions(flags: SearchFlags): OptimizeOptions {
  return {
    algorithm: flags.algorithm as OptimizeOptions['algorithm'],
    surrogate: flags.surrogate as OptimizeOptions['surrogate'],
    regressors: flags.regressors,
    infillRule: flags.infillRule as OptimizeOptions['infillRule'],
    budget: flags.budget,
    initial: flags.initial,
    infill: flags.infill,
    populationSize: flags.population,
    generations: flags.generations,
    seed: flags.seed,
    timeout: flags.timeout === undefined ? undefined : 1000 * flags.timeout,
    retries: flags.retries,
  };
}
