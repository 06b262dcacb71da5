/**
 * What a run costs beside inference: the share of an evaluation spent outside the runtime's `run`, and the CPU time of a
 * surrogate round. Needs `../shared` for the evaluation.
 *
 *     node dist/benchmarks/costs.js [--limit 1000]
 */
import { existsSync } from 'node:fs';
import {
  applyPlan,
  decodeVector,
  loadDataset,
  loadModel,
  openInference,
  prepare,
  readSidecar,
} from '../problems/compression/index.js';
import { compress7 } from '../problems/index.js';
import { optimize } from '../src/index.js';
import { markdown, option, publish, repository, spreadOf } from './report.js';

const limit = option('limit', 1000);
const model = `${repository}../shared/models/resnet20-cifar10.onnx`;
publish('costs', 'Costs beside inference', [
  ...(existsSync(model) ? await evaluationCosts() : ['Evaluation: skipped, ../shared is absent.']),
  ...(await roundCosts()),
]);

async function evaluationCosts(): Promise<string[]> {
  const prepared = prepare(loadModel(model));
  const data = `cifar10:${repository}../shared/data/cifar10/test_batch.bin`;
  const dataset = await loadDataset(data, { limit, ...(await readSidecar(model)) });
  const inference = await openInference({ baseline: prepared.bytes, dataset });
  const vectors = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((u) => [0, 1].map((x7) => [2, 2, u, 1 - u, 2, 2, x7]));
  const shares: { apply: number; create: number; run: number; outside: number }[] = [];
  for (const x of vectors) {
    const started = performance.now();
    const { bytes } = applyPlan(prepared, decodeVector(x, prepared.layers, 1));
    const apply = performance.now() - started;
    const { milliseconds } = await inference.evaluate(bytes, { time: true });
    const total = performance.now() - started;
    shares.push({
      apply,
      create: milliseconds.create,
      run: milliseconds.run,
      outside: (total - milliseconds.run) / total,
    });
  }
  await inference.close();
  const row = (name: string, values: readonly number[], digits: number) => {
    const { lower, median, upper } = spreadOf(values);
    return [name, ...[lower, median, upper].map((value) => value.toFixed(digits))];
  };
  return [
    `Evaluation of ResNet-20 on ${limit} images, ${vectors.length} design vectors, accuracy and time measured, wall time:`,
    markdown(
      ['', 'lower quartile', 'median', 'upper quartile'],
      [
        row(
          'decode and apply, ms',
          shares.map(({ apply }) => apply),
          2,
        ),
        row(
          'create the session, ms',
          shares.map(({ create }) => create),
          2,
        ),
        row(
          'inside run, ms',
          shares.map(({ run }) => run),
          1,
        ),
        row(
          'share outside run, %',
          shares.map(({ outside }) => 100 * outside),
          2,
        ),
      ],
    ),
  ];
}

/** CPU seconds between evaluations: what a round of fitting, selecting, solving and picking takes. */
async function roundCosts(): Promise<string[]> {
  const rows: string[][] = [];
  for (const surrogate of ['mape', 'spearman'] as const) {
    const rounds: number[] = [];
    let last = process.cpuUsage();
    await optimize(compress7(), {
      surrogate,
      budget: 100,
      initial: 50,
      onProgress: () => {
        const { user, system } = process.cpuUsage(last);
        rounds.push((user + system) / 1e6);
        last = process.cpuUsage();
      },
    });
    // The first infill point of each round is the one that waited for it.
    const { lower, median, upper } = spreadOf(rounds.slice(50).filter((_, i) => i % 2 === 0));
    rows.push([surrogate, lower.toFixed(2), median.toFixed(2), upper.toFixed(2)]);
  }
  return [
    'Surrogate round at 50 to 100 samples, 7 variables, 2 objectives, 1 constraint, the whole pool, C-TAEA 50 x 1000, CPU seconds:',
    markdown(['metric', 'lower quartile', 'median', 'upper quartile'], rows),
  ];
}
