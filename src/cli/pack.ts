import { statSync } from 'node:fs';
import { Command } from 'commander';
import { numberIn } from './arguments.js';
import { loadCompression, type PackReport } from './compression.js';
import { type CalibratedFlags, MODEL, withCalibratedOptions } from './network-options.js';
import { checkOutputFile, writeWhole } from './output-file.js';
import { table } from './table.js';

interface PackFlags extends CalibratedFlags {
  readonly maxLoss: number;
  readonly fast?: boolean;
}

/** `fronteira pack`: a network as a container, its weights quantized and entropy coded, within a loss of accuracy. */
export function packCommand(): Command {
  const command = new Command('pack')
    .description('pack an ONNX network into a small .onnz container, with a bounded loss of accuracy')
    .argument('<model>', MODEL)
    .option('--max-loss <points>', 'points of accuracy that may be lost', numberIn('--max-loss', 0, 100), 0.8)
    .option(
      '--fast',
      'a container that unpacks several times faster, and is larger: by a fifth or a quarter for small networks',
    );
  return withCalibratedOptions(command, 'calibrate', 'container').action(pack);
}

async function pack(model: string, flags: PackFlags): Promise<void> {
  checkOutputFile(flags.out, flags.force ?? false);
  const { packFile } = await loadCompression();
  const { isTTY } = process.stderr;
  const say = (message: string) => void (isTTY && process.stderr.write(`\r\u001b[K${message}`));
  const report = await packFile({
    ...flags,
    model,
    method: flags.fast ? 'table' : 'mixing',
    onProgress: say,
  }).finally(() => say(''));
  writeWhole(flags.out, report.bytes);
  const before = statSync(model, { throwIfNoEntry: false })?.size ?? report.modelSize;
  process.stdout.write(
    `${flags.json ? asJson(report, flags.out, before) : summary(report, flags.out, before)}\n`,
  );
}

function asJson({ bytes, ...report }: PackReport, out: string, before: number): string {
  return JSON.stringify({
    ...report,
    out,
    size: bytes.length,
    originalSize: before,
    ratio: before / bytes.length,
  });
}

function summary(report: PackReport, out: string, before: number): string {
  const { bytes, accuracy, baselineAccuracy, images, weights, bitsPerWeight, notes, data, calibration } =
    report;
  const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;
  return [
    ...notes.map((note) => `note: ${note}`),
    table([
      ['', 'packed', 'original'],
      ['bytes', String(bytes.length), String(before)],
      ['accuracy', percent(accuracy), percent(baselineAccuracy)],
    ]),
    '',
    `${(before / bytes.length).toFixed(2)} times smaller, ${bitsPerWeight.toFixed(3)} bits for each of ${weights} numbers, the whole file counted`,
    `${(100 * (baselineAccuracy - accuracy)).toFixed(2)} points lost on ${images} images of ${data}; calibrated on ${calibration}`,
    `written to ${out}`,
  ].join('\n');
}
