import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { InputError, messageOf, show } from '../errors.js';
import { packageVersion } from '../package-version.js';
import {
  bestWithin,
  POINT_COLUMNS,
  pointWords,
  type RateDistortionData,
  SCOPES,
  type Scope,
  shareWords,
} from '../report/rate-distortion-data.js';
import { rateDistortionCharts } from '../report/statistics-charts.js';
import { rateDistortionPage } from '../report/statistics-page.js';
import { rateDistortionStudy } from '../study/rate-distortion.js';
import { nameList, numberIn, numberList } from './arguments.js';
import { loadCompression } from './compression.js';
import { interruptible } from './interruptible.js';
import { machine } from './machine.js';
import { type DataFlags, MODEL, withDataOptions } from './network-options.js';
import { statusLine } from './progress.js';
import { checkSvgFolder, writeAll } from './study-output.js';
import { fittingTable } from './table.js';
import { bold, type Terminal, terminalOf } from './terminal.js';

interface RateDistortionFlags extends DataFlags {
  readonly maxLoss: number;
  readonly levels?: number[];
  readonly quantizers?: string[];
  readonly scopes?: string[];
  readonly out?: string;
  readonly svg?: boolean;
}

/** `fronteira rate-distortion`: what every quantizer costs and keeps, by real inference. */
export function rateDistortionCommand(): Command {
  const command = new Command('rate-distortion')
    .description('bits a weight against accuracy for every quantizer and number of levels')
    .argument('<model>', MODEL);
  return withDataOptions(command, ' to measure on', 'print JSON')
    .option('--max-loss <points>', 'points of accuracy that may be lost', numberIn('--max-loss', 0, 100), 0.8)
    .option('--levels <n,...>', 'powers of two; default: 4 to 4096', numberList('--levels'))
    .option('--quantizers <name,...>', 'those alone, e.g. "midtread,dead zone 0.6"', nameList('--quantizers'))
    .option('--scopes <name,...>', 'ranges of the model, each tensor, each channel', nameList('--scopes'))
    .option('-o, --out <dir>', 'write the page here, and keep what is measured: the same command goes on')
    .option('--svg', 'write the curves as static SVG files beside the page too')
    .action(rateDistortion);
}

async function rateDistortion(model: string, flags: RateDistortionFlags): Promise<void> {
  const { out, svg, maxLoss } = flags;
  checkSvgFolder(flags);
  const { openRateDistortion, quantizerCells } = await loadCompression();
  const cells = quantizerCells(flags.levels, flags.quantizers, flags.scopes?.map(scopeOf));
  const network = await openRateDistortion({ ...flags, model });
  const stop = interruptible();
  const line = statusLine(process.stderr);
  try {
    if (out !== undefined) makeFolder(out);
    const data = await rateDistortionStudy(network, cells, {
      model,
      maxLoss,
      path: out === undefined ? null : join(out, 'points.jsonl'),
      versions: { fronteira: packageVersion(), machine: machine() },
      signal: stop.signal,
      onPoint: (done, all) => line.show(() => `${done}/${all} quantizers and levels`, done === all),
    });
    line.end();
    if (out !== undefined)
      await writeAll(out, {
        'rate-distortion.json': `${JSON.stringify(data)}\n`,
        'rate-distortion.html': rateDistortionPage(data),
        ...(svg && (await rateDistortionCharts(data))),
      });
    const ended = [
      ...(stop.signal.aborted ? [`stopped after ${data.points.length} of ${cells.length}`] : []),
      ...(out === undefined ? [] : [`written to ${out}`]),
    ];
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ ...data, best: bestWithin(data) })}\n`
        : `${[summary(data, terminalOf(process.stdout)), ...ended].join('\n')}\n`,
    );
  } finally {
    line.end();
    stop.end();
    await network.close();
  }
}

function scopeOf(name: string): Scope {
  const scope = SCOPES.find((known) => known === name);
  if (scope === undefined)
    throw new InputError(`--scopes must be some of ${SCOPES.join(', ')}, got ${show(name)}`);
  return scope;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new InputError(
      `the output folder must be one that can be made, got ${show(path)} (${messageOf(error)})`,
    );
  }
}

/** Rows of the table of the best. */
const MOST = 20;

function summary(data: RateDistortionData, terminal: Terminal): string {
  const { baseline, images, maxLoss, facts } = data;
  const best = bestWithin(data);
  const [first] = best;
  const { lines } = fittingTable(
    [POINT_COLUMNS, ...best.slice(0, MOST).map((point) => pointWords(data, point))],
    terminal.columns,
  );
  return [
    ...facts.filter(([key]) => key === 'note').map(([, words]) => `note: ${words}`),
    `${images} images; as it is top-1 ${shareWords(data, baseline.correct)}, top-5 ${shareWords(data, baseline.withinFive)}`,
    ...(first === undefined
      ? [`nothing measured loses at most ${maxLoss} points`]
      : [
          `within ${maxLoss} points: ${first.quantizer}, ${first.levels} levels on ${first.scope === 'model' ? 'one range' : `the range of each ${first.scope}`}`,
          '',
          bold(terminal, lines[0]),
          ...lines.slice(1),
          ...(best.length > MOST ? [`and ${best.length - MOST} more, with more bits`] : []),
        ]),
  ].join('\n');
}
