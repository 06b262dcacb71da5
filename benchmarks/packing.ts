/**
 * `fronteira pack` on a network of `../shared`: the whole file at a bounded loss on the images it was fitted to, and the loss on images that it has
 * not seen: fitted to all test images, training images; fitted to one half of the test images, the other half.
 *
 *     node dist/benchmarks/packing.js [--network resnet20] [--limit 4000] [--max-loss 0.8] [--threads 1] [--method mixing,table]
 */

import { MOST_CALIBRATION } from '../problems/compression/data/calibration.js';
import type { Dataset } from '../problems/compression/data/dataset.js';
import { loadBeside } from '../problems/compression/data/load-beside.js';
import { loadModel, openInference, packModel, unpack } from '../problems/compression/index.js';
import { prepare } from '../problems/compression/plan.js';
import { listOption, markdown, option, publish, repository } from './report.js';

const [network] = listOption('network', ['resnet20']);
const maxLoss = option('max-loss', 0.8);
const threads = option('threads', 1);
const model = `${repository}../shared/models/${network}-cifar10.onnx`;
const images = (name: string, limit?: number) =>
  loadBeside(model, `cifar10:${repository}../shared/data/cifar10/${name}.bin`, { limit });
const test = await images('test_batch', option('limit', 4000));
const training = await images('data_batch_1');
const calibration = part(training, 0, MOST_CALIBRATION);
const middle = Math.floor(test.count / 2);
const first = part(test, 0, middle);
const last = part(test, middle, test.count);
const FITS = [
  { on: 'all test images', dataset: test, unseen: part(training, 4000, training.count), others: 'training' },
  { on: 'the first half', dataset: first, unseen: last, others: 'test' },
  { on: 'the second half', dataset: last, unseen: first, others: 'test' },
];
const original = prepare(loadModel(model)).bytes;

const rows: string[][] = [];
for (const method of listOption('method', ['mixing', 'table']) as ('mixing' | 'table')[])
  for (const { on, dataset, unseen, others } of FITS) {
    const start = cpu();
    const packed = await packModel({
      model,
      dataset,
      calibration,
      maxLoss,
      threads,
      method,
      onProgress: console.error,
    });
    const packing = cpu() - start;
    const unpacking = cpu();
    const file = unpack(packed.bytes);
    const seconds = cpu() - unpacking;
    rows.push([
      method,
      `${on}, ${dataset.count}`,
      String(packed.bytes.length),
      (original.length / packed.bytes.length).toFixed(2),
      packed.bitsPerWeight.toFixed(3),
      (100 * (packed.baselineAccuracy - packed.accuracy)).toFixed(2),
      `${(await lossOn(unseen, file)).toFixed(2)} (${unseen.count} ${others} images)`,
      packing.toFixed(0),
      (original.length / seconds / 1e6).toFixed(1),
    ]);
    console.error(rows[rows.length - 1].join('  '));
  }

publish(`packing-${network}`, `Packing ${network}`, [
  `At most ${maxLoss} points lost on the images fitted to, calibrated on ${calibration.count} training images; then the loss on images not seen, of which the network knows the training images better. ${original.length} bytes as .onnx; the whole container is counted. CPU seconds on ${threads} thread; unpacking once, not warmed up.`,
  markdown(
    [
      'method',
      'fitted to',
      'bytes',
      'times smaller',
      'bits a number',
      'points lost',
      'on unseen images',
      'pack s',
      'unpack MB/s',
    ],
    rows,
  ),
]);

/** Points of accuracy. */
async function lossOn(data: Dataset, file: Uint8Array): Promise<number> {
  const inference = await openInference({ baseline: original, dataset: data, threads });
  const before = await inference.evaluate(original);
  const after = await inference.evaluate(file);
  await inference.close();
  return (100 * (before.correct - after.correct)) / data.count;
}

function part(data: Dataset, from: number, to: number): Dataset {
  return {
    ...data,
    count: to - from,
    labels: data.labels.subarray(from, to),
    read: (first, count, out) => data.read(from + first, count, out),
  };
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
