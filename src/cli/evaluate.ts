import { Command } from 'commander';
import { numberList } from './arguments.js';
import { loadCompression, type Measurement } from './compression.js';
import { type NetworkFlags, withNetworkOptions } from './network-options.js';
import { table } from './table.js';

interface EvaluateFlags extends NetworkFlags {
  readonly x: number[];
}

/** `fronteira evaluate`: one decision vector, its metrics and what is left of every tensor. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate').description(
    'measure the compressed network of one decision vector',
  );
  return withNetworkOptions(command, 'print JSON')
    .requiredOption('--x <x1,...,x7>', 'the decision vector, e.g. 2,2,0.5,0.3,2,1,0', numberList('--x'))
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
