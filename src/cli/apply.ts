import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { InputError, messageOf, show } from '../errors.js';
import { type ApplyReport, loadCompression } from './compression.js';
import { type CalibratedFlags, MODEL, withCalibratedOptions } from './network-options.js';
import { checkOutputFile, writeWhole } from './output-file.js';
import { table } from './table.js';

interface ApplyFlags extends CalibratedFlags {
  readonly plan: string;
  readonly model: string;
}

/** `fronteira apply`: one plan, written by hand or taken from a run, applied to a network. */
export function applyCommand(): Command {
  const command = new Command('apply')
    .description('apply a plan (channels, blocks, zeros, recovery, quantization) to a network and measure it')
    .requiredOption('--plan <file>', 'the plan, a JSON file; or a solution that a search wrote, front/*.json')
    .requiredOption('--model <file>', MODEL);
  return withCalibratedOptions(command, 'recover and calibrate', '.onnx file').action(apply);
}

async function apply(flags: ApplyFlags): Promise<void> {
  checkOutputFile(flags.out, flags.force ?? false);
  const plan = readPlan(flags.plan);
  const { applyFile } = await loadCompression();
  const report = await applyFile({ ...flags, plan });
  writeWhole(flags.out, report.bytes);
  const { bytes, ...facts } = report;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ ...facts, out: flags.out, size: bytes.length })}\n`
      : `${summary(report, flags.out)}\n`,
  );
}

function readPlan(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`the plan must be a file that can be read, got ${messageOf(error)}`);
  }
  try {
    const read = JSON.parse(text);
    return isSolution(read) ? read.plan : read;
  } catch {
    throw new InputError(`the plan must be JSON, got ${show(path)}, which is not`);
  }
}

/** What a search writes beside a network. */
function isSolution(value: unknown): value is { readonly plan: unknown } {
  return typeof value === 'object' && value !== null && 'evaluation' in value && 'plan' in value;
}

function summary(report: ApplyReport, out: string): string {
  const { bytes, accuracy, time, baseline, difference, agreement, images, data, calibration, notes } = report;
  const points = (fraction: number) => `${fraction < 0 ? '-' : '+'}${(100 * Math.abs(fraction)).toFixed(2)}`;
  const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;
  return [
    ...notes.map((note) => `note: ${note}`),
    table([
      ['', 'applied', 'original'],
      ['bytes', String(bytes.length), String(baseline.size)],
      ['accuracy', percent(accuracy), percent(baseline.accuracy)],
      ['time', time.toFixed(2), '1.00'],
    ]),
    '',
    `${points(difference.value)} points of accuracy, with 95 % confidence from ${points(difference.low)} to ${points(difference.high)}`,
    `the same class as the original for ${percent(agreement)} of ${images} images of ${data}; calibrated on ${calibration}`,
    `written to ${out}`,
  ].join('\n');
}
