import type { Command } from 'commander';
import { numberList, wholeNumber } from './arguments.js';

/** The options that name a network and the data it is run on. */
export interface NetworkFlags {
  readonly model: string;
  readonly data: string;
  readonly limit?: number;
  readonly mean?: number[];
  readonly std?: number[];
  readonly seed: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Adds them to a command; `printed` says what `--json` prints. */
export function withNetworkOptions(command: Command, printed: string): Command {
  return command
    .requiredOption(
      '--model <file>',
      'the .onnx file (or stand-in: the small network that comes with the package)',
    )
    .requiredOption(
      '--data <spec>',
      'labelled data: cifar10:FILE[,FILE], images:DIR, module:PATH or stand-in',
    )
    .option('--limit <n>', 'use only the first n images', wholeNumber('--limit', 1))
    .option('--mean <r,g,b>', 'mean per channel; default: MODEL.json beside the model', numberList('--mean'))
    .option('--std <r,g,b>', 'standard deviation per channel; default: MODEL.json', numberList('--std'))
    .option(
      '--seed <n>',
      'a 32-bit integer that decides everything drawn at random',
      wholeNumber('--seed', 0, 2 ** 32 - 1),
      1,
    )
    .option(
      '--threads <n>',
      'threads of an inference; default: all cores, at most 8',
      wholeNumber('--threads', 1),
    )
    .option('--json', printed);
}
