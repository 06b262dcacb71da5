/**
 * The rate-distortion study of a network: every quantizer of the catalogue, 2^2 to 2^12 levels, ranges of the model, of tensors
 * and of channels; the accuracy by real inference. On ResNet-20 or VGG16 of `../shared`, or the stand-in:
 *
 *     node dist/benchmarks/rate-distortion.js [--network resnet20] [--limit 4000] [--max-loss 0.8] [--threads 1] [--runs DIR]
 *
 * What is measured is kept in `--runs` (default `runs/rate-distortion-NETWORK` beside the benchmarks): the same command goes on.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { openRateDistortion, quantizerCells } from '../problems/compression/index.js';
import { bestWithin } from '../src/index.js';
import { POINT_COLUMNS, pointWords, shareWords } from '../src/report/rate-distortion-data.js';
import { rateDistortionCharts } from '../src/report/statistics-charts.js';
import { rateDistortionStudy } from '../src/study/rate-distortion.js';
import { listOption, markdown, option, publish, repository } from './report.js';

const COLUMNS = [4, 8, 16, 32, 64, 128, 256];
const [network] = listOption('network', ['resnet20']);
const own = network === 'stand-in';
const maxLoss = option('max-loss', 0.8);
const [folder] = listOption('runs', [`${repository}runs/rate-distortion-${network}`]);
mkdirSync(folder, { recursive: true });

const opened = await openRateDistortion({
  model: own ? 'stand-in' : `${repository}../shared/models/${network}-cifar10.onnx`,
  data: own ? 'stand-in' : `cifar10:${repository}../shared/data/cifar10/test_batch.bin`,
  limit: option('limit', 4000),
  threads: option('threads', 1),
});
const data = await rateDistortionStudy(opened, quantizerCells(), {
  model: network,
  maxLoss,
  path: `${folder}/points.jsonl`,
  versions: {},
  onPoint: (done, all) => console.error(`${done}/${all}`),
});
await opened.close();
writeFileSync(`${folder}/rate-distortion.json`, JSON.stringify(data));

const { baseline, images, weights, points, quantizers } = data;
const percent = (count: number) => shareWords(data, count);
const best = bestWithin(data);
const scope = best[0]?.scope ?? 'tensor';
const charts = await rateDistortionCharts(data);
const svg = `rate-distortion-${network}.svg`;
publish(`rate-distortion-${network}`, `Rate and distortion on ${network}`, [
  `${weights} weights, first ${images} test images; uncompressed: top-1 ${percent(baseline.correct)}, top-5 ${percent(baseline.withinFive)}. Bits a weight: order-0 entropy of the levels, each tensor by itself, and 32 bits for every range kept. No retraining, no error feedback; biases as they are. Ratio: 32 / bits, of the weights alone.`,
  `The fewest bits within ${maxLoss} points of top-1, by quantizer and scope of its range. Chosen on the images that measure it.`,
  markdown(
    POINT_COLUMNS,
    best.map((point) => pointWords(data, point)),
  ),
  `Bits and top-1 by levels, the range of each ${scope}.`,
  markdown(
    ['quantizer', ...COLUMNS.map(String)],
    quantizers
      .filter((quantizer) => !quantizer.startsWith('float '))
      .map((quantizer) => [quantizer, ...COLUMNS.map((levels) => cellOf(quantizer, levels))]),
  ),
  `![Curves](${svg})`,
]);
writeFileSync(`${repository}benchmarks/results/${svg}`, charts[`rate-distortion-${scope}-top1.svg`]);

function cellOf(quantizer: string, levels: number): string {
  const found = points.find(
    (point) => point.quantizer === quantizer && point.levels === levels && point.scope === scope,
  );
  return found ? `${found.bits.toFixed(2)}, ${percent(found.correct)}` : '';
}
