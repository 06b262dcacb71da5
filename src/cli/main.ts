#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { InputError } from '../errors.js';
import { compressCommand } from './compress.js';
import { evaluateCommand } from './evaluate.js';
import { packageVersion } from './package.js';

/** Exit codes: 0 done, 1 the run failed, 2 bad usage or bad input. */
async function main(): Promise<void> {
  const program = new Command('fronteira')
    .description('Pareto frontiers of expensive black-box problems and of compressed neural networks')
    .version(packageVersion())
    .option('--debug', 'show the stack of an error')
    .addCommand(compressCommand())
    .addCommand(evaluateCommand());
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ outputError: () => {} });
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error, program.opts().debug === true);
  }
}

function report(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    if (message !== '(outputHelp)') process.stderr.write(`fronteira: ${message} (see --help)\n`);
    return 2;
  }
  const { message, stack } = error as Error;
  process.stderr.write(`fronteira: ${debug ? stack : message}\n`);
  return error instanceof InputError ? 2 : 1;
}

await main();
