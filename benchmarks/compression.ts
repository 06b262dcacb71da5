/**
 * Ways to store and compute a network's numbers, side by side in one run on ResNet-20: bytes, answers and time. Needs `../shared`.
 *
 *     node dist/benchmarks/compression.js [--images 4000] [--calibration 256] [--repeats 5] [--threads 1] [--keep 1] [--rivals DIR]
 *
 * `--rivals`: a folder of .onnx files that another tool made of the same network, as `rivals/onnxruntime_quantizer.py` does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  applyFullPlan,
  type FullPlan,
  packedSizeOf,
  readCifar10,
  readSidecar,
} from '../problems/compression/index.js';
import { comparedAnswers } from '../problems/compression/inference/compared-answers.js';
import { openInference } from '../problems/compression/inference/evaluator.js';
import { readModel } from '../problems/compression/onnx/read.js';
import { writeModel } from '../problems/compression/onnx/write.js';
import { calibrationMethods } from '../problems/compression/quantization/activation-range.js';
import { quantize } from '../problems/compression/quantization/catalogue.js';
import type { Quantization } from '../problems/compression/quantization/quantization.js';
import { quantizeWeightsAlone } from '../problems/compression/quantization/weight-int8.js';
import { markdown, option, publish, repository, spreadOf, wordsGiven } from './report.js';

const images = option('images', 4000);
const samples = option('calibration', 256);
const repeats = option('repeats', 5);
const threads = option('threads', 1);

const shared = `${repository}../shared/`;
const path = `${shared}models/resnet20-cifar10.onnx`;
const { mean, std } = await readSidecar(path);
const read = (file: string, limit: number) =>
  readCifar10([`${shared}data/cifar10/${file}`], { mean, std, limit });
const dataset = await read('test_batch.bin', images);
const calibration = await read('data_batch_1.bin', samples);
const baseline = new Uint8Array(readFileSync(path));
const layers = readModel(baseline, path).graph.nodes.filter(({ opType }) => /^(Conv|Gemm)$/.test(opType));
const ends = [layers[0], layers[layers.length - 1]].map(({ name, outputs }) => name || outputs[0]);

const quantized = async (quantization: Quantization) =>
  writeModel((await quantize(readModel(baseline, path), quantization, { calibration, threads })).model);
const dequantized = quantizeWeightsAlone(readModel(baseline, path), { perChannel: true, form: 'dequantize' });
const candidates: (readonly [string, Uint8Array])[] = [
  ['uncompressed', baseline],
  ['dynamic int8', await quantized({ kind: 'dynamic-int8' })],
];
for (const perChannel of [false, true])
  for (const method of calibrationMethods) {
    const name = `static int8, ${perChannel ? 'per channel' : 'per tensor'}, ${method}`;
    candidates.push([name, await quantized({ kind: 'static-int8', perChannel, calibration: method })]);
  }
const first: Quantization = { kind: 'static-int8', exclude: ends, float16: true };
candidates.push(
  ['static int8 per channel, first and last layer in float16', await quantized(first)],
  ['weights in int8, per tensor', await quantized({ kind: 'weight-int8', perChannel: false })],
  ['weights in int8, per channel', await quantized({ kind: 'weight-int8' })],
  ['the same by DequantizeLinear', writeModel(dequantized.model)],
  ['weights in float16', await quantized({ kind: 'float16' })],
);
const recovery = await read('data_batch_1.bin', 512); // as many as the command line takes
const quantization = { kind: 'static-int8' } as const;
const planned = async (name: string, plan: FullPlan) => {
  const { model } = await applyFullPlan(
    readModel(baseline, path),
    { ...plan, recovery: 'least-squares', quantization },
    { calibration: recovery, threads },
  );
  candidates.push([`${name}, recovered, static int8`, writeModel(model)]);
};
const blocks = ['layer1.0.conv1.weight', 'layer1.1.conv1.weight'];
await planned('without layer1.0', { blocks: blocks.slice(0, 1) });
await planned('without layer1.0 and layer1.1', { blocks });
for (const keep of [0.95, 0.9])
  await planned(`${100 * keep} % of the filters, in sixteens`, {
    channels: { keep, scope: 'global', criterion: 'least-squares', multipleOf: 16 },
  });
const [rivals] = wordsGiven('rivals');
if (rivals !== undefined)
  for (const file of readdirSync(rivals).filter((file) => file.endsWith('.onnx')))
    candidates.push([
      `ONNX Runtime's quantizer, ${basename(file, '.onnx')}`,
      new Uint8Array(readFileSync(join(rivals, file))),
    ]);

const inference = await openInference({ baseline, dataset, threads, batchSize: 32 });
const answers = await inference.baselinePredictions();
const percent = (value: number) => (100 * value).toFixed(2);
const rows: string[][] = [];
for (const [name, file] of candidates) {
  const { predictions, accuracy } = await inference.evaluate(file);
  const { difference, agreement } = comparedAnswers(dataset.labels, answers, predictions);
  const times = { batch: [] as number[], single: [] as number[], low: [] as number[] };
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { timing, singleTiming } = await inference.evaluate(file, { time: 'only', single: true });
    times.batch.push(timing!.ratio);
    times.single.push(singleTiming!.ratio);
    times.low.push(singleTiming!.low);
  }
  const spread = (values: readonly number[]) => {
    const { median, deviation } = spreadOf(values);
    return `${median.toFixed(2)} ± ${deviation.toFixed(2)}`;
  };
  rows.push([
    name,
    String(file.length),
    String(gzipSync(file, { level: 9 }).length),
    String(packedSizeOf(file)),
    percent(accuracy),
    `${percent(difference.value)} [${percent(difference.low)}, ${percent(difference.high)}]`,
    percent(agreement),
    spread(times.single),
    spread(times.low),
    spread(times.batch),
  ]);
  console.error(rows[rows.length - 1].join(' | '));
}
await inference.close();

publish(
  'compression',
  'Ways to store and compute ResNet-20',
  [
    `First ${images} test images, ${samples} others to calibrate with, 512 to recover with; ONNX Runtime ${inference.runtime.onnxruntime}, provider ${inference.runtime.provider}, ${threads} thread(s). Accuracies in percent; the difference to the uncompressed network on the same images with its 95 % score interval for pairs. Times are ratios to the uncompressed network, which runs in turns with each: medians of ${repeats} measurements and their standard deviation; each is the median ratio of 45 pairs of one image, or 15 pairs of 32. "Low" is the ratio of the tenth percentiles.`,
    markdown(
      [
        'form',
        'bytes',
        'gzip -9',
        'container, 64 levels',
        'accuracy',
        'difference',
        'agreement',
        'time, one image',
        'low',
        'time, 32 images',
      ],
      rows,
    ),
    rivals === undefined
      ? "ONNX Runtime's own quantizer is a Python package; with `--rivals` its files are measured beside these."
      : "ONNX Runtime's own quantizer: static int8 (QDQ), calibrated on the same images (`rivals/onnxruntime_quantizer.py`).",
  ],
  option('keep', 1) === 1,
);
