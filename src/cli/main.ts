#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { InputError, messageOf } from '../errors.js';
import { packageVersion } from '../package-version.js';
import { applyCommand } from './apply.js';
import { compressCommand } from './compress.js';
import { evaluateCommand } from './evaluate.js';
import { optimizeCommand } from './optimize.js';
import { packCommand } from './pack.js';
import { problemsCommand } from './problems.js';
import { rateDistortionCommand } from './rate-distortion.js';
import { reportCommand } from './report.js';
import { studyCommand } from './study.js';
import { unpackCommand } from './unpack.js';
import { weightsCommand } from './weights.js';
import { workerCommand } from './worker.js';

/** Exit codes: 0 done, 1 the run failed, 2 bad usage or bad input, 130 interrupted for good. */
async function main(): Promise<number> {
  const program = new Command('fronteira')
    .description('Pareto frontiers of expensive black-box problems and of compressed neural networks')
    .version(packageVersion())
    .option('--debug', 'show the stack of an error')
    .addCommand(compressCommand())
    .addCommand(optimizeCommand())
    .addCommand(problemsCommand())
    .addCommand(evaluateCommand())
    .addCommand(applyCommand())
    .addCommand(reportCommand())
    .addCommand(studyCommand())
    .addCommand(packCommand())
    .addCommand(unpackCommand())
    .addCommand(weightsCommand())
    .addCommand(rateDistortionCommand())
    .addCommand(workerCommand());
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ outputError: () => {} });
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    return report(misspelt(error, program) ?? error, program.opts().debug === true);
  }
}

/** Where an option is missing and another is unknown, the unknown one is what to tell of: it may be the first, misspelt. */
function misspelt(error: unknown, program: Command): CommanderError | undefined {
  if (!(error instanceof CommanderError) || error.code !== 'commander.missingMandatoryOptionValue') return;
  const [name, ...args] = program.args;
  const command = program.commands.find((each) => each.name() === name);
  const unknown = command?.parseOptions(args).unknown.find((arg) => arg.startsWith('-'));
  if (unknown !== undefined)
    return new CommanderError(2, 'commander.unknownOption', `unknown option '${unknown}'`);
}

function report(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    if (message !== '(outputHelp)') process.stderr.write(`fronteira: ${message} (see --help)\n`);
    return 2;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`fronteira: ${(debug && stack) || messageOf(error)}\n`);
  return error instanceof InputError ? 2 : 1;
}

/** Ends the process when what was printed has left it, also where a user's own loader keeps a handle open. */
function exit(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.exit());
}

let ended = false;

// Who reads our output may stop reading; who ran out of disk gets no result.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.stderr.write(`fronteira: the output could not be written (${code})\n`);
  ended = true;
  process.exit(code === 'EPIPE' ? 0 : 1);
});

process.on('exit', (code) => {
  if (ended || code === 130) return;
  process.stderr.write(
    'fronteira: the run waits for something that can never come, such as a promise that nobody keeps\n',
  );
  process.exitCode = 1;
});
main().then((code) => {
  ended = true;
  exit(code);
});
