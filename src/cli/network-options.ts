import type { Command } from 'commander';
import { InputError, show } from '../errors.js';
import { numberList, wholeNumber, withSeed } from './arguments.js';

/** The options that name labelled data and how a network is run on it. */
export interface DataFlags {
  readonly data: string;
  readonly limit?: number;
  readonly mean?: number[];
  readonly std?: number[];
  readonly threads?: number;
  readonly json?: boolean;
}

/** The options that name a network and the data it is run on. */
export interface NetworkFlags extends DataFlags {
  readonly model: string;
  readonly space: 'classic' | 'full';
  readonly calibration?: string;
  readonly seed: number;
}

/** The options of a command that makes one file of a network, with data set apart to calibrate. */
export interface CalibratedFlags extends DataFlags {
  readonly calibration?: string;
  readonly out: string;
  readonly force?: boolean;
}

/** What `--model` takes. */
export const MODEL = 'the .onnx file (or stand-in: the small network that comes with the package)';

/** Adds network and data to a command; `printed` says what `--json` prints. */
export function withNetworkOptions(command: Command, printed: string): Command {
  withDataOptions(command.requiredOption('--model <file>', MODEL), '', printed)
    .option(
      '--space <name>',
      'classic: seven variables, weights zeroed and linear layers in dynamic int8; full: whole plans, channels removed, recovered and quantized',
      spaceName,
      'classic',
    )
    .option(
      '--calibration <spec>',
      'for --space full: images to recover and calibrate with, others than those; default: a part of --data, set apart',
    );
  return withSeed(command);
}

function spaceName(text: string): string {
  if (text !== 'classic' && text !== 'full')
    throw new InputError(`--space must be classic or full, got ${show(text)}`);
  return text;
}

/** Adds data, data to calibrate with for `purpose`, and the file to write, `written`. */
export function withCalibratedOptions(command: Command, purpose: string, written: string): Command {
  return withDataOptions(command, ' to measure on', 'print JSON')
    .option(
      '--calibration <spec>',
      `images to ${purpose} with, others than those; default: a part of --data, set apart`,
    )
    .requiredOption('-o, --out <file>', `the ${written} to write`)
    .option('--force', 'replace the file if it exists');
}

/** Adds labelled data, with `purpose` behind the word, and how a network is run on it; `printed` says what `--json` prints. */
export function withDataOptions(command: Command, purpose: string, printed: string): Command {
  return command
    .requiredOption(
      '--data <spec>',
      `labelled data${purpose}: cifar10:FILE[,FILE], images:DIR, module:PATH or stand-in`,
    )
    .option('--limit <n>', 'use only the first n images of --data', wholeNumber('--limit', 1))
    .option('--mean <r,g,b>', 'mean per channel; default: MODEL.json beside the model', numberList('--mean'))
    .option('--std <r,g,b>', 'standard deviation per channel; default: MODEL.json', numberList('--std'))
    .option(
      '--threads <n>',
      'threads of an inference; default: all cores, at most 8',
      wholeNumber('--threads', 1),
    )
    .option('--json', printed);
}
