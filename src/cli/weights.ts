import { Command } from 'commander';
import { ending, figure } from '../report/format.js';
import { weightsCharts } from '../report/statistics-charts.js';
import { weightsPage } from '../report/statistics-page.js';
import {
  parameterWords,
  STRONG,
  shapeWords,
  strongPairs,
  type WeightFit,
  type WeightSummary,
  type WeightsData,
} from '../report/weights-data.js';
import { wholeNumber } from './arguments.js';
import { loadCompression } from './compression.js';
import { MODEL } from './network-options.js';
import { checkSvgFolder, writeAll } from './study-output.js';
import { table } from './table.js';
import { bold, type Terminal, terminalOf } from './terminal.js';
import { counted } from './words.js';

interface WeightsFlags {
  readonly levels: number;
  readonly bins: number;
  readonly out?: string;
  readonly svg?: boolean;
  readonly json?: boolean;
}

/** `fronteira weights`: what the weights of a network are like, layer by layer and overall. */
export function weightsCommand(): Command {
  return new Command('weights')
    .description('statistics of the weights of a network: entropy, fitted distributions, correlations')
    .argument('<model>', MODEL)
    .option('--levels <n>', 'levels to take the entropy at', wholeNumber('--levels', 4, 2 ** 16), 256)
    .option('--bins <n>', 'bins of the histograms', wholeNumber('--bins', 2, 10_000), 100)
    .option('-o, --out <dir>', 'write weights.html and weights.json to this folder')
    .option('--svg', 'write the charts as static SVG files beside the page too')
    .option('--json', 'print JSON')
    .action(weights);
}

async function weights(model: string, flags: WeightsFlags): Promise<void> {
  checkSvgFolder(flags);
  const { weightsFile } = await loadCompression();
  const data = weightsFile({ model, levels: flags.levels, bins: flags.bins });
  if (flags.out !== undefined)
    await writeAll(flags.out, {
      'weights.json': `${asJson(data)}\n`,
      'weights.html': weightsPage(data),
      ...(flags.svg && (await weightsCharts(data))),
    });
  const written = flags.out === undefined ? '' : `\nwritten to ${flags.out}`;
  process.stdout.write(
    flags.json ? `${asJson(data)}\n` : `${summary(data, terminalOf(process.stdout))}${written}\n`,
  );
}

/** Without the densities, which the parameters tell. */
const asJson = (data: WeightsData) =>
  JSON.stringify(data, (key, value) => (key === 'densities' ? undefined : value));

function summary(data: WeightsData, terminal: Terminal): string {
  const { overall, layers, levels, facts } = data;
  const all = [overall, ...layers];
  const narrow = terminal.columns - 62;
  const name = (layer: WeightSummary) => ending(layer.name, Math.max(12, narrow));
  const headed = (title: string, rows: readonly (readonly string[])[]) => [
    '',
    bold(terminal, title),
    table(rows),
  ];
  return [
    ...facts.filter(([key]) => key === 'note').map(([, words]) => `note: ${words}`),
    bold(terminal, `${counted(overall.count, 'weight')} in ${counted(layers.length, 'tensor')}`),
    table([
      ['layer', 'weights', 'zero', 'least', 'most', 'mean', 'deviation'],
      ...all.map((layer) => [
        name(layer),
        String(layer.count),
        `${((100 * layer.zeros) / layer.count).toFixed(1)} %`,
        ...[layer.least, layer.most, layer.mean, layer.deviation].map((value) => figure(value, 3)),
      ]),
    ]),
    ...headed('entropy in bits a weight, best fits, strongest autocorrelation (and its lag)', [
      ['layer', 'floats', `${levels} levels`, 'by error', 'by KL', 'autocorr.'],
      ...all.map((layer) => [name(layer), ...shapeWords(layer)]),
    ]),
    ...(overall.fits.length === 0 ? [] : headed('all layers: fits by squared error', fitRows(overall.fits))),
    '',
    correlations(data),
  ].join('\n');
}

function fitRows(fits: readonly WeightFit[]): string[][] {
  return [
    ['distribution', 'error', 'KL, nats', 'parameters'],
    ...fits.map((fit) => [
      fit.of === 'magnitude' ? `${fit.family} of |w|` : fit.family,
      figure(fit.squaredError, 3),
      figure(fit.divergence, 3),
      parameterWords(fit),
    ]),
  ];
}

function correlations(data: WeightsData): string {
  const pairs = strongPairs(data);
  const [first] = pairs;
  const count = data.correlations.flatMap((row, i) => row.slice(0, i)).filter((r) => r !== null).length;
  const strong = data.layers.filter(
    ({ autocorrelation }) => autocorrelation !== null && Math.abs(autocorrelation.value) >= STRONG,
  );
  return [
    `${counted(pairs.length, 'pair')} of layers of ${count} strongly correlated (${STRONG} or more, over the first weights of both)${first ? `: ${first[0]} and ${first[1]} most, ${first[2].toFixed(2)}` : ''}`,
    `${counted(strong.length, 'layer')} of ${data.layers.length} strongly correlated with itself`,
  ].join('\n');
}
