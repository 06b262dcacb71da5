import { Command } from 'commander';
import { numberList, wholeNumber } from './arguments.js';
import { loadCompression, type Measurement } from './compression.js';
import { table } from './table.js';

interface EvaluateFlags {
  readonly model: string;
  readonly data: string;
  readonly limit?: number;
  readonly mean?: number[];
  readonly std?: number[];
  readonly x: number[];
  readonly seed: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `fronteira evaluate`: one decision vector, its metrics and what is left of every tensor. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure the compressed network of one decision vector')
    .requiredOption('--model <file>', 'the .onnx file (or stand-in)')
    .requiredOption(
      '--data <spec>',
      'labelled data: cifar10:FILE[,FILE], images:DIR, module:PATH or stand-in',
    )
    .requiredOption('--x <x1,...,x7>', 'the decision vector, e.g. 2,2,0.5,0.3,2,1,0', numberList('--x'))
    .option('--limit <n>', 'use only the first n images', wholeNumber('--limit', 1))
    .option('--mean <r,g,b>', 'mean per channel; default: MODEL.json beside the model', numberList('--mean'))
    .option('--std <r,g,b>', 'standard deviation per channel; default: MODEL.json', numberList('--std'))
    .option('--seed <n>', 'a 32-bit integer: draws the random subsets of layers', wholeNumber('--seed', 0), 1)
    .option('--threads <n>', 'threads of an inference; default: all cores', wholeNumber('--threads', 1))
    .option('--json', 'print JSON')
    .action(evaluate);
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  const { openCompression } = await loadCompression();
  const compression = await openCompression(flags);
  try {
    const measurement = await compression.measure(flags.x);
    const { baseline } = compression;
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ x: flags.x, ...measurement, baseline })}\n`
        : `${describe(measurement, baseline)}\n`,
    );
  } finally {
    await compression.close();
  }
}

function describe(measurement: Measurement, baseline: Readonly<Record<string, number>>): string {
  const { metrics, correct, of, nonZero, total, nonZeroByTensor, totalByTensor, notes } = measurement;
  const figure = (value: number) => (Number.isInteger(value) ? String(value) : value.toPrecision(6));
  return [
    ...notes.map((note) => `note: ${note}`),
    table([
      ['metric', 'value', 'uncompressed'],
      ...Object.entries(metrics).map(([name, value]) => [name, figure(value), figure(baseline[name])]),
    ]),
    `${correct} of ${of} images right, ${nonZero} of ${total} weights and biases not zero`,
    '',
    table([
      ['tensor', 'non-zero', 'elements'],
      ...Object.entries(nonZeroByTensor).map(([name, count]) => [
        name,
        String(count),
        String(totalByTensor[name]),
      ]),
    ]),
  ].join('\n');
}
