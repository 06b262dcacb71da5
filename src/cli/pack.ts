import { statSync } from 'node:fs';
import { Command } from 'commander';
import { numberIn, numberList, wholeNumber } from './arguments.js';
import { loadCompression, type PackReport } from './compression.js';
import { checkOutputFile, writeWhole } from './output-file.js';
import { table } from './table.js';

interface PackFlags {
  readonly data: string;
  readonly calibration?: string;
  readonly maxLoss: number;
  readonly out: string;
  readonly fast?: boolean;
  readonly force?: boolean;
  readonly limit?: number;
  readonly mean?: number[];
  readonly std?: number[];
  readonly threads?: number;
  readonly json?: boolean;
}

/** `fronteira pack`: a network as a container, its weights quantized and entropy coded, within a loss of accuracy. */
export function packCommand(): Command {
  return new Command('pack')
    .description('pack an ONNX network into a small .onnz container, with a bounded loss of accuracy')
    .argument('<model>', 'the .onnx file (or stand-in: the small network that comes with the package)')
    .requiredOption(
      '--data <spec>',
      'labelled data to measure the loss on: cifar10:FILE[,FILE], images:DIR, module:PATH or stand-in',
    )
    .option(
      '--calibration <spec>',
      'images to calibrate with, others than those; default: a part of --data, set apart',
    )
    .option('--max-loss <points>', 'points of accuracy that may be lost', numberIn('--max-loss', 0, 100), 0.8)
    .requiredOption('-o, --out <file>', 'the container to write')
    .option('--fast', 'a container that unpacks about ten times faster, and is some 10 % larger')
    .option('--force', 'replace the file if it exists')
    .option('--limit <n>', 'use only the first n images of --data', wholeNumber('--limit', 1))
    .option('--mean <r,g,b>', 'mean per channel; default: MODEL.json beside the model', numberList('--mean'))
    .option('--std <r,g,b>', 'standard deviation per channel; default: MODEL.json', numberList('--std'))
    .option(
      '--threads <n>',
      'threads of an inference; default: all cores, at most 8',
      wholeNumber('--threads', 1),
    )
    .option('--json', 'print JSON')
    .action(pack);
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
